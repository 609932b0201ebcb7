"""``pingji import``: what an operator has in a file comes into the store, row by row.

Records go the way of every feed (``data_access.ingest``), under the feed ``import:NAME``; the
city's lists are judged here. Read = accepted + unchanged + rejected, always.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import select

from dashboard.domain.records import Limits, Reject
from data_access import geography
from data_access.changes import Writer
from data_access.clock import StoreClock
from data_access.commands import audit
from data_access.feeds.recording.config import Spec
from data_access.feeds.recording.errors import RecordingError
from data_access.feeds.runner import FeedState
from data_access.imports.bases import import_bases
from data_access.imports.calendar import follow_calendar
from data_access.imports.deadlines import import_deadlines, import_holidays
from data_access.imports.duty import (
    import_duty,
    import_ladders,
    import_posts,
    import_shifts,
)
from data_access.imports.events import Imported, Wish, import_event
from data_access.imports.hazards import import_hazards
from data_access.imports.indicators import import_indicators
from data_access.imports.judge import ListReport, Options
from data_access.imports.jurisdictions import import_jurisdictions
from data_access.imports.lists import import_categories, import_units
from data_access.imports.plans import import_plans
from data_access.imports.rows import FIELDS, ImportRows, parse_map
from data_access.imports.typhoons import import_typhoons, wanted
from data_access.ingest import Policy, ingest, tally
from data_access.queries.scopes import city_scope
from data_access.store import Store
from data_access.tables import city

__all__ = ["KINDS", "Outcome", "RecordingError", "Source", "event_from", "import_file", "parse_map"]

KINDS = tuple(name for name in FIELDS if name != "event")
DEFAULT_ZONE = "Asia/Shanghai"
_LISTS: dict[str, Callable[[Writer, Sequence[Any], Options], ListReport]] = {
    "units": import_units,
    "jurisdictions": import_jurisdictions,
    "categories": import_categories,
    "indicators": import_indicators,
    "bases": import_bases,
    "deadlines": import_deadlines,
    "holidays": import_holidays,
    "duty": import_duty,
    "shifts": import_shifts,
    "posts": import_posts,
    "ladders": import_ladders,
    "plans": import_plans,
    "typhoons": import_typhoons,
    "hazards": import_hazards,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file and how it is read.

    ``zone`` None: the city's own time; ``form`` None: as its suffix says. Of typhoons ``only``
    takes one alone, and ``shift_to`` moves times; hazards are of ``operation``, see ``Options``.
    """

    path: Path
    given: dict[str, Spec]
    crs: str = "wgs84"
    zone: str | None = None
    encoding: str | None = None
    form: str | None = None
    learn: bool = False
    shift_to: datetime | None = None
    only: str | None = None
    operation: str | None = None


class Outcome(NamedTuple):
    """What became of a file's rows; ``rejected`` with their index from 0."""

    read: int
    accepted: int
    unchanged: int
    rejected: list[Reject]


def import_file(
    store: Store,
    kind: str,
    source: Source,
    *,
    progress: Callable[[Iterable[Any], int], Iterable[Any]] = lambda rows, _: rows,
) -> Outcome:
    """Import one file of ``kind``; ``progress`` is handed the rows and their number.

    Raises RecordingError for a file that cannot be read, or that holds no rows.
    """
    zone = source.zone or _city_zone(store) or DEFAULT_ZONE
    rows = ImportRows(
        kind,
        source.path,
        given=source.given,
        crs=source.crs,
        zone=ZoneInfo(zone),
        encoding=source.encoding,
        form=source.form,
    )
    if not len(rows):
        raise RecordingError(source.path, "", "holds no rows")
    counted = progress(rows, len(rows))
    if kind in _LISTS:
        records = [it for it in counted if kind != "typhoons" or wanted(it, source.only)]
        outcome = _take_list(store, kind, source, records, zone)
        if kind == "holidays":
            follow_calendar(store)
    else:
        outcome = _take_records(store, kind, source, counted, len(rows))
    return outcome


def event_from(store: Store, source: Source, wish: Wish) -> Imported:
    """Take a file as one version of an event's things; see ``imports.events``."""
    zone = ZoneInfo(source.zone or _city_zone(store) or DEFAULT_ZONE)
    rows = ImportRows(
        "event",
        source.path,
        given=source.given,
        crs=source.crs,
        zone=zone,
        encoding=source.encoding,
        form=source.form,
    )
    if not len(rows):
        raise RecordingError(source.path, "", "holds no rows")
    return import_event(store, rows, source.path.name, wish, crs=source.crs, zone=zone)


def _take_list(
    store: Store, kind: str, source: Source, records: Sequence[Any], zone: str
) -> Outcome:
    """Write a list in one transaction: a reader sees the old one or the new one."""
    now = StoreClock(store).now()
    options = Options(
        now=now,
        crs=source.crs,
        zone=zone,
        learn=source.learn,
        shift_to=source.shift_to,
        operation=source.operation,
    )
    with store.write() as writer:
        report = _LISTS[kind](writer, records, options)
        outcome = Outcome(len(records), report.accepted, report.unchanged, report.rejected)
        _note(writer, kind, source, outcome, now)
    geography.forget(store)
    return outcome


def _take_records(
    store: Store, kind: str, source: Source, records: Iterable[Any], number: int
) -> Outcome:
    """Ingest records under a feed of their own, which shows that it has ended."""
    now = StoreClock(store).now()
    with store.read() as conn:
        scope = city_scope(conn)
    name = source.path.name
    feed = FeedState(store, name=f"import:{name}", title=name, kind="import", scope=scope)
    feed.begin("ok")
    message = "导入中断"
    try:
        report = ingest(
            store,
            kind,
            records,
            feed=feed.name,
            now=now,
            policy=Policy(limits=Limits(unknown="learn" if source.learn else "reject")),
        )
        outcome = Outcome(number, report.accepted, report.unchanged, report.rejected)
        message = "导入完毕"
    finally:
        feed.show("ended", message)
        tally.publish(store)
    with store.write() as writer:
        _note(writer, kind, source, outcome, now)
    return outcome


def _note(writer: Writer, kind: str, source: Source, outcome: Outcome, now: Any) -> None:
    audit.record(
        writer,
        actor="cli",
        role="",
        act="import",
        subject=kind,
        detail={
            "file": source.path.name,
            "read": outcome.read,
            "accepted": outcome.accepted,
            "unchanged": outcome.unchanged,
            "rejected": len(outcome.rejected),
        },
        city_at=now,
    )


def _city_zone(store: Store) -> str | None:
    with store.read() as conn:
        found: str | None = conn.execute(select(city.c.time_zone).limit(1)).scalar()
    return found
