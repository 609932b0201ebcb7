"""The city's clock as the store keeps it: an anchor and a speed, one row for every process."""

import time
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, insert, select, update

from dashboard.domain.clock import CityClock
from data_access.changes import Writer
from data_access.store import Store
from data_access.tables import clock

REREAD_S = 1.0


class ClockWouldRunBack(Exception):
    """The clock was asked to show an earlier moment than it has already shown."""


def read_clock(conn: Connection) -> CityClock:
    """The clock as stored; a store without one shows the real time."""
    row = conn.execute(
        select(clock.c.anchor_city, clock.c.anchor_real, clock.c.speed)
    ).one_or_none()
    if row is None:
        now = datetime.now(UTC)
        return CityClock(anchor_city=now, anchor_real=now, speed=1.0)
    return CityClock(anchor_city=row[0], anchor_real=row[1], speed=row[2])


def last_city(conn: Connection) -> datetime | None:
    """The latest moment that the clock is known to have shown; None in a fresh store."""
    return conn.execute(select(clock.c.last_city)).scalar()


def set_clock(writer: Writer, *, anchor_city: datetime, speed: float) -> None:
    """Let the clock show ``anchor_city`` now and run at ``speed`` city seconds a second.

    Raises ClockWouldRunBack when it has already shown a later moment.
    """
    shown = last_city(writer.conn)
    if shown is not None and anchor_city < shown:
        raise ClockWouldRunBack(
            f"the city's clock has already shown {shown.isoformat()}; "
            f"it does not go back to {anchor_city.isoformat()}: use a fresh data folder"
        )
    writer.conn.execute(delete(clock))
    writer.conn.execute(
        insert(clock).values(
            id=1,
            anchor_city=anchor_city,
            anchor_real=datetime.now(UTC),
            speed=speed,
            last_city=anchor_city,
        )
    )


def keep_clock(writer: Writer) -> None:
    """Write down the moment that the clock shows, so that a restart goes on from it."""
    now = read_clock(writer.conn).at(datetime.now(UTC))
    writer.conn.execute(update(clock).where(clock.c.last_city < now).values(last_city=now))


class StoreClock:
    """The city's now for a process; the stored anchor is read again at most once a second."""

    def __init__(self, store: Store) -> None:
        """Read nothing before the first question."""
        self._store = store
        self._clock: CityClock | None = None
        self._read_at = 0.0

    def current(self) -> CityClock:
        """The clock, at most a second old; the last known one while the store is away."""
        if self._clock is None or time.monotonic() - self._read_at > REREAD_S:
            try:
                with self._store.read() as conn:
                    self._clock = read_clock(conn)
            except Exception:
                if self._clock is None:
                    raise
            self._read_at = time.monotonic()
        return self._clock

    def now(self) -> datetime:
        """The city's now, aware UTC."""
        return self.current().at(datetime.now(UTC))
