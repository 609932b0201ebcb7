"""What state a place is in: what a feed tells and what the desk says, and the record of both.

The desk's word stands until a feed tells another state than before: one that only repeats itself,
or that measures the depth anew, does not open again what a person closed.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from data_access.bulk import insert_rows
from data_access.changes import Writer
from data_access.tables import place_record

Row = dict[str, Any]


def settle(row: Row, old: Mapping[str, Any] | None) -> None:
    """Fit a feed's row of a place to the one that stands: state, depth, since when, version."""
    told = {"state": row["state"], "depth_cm": row["depth_cm"]}
    row |= {"told": told, "by": None}
    if old is None:
        row |= {"version": 1, "since": row["at"]}
        return
    before = old["told"]
    if old["by"] is not None and before is not None and told["state"] == before["state"]:
        row |= {"state": old["state"], "by": old["by"]}
        if told["depth_cm"] == before["depth_cm"]:
            row["depth_cm"] = old["depth_cm"]
    carry(row, old)


def carry(row: Row, old: Mapping[str, Any]) -> None:
    """Count the version up where state, depth or whose word it is changed; keep the since."""
    same = row["state"] == old["state"]
    row["since"] = (old["since"] or old["at"]) if same else row["at"]
    changed = not same or row["depth_cm"] != old["depth_cm"] or row["by"] != old["by"]
    row["version"] = old["version"] + 1 if changed else old["version"]


def write_down(
    writer: Writer,
    rows: Sequence[Mapping[str, Any]],
    *,
    known_at: datetime,
    note: str | None = None,
) -> None:
    """Add what places became to their record."""
    insert_rows(
        writer.conn,
        place_record,
        [
            {
                "place_id": row["id"],
                "n": row["version"],
                "state": row["state"],
                "depth_cm": row["depth_cm"],
                "at": row["at"],
                "known_at": known_at,
                "by": row["by"],
                "note": note,
            }
            for row in rows
        ],
    )
