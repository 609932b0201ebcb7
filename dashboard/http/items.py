"""How one thing of a list is written: fields of the contract, times ISO 8601, a version each.

Where a thing has no counted version of its own, the second of its newest moment stands for it: an
older moment never overwrites a newer one, so it only grows.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dashboard.domain.masking import mask, mask_phone

Row = Mapping[str, Any]

_HIDDEN = frozenset({"scope", "event", "operation", "feed", "settings", "streams"})
"""What no list tells; a live picture is asked for by a door that stands in the audit."""
_WRITTEN_BY_PEOPLE = ("description", "address")

NOT_ON_A_WALL = ("description", "address", "photos", "phone")
"""A wall shows no free text, no photos, no names of people."""


def iso(value: Any) -> Any:
    """Write a time as ISO 8601 in UTC; anything else stays."""
    if not isinstance(value, datetime):
        return value
    text = value.isoformat(timespec="microseconds" if value.microsecond else "seconds")
    return text.replace("+00:00", "Z")


def plain(row: Row, *, version_from: str | None = None, wall: bool = False) -> dict[str, Any]:
    """Write a row with its fields as they are; ``version_from``: the moment that counts."""
    item = {name: iso(value) for name, value in row.items() if name not in _HIDDEN}
    if version_from is not None:
        item["version"] = _second(row[version_from])
    if wall:
        for name in NOT_ON_A_WALL:
            item.pop(name, None)
    return item


def case(row: Row, *, wall: bool = False) -> dict[str, Any]:
    """Write a case, numbers of people masked; as once known, its times come as texts."""
    item = plain(row, wall=wall)
    for name in _WRITTEN_BY_PEOPLE:
        if item.get(name):
            item[name] = mask(item[name])
    for name, value in item.items():
        if name.endswith("_at") and isinstance(value, str):
            item[name] = value.replace("+00:00", "Z")
    return item


def station(row: Row, *, wall: bool = False) -> dict[str, Any]:
    """Write a station."""
    return plain(row, version_from="updated_at", wall=wall)


def camera(row: Row, *, wall: bool = False) -> dict[str, Any]:
    """Write a camera."""
    return plain(row, version_from="updated_at", wall=wall)


def responder(row: Row, *, wall: bool = False) -> dict[str, Any]:
    """Write a responder; its telephone is masked."""
    item = plain(row, version_from="at", wall=wall)
    if item.get("phone"):
        item["phone"] = mask_phone(item["phone"])
    return item


def place(row: Row, *, wall: bool = False) -> dict[str, Any]:
    """Write a place; on a wall without whose word its state is."""
    item = plain(row, wall=wall)
    item.pop("told", None)
    if wall:
        item.pop("by", None)
    return item


def warning(row: Row, *, wall: bool = False) -> dict[str, Any]:
    """Write a warning; its ``event`` is what it warns of."""
    item = plain(row, version_from="sent", wall=wall)
    item["event"] = row["event"]
    item["geometry"] = None
    return item


def typhoon(row: Row, *, wall: bool = False) -> dict[str, Any]:
    """Write a typhoon; its points are lists, see the contracts."""
    item = plain(row, wall=wall)
    item.pop("turns_at", None)
    item["geometry"] = None
    return item


def feed(row: Row, *, wall: bool = False) -> dict[str, Any]:
    """Write a feed with its state and counts."""
    item = plain(row, wall=wall)
    item.pop("position", None)
    item["version"] = _second(row["real_at"])
    return item


def screen(row: Row, *, wall: bool = False) -> dict[str, Any]:
    """Write a screen; of what was sent to it, what and when."""
    item = plain(row, wall=wall)
    sent = item.pop("sent") or {}
    item.pop("released")
    return {**item, "sent": sent.get("what"), "sent_at": sent.get("at"), "event": row["event"]}


def reading(row: Row, *, wall: bool = False) -> dict[str, Any]:
    """Write a reading; its id is ``STATION/FACTOR``, its delay in city seconds."""
    item = plain(row, version_from="at", wall=wall)
    item.pop("real_at", None)
    item["id"] = f"{row['station']}/{row['factor']}"
    item["delay_s"] = int((row["known_at"] - row["at"]).total_seconds())
    return item


def reject(row: Row, *, wall: bool = False) -> dict[str, Any]:
    """Write a reject with the record as it came."""
    item = plain(row, wall=wall)
    item["feed"] = row["feed"]
    return item


def audit(row: Row, *, wall: bool = False) -> dict[str, Any]:
    """Write a line of the audit."""
    return {**plain(row, wall=wall), "scope": row["scope"]}


def _second(moment: datetime | None) -> int:
    return 0 if moment is None else int(moment.timestamp())
