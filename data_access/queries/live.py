"""The working sets behind the live topics, as rows in the order of their columns.

The hub asks for the keys that changed, a snapshot for the whole set; both get the same rows, and
both ask inside one ``Store.read()`` together with the sequence number.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)

from dashboard.domain.masking import mask
from dashboard.domain.topics import BY_NAME
from data_access.queries.drills import alert_stands, feed_stands, stands
from data_access.tables import (
    alert,
    call,
    camera,
    case,
    case_event,
    event_hazard,
    event_post,
    event_report,
    event_thing,
    event_version,
    feed,
    figure,
    mode,
    operation,
    outbox,
    place,
    promise,
    proposal,
    reading_latest,
    responder,
    screen,
    screen_seen,
    station,
    task,
    typhoon,
    warning,
)


class LiveRow(NamedTuple):
    """One row of a topic and what decides who may see it.

    ``scope``: path of its jurisdiction; ``event``: the operation whose members may see it;
    ``row``: values in the order of the topic's columns, ready for JSON.
    """

    scope: str
    event: str | None
    drill: bool
    row: list[Any]


@dataclass(frozen=True, kw_only=True)
class _Source:
    select: Select[Any]
    member: ColumnElement[bool]
    scope: ColumnElement[str]
    event: ColumnElement[Any]
    by_keys: Callable[[Connection, Sequence[str]], ColumnElement[bool]]
    row: Callable[[Sequence[Any]], list[Any]]


def rows(
    conn: Connection,
    topic: str,
    keys: Sequence[str] | None,
    *,
    scopes: Sequence[str] | None = None,
    events: Sequence[str] = (),
) -> list[LiveRow]:
    """Rows of ``topic`` that are in its working set: those of ``keys``, or all with None.

    ``scopes`` (paths) narrows to what a reader of those scopes and a member of ``events`` may see;
    None means no narrowing. A key without a row is not in the working set (any more). Raises
    KeyError for an unknown topic.
    """
    source = _SOURCES[topic]
    query = source.select.where(source.member)
    if keys is not None:
        if not keys:
            return []
        query = query.where(source.by_keys(conn, keys))
    if scopes is not None:
        inside = within(source.scope, scopes)
        query = query.where(or_(inside, source.event.in_(list(events))) if events else inside)
    make = source.row
    return [
        LiveRow(found[0], found[1], bool(found[2]), make(found)) for found in conn.execute(query)
    ]


def within(column: ColumnElement[str], scopes: Sequence[str]) -> ColumnElement[bool]:
    """That ``column``, a path, lies within one of ``scopes``; no scope sees nothing."""
    tests = [
        test
        for scope in scopes
        for test in (
            column == scope,
            # Neither a range (a database's collation may skip the "/") nor LIKE (which SQLite
            # compares without case): the prefix itself.
            func.substr(column, 1, len(scope) + 1) == scope + "/",
        )
    ]
    return or_(*tests) if tests else literal(False)


def iso(value: datetime | None) -> str | None:
    """A time as rows carry it: ISO 8601, UTC, whole seconds, ``Z``."""
    return None if value is None else value.strftime("%Y-%m-%dT%H:%M:%SZ")


def _plain(found: Sequence[Any]) -> list[Any]:
    return [iso(value) if isinstance(value, datetime) else value for value in found[3:]]


def _masking(topic: str, *names: str) -> Callable[[Sequence[Any]], list[Any]]:
    """Hide numbers of people in what persons wrote."""
    places = [BY_NAME[topic].columns.index(name) for name in names]

    def row(found: Sequence[Any]) -> list[Any]:
        made = _plain(found)
        for at in places:
            if made[at]:
                made[at] = mask(made[at])
        return made

    return row


_AT = {name: n for n, name in enumerate(BY_NAME["cases"].columns, 3)}  # behind scope, event, drill


def _case(found: Sequence[Any]) -> list[Any]:
    row = _plain(found)
    *_, filed_at, near_at, desk_due_at = found
    row[-3] = _seconds(found[_AT["reported_at"]], filed_at)
    row[-2] = _seconds(near_at, found[_AT["due_at"]])
    row[-1] = _seconds(found[_AT["stage_at"]], desk_due_at)
    return row


def _seconds(since: datetime | None, until: datetime | None) -> int | None:
    return None if since is None or until is None else int((until - since).total_seconds())


def _confirmed(found: Sequence[Any]) -> list[Any]:
    """Numbers, where names stand: a hall may know how many, not who."""
    *row, confirmed, waiting = _plain(found)
    return [*row, len(confirmed), len(confirmed) + len(waiting)]


def _reading(found: Sequence[Any]) -> list[Any]:
    _, _, drill, station_id, factor, value, at, flag, known_at = found
    delay_s = int((known_at - at).total_seconds())
    return [f"{station_id}/{factor}", value, iso(at), flag, delay_s, bool(drill)]


def _keys_of(column: ColumnElement[str]) -> Callable[[Connection, Sequence[str]], Any]:
    def by_keys(conn: Connection, keys: Sequence[str]) -> ColumnElement[bool]:
        if conn.dialect.name == "postgresql":
            return column == func.any(list(keys))
        return column.in_(keys)

    return by_keys


def _keys_of_readings(_conn: Connection, keys: Sequence[str]) -> ColumnElement[bool]:
    pairs = [tuple(key.rsplit("/", 1)) for key in keys if "/" in key]
    return tuple_(reading_latest.c.station, reading_latest.c.factor).in_(pairs)


def _source(
    table: Any,
    topic: str,
    *,
    member: ColumnElement[bool] | None = None,
    event: ColumnElement[Any] | None = None,
    more: Sequence[ColumnElement[Any]] = (),
    row: Callable[[Sequence[Any]], list[Any]] = _plain,
) -> _Source:
    """Say that a topic's columns are the table's of the same name, but for those in ``more``."""
    event = table.c.event if event is None else event
    names = BY_NAME[topic].columns
    own = (table.c[name] for name in names[: len(names) - len(more)])
    return _Source(
        select=select(table.c.scope, event, table.c.drill, *own, *more),
        member=true() if member is None else member,
        scope=table.c.scope,
        event=event,
        by_keys=_keys_of(table.c.id),
        row=row,
    )


_FILED_AT: ColumnElement[Any] = (
    select(func.min(case_event.c.at))
    .where(
        case_event.c.case_id == case.c.id,
        case_event.c.kind == "stage",
        case_event.c.code == "filed",
    )
    .correlate(case)
    .scalar_subquery()
)
"""When a case was first filed 立案: what a day's figures count, which its stage cannot tell."""


