"""The state of a place as the desk says it: 积水, 封闭, 恢复, 正常."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from dashboard.domain.records import Limits, validate
from data_access.changes import Writer
from data_access.commands.case_acts import Stale
from data_access.place_states import carry, write_down
from data_access.tables import place

DRY = ("normal", "restored")


class Refused(Exception):
    """What was told cannot be taken: which field, and why."""

    def __init__(self, field: str, reason: str) -> None:
        """Keep both."""
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


def say(
    writer: Writer,
    place_id: str,
    *,
    state: Any,
    depth_cm: Any,
    by: str,
    now: datetime,
    note: str | None = None,
    version: int | None = None,
) -> dict[str, Any]:
    """Say a place's state; gives the place as it then stands.

    A depth that is not told is nothing where it is dry again, else what it was. Raises Stale where
    the caller saw another version, Refused for what no feed could tell either.
    """
    query = select(place).where(place.c.id == place_id)
    if writer.conn.dialect.name == "postgresql":
        query = query.with_for_update()
    old = {str(name): value for name, value in writer.conn.execute(query).one()._mapping.items()}
    if version is not None and version != old["version"]:
        raise Stale(old)
    at = max(now, old["at"])
    made = _checked(old, state, depth_cm, at, now)
    depth = made.depth_cm
    if depth is None:
        depth = _depth_untold(old, made.state)
    told = old["told"] or {"state": old["state"], "depth_cm": old["depth_cm"]}
    row = {**old, "state": made.state, "depth_cm": depth, "at": at, "by": by, "told": told}
    carry(row, old)
    row["version"] = old["version"] + 1  # said again is said: the record has it
    names = ("state", "depth_cm", "at", "by", "told", "since", "version")
    writer.conn.execute(
        update(place).where(place.c.id == place_id).values({name: row[name] for name in names})
    )
    write_down(writer, [row], known_at=now, note=note)
    writer.changed(
        "places", place_id, old_scope=old["scope"], new_scope=old["scope"], drill=old["drill"]
    )
    return row


def _depth_untold(old: Mapping[str, Any], state: str) -> float | None:
    if state in DRY:
        return None if old["depth_cm"] is None else 0.0
    depth: float | None = old["depth_cm"]
    return depth if state == "closed" or old["state"] == "ponding" else None


def _checked(old: Mapping[str, Any], state: Any, depth_cm: Any, at: datetime, now: datetime) -> Any:
    """Let what was told pass what a feed's record passes."""
    raw = {
        "id": old["id"],
        "kind": old["kind"],
        "name": old["name"],
        "lon": old["lon"],
        "lat": old["lat"],
        "state": state,
        "depth_cm": depth_cm,
        "at": at,
    }
    good, bad = validate("places", [raw], now=max(now, at), limits=Limits(unknown="learn"))
    if bad:
        raise Refused(bad[0].field, bad[0].reason)
    return good[0][1]
