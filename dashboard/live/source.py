"""What the hub reads of the store: changes, rows, clock and feeds, all in one snapshot.

Keeps one connection of its own, so that a flush does not pay for opening one.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from dashboard.domain.clock import CityClock
from dashboard.domain.topics import BY_NAME
from dashboard.live import frames
from dashboard.live.recent import LiveBytes
from data_access.changes import Change, follow, latest_seq, oldest_seq
from data_access.clock import last_city, read_clock
from data_access.queries.live import rows
from data_access.store import Store

PAGE = 5_000
SPEAKING = frozenset({"ok", "waiting"})
"""States in which a feed says that it is well."""

_WALL_ALLOWED = BY_NAME["cameras"].columns.index("wall_allowed")


@dataclass(frozen=True, slots=True)
class FeedState:
    """One feed as the store tells it; ``city_at`` and ``real_at``: what and when it last told.

    ``expect_s``: within how many real seconds it should speak again, where somebody said.
    """

    id: str
    name: str
    kind: str
    state: str
    city_at: datetime | None
    real_at: datetime | None
    counts: Mapping[str, int]
    expect_s: int | None = None

    def silent(self, real: datetime) -> bool:
        """Say whether it should have spoken by now; a feed that ended or failed is not silent."""
        if self.expect_s is None or self.real_at is None or self.state not in SPEAKING:
            return False
        return (real - self.real_at).total_seconds() > self.expect_s


class Snapshot:
    """Questions that all see the same state of the store."""

    def __init__(self, conn: Connection) -> None:
        """Ask on a connection whose transaction has begun."""
        self._conn = conn

    def latest(self) -> int:
        """The highest number given."""
        return latest_seq(self._conn)

    def oldest(self) -> int:
        """The lowest number kept."""
        return oldest_seq(self._conn)

    def follow(self, after: int) -> Iterator[list[Change]]:
        """All changes above ``after``, a page at a time."""
        while page := follow(self._conn, after, PAGE):
            yield page
            if len(page) < PAGE:
                return
            after = page[-1].seq

    def rows(self, topic: str, keys: Iterable[str]) -> dict[str, LiveBytes]:
        """The rows of ``keys`` that are in the working set, encoded."""
        cameras, of_members = topic == "cameras", BY_NAME[topic].members
        return {
            found.row[0]: LiveBytes(
                found.scope,
                found.event,
                not cameras or bool(found.row[_WALL_ALLOWED]),
                frames.encode(found.row),
                of_members,
            )
            for found in rows(self._conn, topic, list(keys))
        }

    def clock(self) -> CityClock:
        """The city's clock."""
        return read_clock(self._conn)

    def clock_is_set(self) -> bool:
        """Say whether whoever runs the city has set its clock yet."""
        return last_city(self._conn) is not None

    def feeds(self) -> list[FeedState]:
        """All feeds but those of drills."""
        columns = BY_NAME["feeds"].columns
        states = []
        for found in rows(self._conn, "feeds", None):
            if found.drill:
                continue
            row = dict(zip(columns, found.row, strict=True))
            states.append(
                FeedState(
                    id=row["id"],
                    name=row["name"],
                    kind=row["kind"],
                    state=row["state"],
                    city_at=_time(row["city_at"]),
                    real_at=_time(row["real_at"]),
                    counts={
                        name: row[name] for name in ("read", "accepted", "unchanged", "rejected")
                    },
                    expect_s=row["expect_s"],
                )
            )
        return states


class Source:
    """The store as the hub reads it."""

    def __init__(self, store: Store) -> None:
        """Open nothing yet."""
        self.store = store
        self._conn: Connection | None = None

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """One consistent view; on any error the connection is dropped and made anew next time."""
        if self._conn is None:
            conn = self.store.engine.connect()
            if self.store.dialect != "sqlite":
                conn = conn.execution_options(isolation_level="REPEATABLE READ")
            self._conn = conn
        conn = self._conn
        try:
            if self.store.dialect == "sqlite":
                conn.exec_driver_sql("BEGIN")
            yield Snapshot(conn)
            conn.rollback()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Drop the connection, whatever state it is in."""
        conn, self._conn = self._conn, None
        if conn is not None:
            conn.invalidate()
            conn.close()


def _time(text: Any) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text).astimezone(UTC)