_SOURCES: Mapping[str, _Source] = {
    "cases": _source(
        case,
        "cases",
        member=and_(case.c.live == true(), stands(case)),
        more=(_FILED_AT, case.c.near_at, case.c.desk_due_at),
        row=_case,
    ),
    "stations": _source(station, "stations", member=stands(station)),
    "readings": _Source(
        select=select(
            reading_latest.c.scope,
            reading_latest.c.event,
            reading_latest.c.drill,
            reading_latest.c.station,
            reading_latest.c.factor,
            reading_latest.c.value,
            reading_latest.c.at,
            reading_latest.c.flag,
            reading_latest.c.known_at,
        ),
        member=stands(reading_latest),
        scope=reading_latest.c.scope,
        event=reading_latest.c.event,
        by_keys=_keys_of_readings,
        row=_reading,
    ),
    "cameras": _source(camera, "cameras", member=stands(camera)),
    "responders": _source(responder, "responders", member=stands(responder)),
    "places": _source(place, "places", member=stands(place)),
    "warnings": _source(
        warning,
        "warnings",
        member=warning.c.live == true(),
        event=warning.c.operation,
    ),
    "alerts": _source(
        alert,
        "alerts",
        member=and_(alert.c.live == true(), alert_stands()),
        more=(alert.c.evidence["factor"].as_string(),),
    ),
    "operations": _source(
        operation,
        "operations",
        member=operation.c.live == true(),
        row=_masking("operations", "basis", "reason"),
    ),
    "mode": _source(mode, "mode"),
    "proposals": _source(proposal, "proposals", member=proposal.c.state == "open"),
    "tasks": _source(task, "tasks", member=task.c.live == true()),
    "figures": _source(figure, "figures"),
    "calls": _source(call, "calls", member=call.c.live == true(), row=_masking("calls", "answer")),
    "promises": _source(
        promise,
        "promises",
        member=promise.c.live == true(),
        row=_masking("promises", "text", "promised_by"),
    ),
    "outbox": _source(outbox, "outbox", member=outbox.c.live == true()),
    "event_things": _source(event_thing, "event_things", member=event_thing.c.live == true()),
    "event_versions": _source(
        event_version,
        "event_versions",
        member=event_version.c.live == true(),
        row=_masking("event_versions", "reason"),
    ),
    "event_confirmed": _Source(
        select=select(
            event_version.c.scope,
            event_version.c.event,
            event_version.c.drill,
            *(event_version.c[name] for name in ("id", "operation", "version", "effective_at")),
            *(event_version.c[name] for name in ("state", "confirmed", "waiting")),
        ),
        member=event_version.c.live == true(),
        scope=event_version.c.scope,
        event=event_version.c.event,
        by_keys=_keys_of(event_version.c.id),
        row=_confirmed,
    ),
    "event_posts": _source(event_post, "event_posts", member=event_post.c.live == true()),
    "event_reports": _source(event_report, "event_reports", member=event_report.c.live == true()),
    "event_hazards": _source(
        event_hazard,
        "event_hazards",
        member=event_hazard.c.live == true(),
        row=_masking("event_hazards", "what", "note"),
    ),
    "typhoons": _source(typhoon, "typhoons", member=typhoon.c.live == true()),
    "screens": _source(
        screen,
        "screens",
        more=tuple(
            select(screen_seen.c[name])
            .where(screen_seen.c.screen == screen.c.id)
            .correlate(screen)
            .scalar_subquery()
            for name in ("real_at", "scene", "step", "fresh")
        ),
    ),
    "feeds": _source(feed, "feeds", member=feed_stands()),
}
