"""One batch on its way into the store: its job, its transaction, what became of each record."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Table, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from dashboard.domain.records import Limits, Record, Reject
from data_access.changes import Writer
from data_access.geography import Locator, locator
from data_access.queries import drills
from data_access.store import Store
from data_access.tables import city, jurisdiction, unit


class DrillOver(Exception):
    """The drill whose records these are is over; nothing of them was taken."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How records are taken.

    ``unknown``: a code that no list knows is rejected, or learned and marked unverified. ``drill``
    marks every row; ``operation`` is the drill that brings them, and ``area`` its path, where what
    names no place lies. ``bounds`` and ``known`` go to validation as they are (see ``Limits``).
    """

    limits: Limits = field(default_factory=Limits)
    drill: bool = False
    operation: str | None = None
    area: str | None = None

    @property
    def learn(self) -> bool:
        """Say whether unknown codes are learned; a drill teaches the city's lists nothing."""
        return self.limits.unknown == "learn" and not self.drill


@dataclass(frozen=True, slots=True)
class Job:
    """What all batches of one call share.

    ``now`` is the city's. ``told``: for each record its index and moment in what it came from,
    for its reject, where that is not the call itself.
    """

    store: Store
    kind: str
    feed: str
    now: datetime
    policy: Policy
    known_at: Callable[[Record], datetime] | None
    told: Sequence[tuple[int, datetime]] | None = None

    def origin(self, place: int) -> tuple[int, datetime]:
        """Say which record of its source the call's ``place``-th is, and when it was told."""
        return (place, self.now) if self.told is None else self.told[place]

    def known(self, record: Record) -> datetime:
        """Say when, by the city's clock, the record became known."""
        return self.now if self.known_at is None else self.known_at(record)


@dataclass(slots=True)
class Outcome:
    """Which records (by index) were accepted, were unchanged, and why others were rejected."""

    accepted: list[int] = field(default_factory=list)
    unchanged: list[int] = field(default_factory=list)
    rejected: list[Reject] = field(default_factory=list)


class Batch:
    """A job's batch inside its transaction."""

    def __init__(self, job: Job, writer: Writer) -> None:
        """Begin with nothing decided."""
        self.job = job
        self.writer = writer
        self.conn = writer.conn
        self.outcome = Outcome()
        self._paths: dict[str, str] = {}
        self._units: set[str] = set()

    def check_run(self) -> None:
        """Raise DrillOver where the records are of a drill that is run no more.

        Whoever ends it waits for this transaction, and sees what it wrote.
        """
        operation = self.job.policy.operation
        if operation is not None and not drills.is_run(self.conn, operation):
            raise DrillOver(operation)

    def is_other(self, index: int, name: str, *, drill: bool) -> bool:
        """Reject a record whose id stands for something of a drill, or real where this is one."""
        if drill == self.job.policy.drill:
            return False
        reason = "此编号属于演练" if drill else "演练不得改动真实对象"
        self.reject(index, name, "id", reason)
        return True

    def reject(self, index: int, record_id: str | None, where: str, reason: str) -> None:
        """Turn a record away."""
        self.outcome.rejected.append(Reject(index, record_id, where, reason))

    @cached_property
    def city_path(self) -> str:
        """The scope of what has no jurisdiction; a store without a city calls it ``city``."""
        if self.job.policy.area is not None:
            return self.job.policy.area
        return self.conn.execute(select(city.c.id).limit(1)).scalar() or "city"

    @cached_property
    def locator(self) -> Locator:
        """Says in which jurisdiction a position lies."""
        return locator(self.job.store, self.conn)

    def know_jurisdictions(self, ids: Collection[str | None]) -> None:
        """Look up the paths of the jurisdictions that the batch names; learn where allowed."""
        wanted = {name for name in ids if name and name not in self._paths}
        if not wanted:
            return
        query = select(jurisdiction.c.id, jurisdiction.c.scope).where(
            among(self, jurisdiction.c.id, sorted(wanted))
        )
        self._paths |= {row.id: row.scope for row in self.conn.execute(query)}
        missing = sorted(wanted - self._paths.keys())
        if missing and self.job.policy.learn:
            rows = [
                {
                    "id": name,
                    "parent": self.city_path.rpartition("/")[2],
                    "level": "district",
                    "name": name,
                    "verified": False,
                    "scope": f"{self.city_path}/{name}",
                }
                for name in missing
            ]
            self.conn.execute(insert(jurisdiction), rows)
            self._paths |= {row["id"]: row["scope"] for row in rows}  # type: ignore[misc]

    def know_units(self, ids: Collection[str | None]) -> None:
        """Look up the responsible units that the batch names; learn where allowed."""
        wanted = {name for name in ids if name and name not in self._units}
        if not wanted:
            return
        query = select(unit.c.id).where(among(self, unit.c.id, sorted(wanted)))
        self._units |= set(self.conn.execute(query).scalars())
        missing = sorted(wanted - self._units)
        if missing and self.job.policy.learn:
            self.conn.execute(
                insert(unit),
                [
                    {"id": name, "name": name, "verified": False, "scope": self.city_path}
                    for name in missing
                ],
            )
            self._units |= set(missing)

    def knows_unit(self, name: str | None) -> bool:
        """Say whether a unit is known, after :meth:`know_units`; naming none is fine."""
        return name is None or name in self._units

    def path_of(self, name: str | None) -> str | None:
        """Give the scope path of a jurisdiction, after :meth:`know_jurisdictions`."""
        return self._paths.get(name) if name else None

    def place_of(
        self, name: str | None, lon: float | None, lat: float | None
    ) -> tuple[str | None, str] | None:
        """Give (jurisdiction, scope path) of a row: as named, else where its position lies.

        None: the name is not known. Outside every polygon, and without a position, a row belongs
        to the city.
        """
        if name:
            path = self._paths.get(name)
            return None if path is None else (name, path)
        if lon is not None and lat is not None:
            found = self.locator.find(lon, lat)
            if found is not None:
                return found
        return None, self.city_path


def among(batch: Batch, column: ColumnElement[Any], keys: Sequence[Any]) -> ColumnElement[bool]:
    """Say that ``column`` is one of ``keys``: an array on PostgreSQL, a list on SQLite."""
    if batch.conn.dialect.name == "postgresql":
        return column == func.any(list(keys))
    return column.in_(keys)


def upsert(batch: Batch, table: Table, rows: Sequence[dict[str, Any]], key: Sequence[str]) -> None:
    """Insert rows, or overwrite those that have the same key."""
    if not rows:
        return
    postgres = batch.conn.dialect.name == "postgresql"
    statement: Any = (postgresql.insert if postgres else sqlite.insert)(table)
    changing = {name: statement.excluded[name] for name in rows[0] if name not in key}
    statement = statement.on_conflict_do_update(index_elements=list(key), set_=changing)
    batch.conn.execute(statement, list(rows))
