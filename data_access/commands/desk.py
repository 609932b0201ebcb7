"""A case that the desk enters 值班快录, through the validation and the ingest of any other."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from dashboard.domain.coordinates import BBox
from dashboard.domain.records import Limits, validate
from data_access import outbox
from data_access.changes import Writer
from data_access.commands.case_acts import PLATFORM, keep_caller
from data_access.commands.places import Refused
from data_access.ingest import cases
from data_access.ingest.batch import Batch, Job, Policy
from data_access.matters import is_listed
from data_access.store import Store
from data_access.tables import case, city, desk_number

FEED = "desk"
MARK = "Z"
"""值: stands in the number of a case between its day and its place in the day."""


def number(writer: Writer, day: str) -> str:
    """Give the next number of the day (YYYYMMDD in the city's zone): ``20261123Z0001``."""
    conn = writer.conn
    make = postgresql.insert if conn.dialect.name == "postgresql" else sqlite.insert
    while True:
        n = conn.execute(
            make(desk_number)
            .values(day=day, n=1)
            .on_conflict_do_update(index_elements=["day"], set_={"n": desk_number.c.n + 1})
            .returning(desk_number.c.n)
        ).scalar_one()
        name = f"{day}{MARK}{n:04}"
        if conn.execute(select(case.c.id).where(case.c.id == name)).first() is None:
            return name


def enter(
    store: Store,
    writer: Writer,
    told: Mapping[str, Any],
    *,
    day: str,
    by: str,
    now: datetime,
    event: str | None = None,
    caller: Mapping[str, str | None] | None = None,
) -> dict[str, Any]:
    """Enter a case; gives its row. ``told``: fields of a case record but its id, source and stages.

    ``event``: the operation whose member enters it. Raises Refused for what a feed may not send
    either; nothing is kept then.
    """
    name = number(writer, day)
    stage = told.get("stage") or "accepted"
    steps = ["reported"] + ([] if stage == "reported" else [stage])
    raw = {
        **told,
        "id": name,
        "source": "desk",
        "stage": stage,
        "stage_at": now,
        "reported_at": now,
        "updated_at": now,
        "events": [{"stage": step, "at": now, "by": by} for step in steps],
    }
    job = Job(store, "cases", FEED, now, Policy(limits=_limits(writer, told)), None)
    good, bad = validate("cases", [raw], now=now, limits=job.policy.limits)
    if stage not in ("reported", "accepted"):
        raise Refused("stage", "值班录入只能是 reported 或 accepted。")
    batch = Batch(job, writer)
    if not bad:
        cases.apply(batch, good)  # type: ignore[arg-type]
    for reject in (*bad, *batch.outcome.rejected):
        raise Refused(reject.field, reject.reason)
    if event is not None:
        writer.conn.execute(update(case).where(case.c.id == name).values(event=event))
    row = dict(writer.conn.execute(select(case).where(case.c.id == name)).one()._mapping)
    who = dict(caller or {})
    keep_caller(writer, name, name=who.get("name"), phone=who.get("phone"), by=by, at=now)
    payload = {"act": "case", "case": _plain(row), "caller": who or None, "by": by}
    outbox.put(
        writer,
        "case",
        PLATFORM,
        payload,
        subject=f"cases/{name}",
        now=now,
        **{key: row[key] for key in ("scope", "event", "drill")},
    )
    return row


_SENT = (
    *("id", "kind", "subcategory", "source", "description", "address", "lon", "lat"),
    *("jurisdiction", "stage", "urgency", "reported_at"),
)


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: row[name].isoformat() if isinstance(row[name], datetime) else row[name]
        for name in _SENT
    }


def _limits(writer: Writer, told: Mapping[str, Any]) -> Limits:
    """Judge a category by the city's list, whatever its codes, and a position by its bounds."""
    kind, code = str(told.get("kind")), str(told.get("subcategory"))
    listed = {"subcategory": {f"{kind}/{code}"} if is_listed(writer.conn, kind, code) else set()}
    settings = writer.conn.execute(select(city.c.settings).limit(1)).scalar() or {}
    bounds = settings.get("bounds")
    if not isinstance(bounds, list) or len(bounds) != 4:
        return Limits(known=listed)
    return Limits(known=listed, bounds=BBox(*(float(value) for value in bounds)))
