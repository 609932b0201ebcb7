"""What every act in an event's room has in common: its operation, locked; its record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, insert, select, text

from dashboard.domain.operations import Kind, State
from data_access.changes import Writer
from data_access.tables import event_act, operation

TOPICS = ("event_things", "event_versions", "event_posts", "event_reports", "event_hazards")


class Closed(Exception):
    """The operation guards no event, or is no longer in force."""


class Stale(Exception):
    """A thing is not what the caller saw; ``state``: as it now stands."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        """Carry the present state."""
        super().__init__("the state has changed")
        self.state = dict(state)


class Refused(Exception):
    """An act that cannot be; ``field`` names what to mend."""

    def __init__(self, field: str, reason: str) -> None:
        """Say which field is at fault, and why."""
        super().__init__(reason)
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """Who acts, and when by the city's clock. ``name``: for the screen."""

    who: str
    name: str
    now: datetime


class Room:
    """One event in force, locked until the transaction ends: who acts second acts after."""

    def __init__(self, writer: Writer, operation_id: str) -> None:
        """Lock it. Raises KeyError for none, Closed for one that is over or guards no event."""
        if writer.conn.dialect.name == "postgresql":
            statement = text("SELECT pg_advisory_xact_lock(hashtext(:k))")
            writer.conn.execute(statement, {"k": f"event:{operation_id}"})
        query = select(operation).where(operation.c.id == operation_id)
        found = writer.conn.execute(query).mappings().first()
        if found is None:
            raise KeyError(operation_id)
        self.operation: dict[str, Any] = {str(name): value for name, value in found.items()}
        if self.operation["kind"] != Kind.EVENT or self.operation["state"] != State.IN_FORCE:
            raise Closed
        self.writer = writer
        self.conn = writer.conn
        self.id = operation_id

    @property
    def marks(self) -> dict[str, Any]:
        """What a row of this event carries for those who may see it."""
        row = self.operation
        return {"live": True, "scope": row["scope"], "event": self.id, "drill": bool(row["drill"])}

    def changed(self, topic: str, key: str) -> None:
        """Note that a row of the event changed."""
        tell(self.writer, topic, key, self.operation)

    def record(self, act: str, subject: str, by: By, detail: Mapping[str, Any]) -> None:
        """Write a line of the event's record."""
        last = select(func.max(event_act.c.n)).where(event_act.c.operation == self.id)
        self.conn.execute(
            insert(event_act).values(
                operation=self.id,
                n=(self.conn.execute(last).scalar() or 0) + 1,
                act=act,
                subject=subject,
                at=by.now,
                real_at=datetime.now(UTC),
                by=by.name,
                detail=dict(detail),
            )
        )


def tell(writer: Writer, topic: str, key: str, operation_row: Mapping[str, Any]) -> None:
    """Note that a row of an event changed, for whoever sees the event and for its members."""
    scope = operation_row["scope"]
    for name in (topic, "event_confirmed") if topic == "event_versions" else (topic,):
        writer.changed(
            name,
            key,
            old_scope=scope,
            new_scope=scope,
            event=operation_row["id"],
            drill=bool(operation_row["drill"]),
        )
