"""Cases: lists, one case with its whole record, and both as they were known at a moment."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, and_, func, select, true

from data_access.queries import visible
from data_access.tables import case, case_event, case_version

# Case state columns a reader never asks for.
_OWN_BUSINESS = ("feed", "category_version", "desk_marks")


class CaseFile(NamedTuple):
    """A case with its record: ``events`` in their order, ``versions`` from the first.

    ``whole``: its row with what no reader asks for.
    """

    case: visible.Row
    events: list[visible.Row]
    versions: list[visible.Row]
    whole: visible.Row


def page(
    conn: Connection,
    *,
    ask: visible.Ask,
    as_of: datetime | None = None,
    live: bool | None = None,
    stage: str | None = None,
) -> list[visible.Row]:
    """A page of cases by id; with ``as_of`` each as it was last known then (``live`` is ignored).

    Who sees a case is decided by where it belongs now.
    """
    if as_of is not None:
        return _known(conn, _as_known(ask, as_of, stage))
    query = visible.of_table(case, ask)
    if live is not None:
        query = query.where(case.c.live == true() if live else case.c.live != true())
    if stage is not None:
        query = query.where(case.c.stage == stage)
    return [_public(row) for row in visible.rows(conn, query)]


def find(
    conn: Connection, *, case_id: str, sight: visible.Sight, as_of: datetime | None = None
) -> CaseFile | None:
    """The case with its whole record, or None where there is none that the reader may see."""
    query = select(case).where(
        case.c.id == case_id, visible.seen(case.c.scope, case.c.event, sight.whole)
    )
    now = next(iter(visible.rows(conn, query)), None)
    if now is None:
        return None
    events = select(
        case_event.c.n,
        case_event.c.kind,
        case_event.c.code,
        case_event.c.at,
        case_event.c.known_at,
        case_event.c.by,
        case_event.c.note,
        case_event.c.until,
        case_event.c.detail,
    ).where(case_event.c.case_id == case_id)
    versions = select(case_version.c.version, case_version.c.known_at, case_version.c.state).where(
        case_version.c.case_id == case_id
    )
    if as_of is not None:
        events = events.where(case_event.c.known_at <= as_of)
        versions = versions.where(case_version.c.known_at <= as_of)
    told = visible.rows(conn, versions.order_by(case_version.c.version))
    if as_of is not None and not told:
        return None
    return CaseFile(
        _public(now) if as_of is None else {**told[-1]["state"], "known_at": told[0]["known_at"]},
        visible.rows(conn, events.order_by(case_event.c.at, case_event.c.n)),
        told,
        now,
    )


def _as_known(ask: visible.Ask, as_of: datetime, stage: str | None) -> Select[Any]:
    """Select the newest version of each case that was known by ``as_of``."""
    older = case_version.alias("older")
    newest = (
        select(func.max(older.c.version))
        .where(older.c.case_id == case.c.id, older.c.known_at <= as_of)
        .scalar_subquery()
    )
    query = (
        select(case.c.known_at, case_version.c.state)
        .select_from(case)
        .join(
            case_version,
            and_(case_version.c.case_id == case.c.id, case_version.c.version == newest),
        )
        .where(case.c.known_at <= as_of, visible.seen(case.c.scope, case.c.event, ask.sight))
    )
    if ask.after is not None:
        query = query.where(case.c.id > ask.after[0])
    if stage is not None:
        query = query.where(case_version.c.state["stage"].as_string() == stage)
    box = visible.inside(
        case_version.c.state["lon"].as_float(), case_version.c.state["lat"].as_float(), ask.bbox
    )
    if box is not None:
        query = query.where(box)
    return query.order_by(case.c.id).limit(ask.limit)


def _known(conn: Connection, query: Select[Any]) -> list[visible.Row]:
    return [{**row["state"], "known_at": row["known_at"]} for row in visible.rows(conn, query)]


def _public(row: visible.Row) -> visible.Row:
    return {name: value for name, value in row.items() if name not in _OWN_BUSINESS}
