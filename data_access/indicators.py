"""Keeping the sums of the indicators: what changed is counted again, and only that.

:class:`Counter` follows the changes. For each case that changed it works out what the case brings
now, takes away what it brought when it was last counted, and writes the differences together with
its place in the changes: killed anywhere, it goes on where its effects end. What was loaded in bulk
comes from a list of its own, and everything is counted anew, a page at a time, where a topic was
written as a whole. A case that falls due is counted then, not before.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, tzinfo
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, delete, func, insert, select, union, update

from dashboard.domain import indicators
from dashboard.domain.indicators import MEASURES, Case, Event, Facts, Folding, Key, Sums
from data_access import figures
from data_access.bulk import insert_rows
from data_access.changes import Writer, latest_seq
from data_access.clock import StoreClock
from data_access.follower import Follower
from data_access.store import Store
from data_access.tables import (
    case,
    case_counted,
    case_event,
    case_to_count,
    change,
    city,
    indicator_state,
    indicator_sum,
)

NAME = "indicators"
PAGE = 1_000
"""Cases a transaction: some 0.1 s of writing, in which others wait on SQLite."""
PACE_S = 1.0
"""Changes of a second are counted together."""
KEEP_S = 5.0
"""Where nothing changed, how often the moment of the sums is written all the same."""
REST = 2.0
"""Seconds of rest a second of counting much: live screens share the cores."""
VERSION = 2

_FACTS = tuple(it.name for it in fields(Facts))
_COUNTED = ("case_id", *_FACTS)
_values = attrgetter(*_FACTS)
_CASE = tuple(it.name for it in fields(Case) if it.name != "path")
_COLUMNS = ("area", "grouped", "value", "period", "mask")


@dataclass(slots=True)
class _Work:
    """What a step has before it."""

    seq: int
    anew: bool
    ids: list[str]
    queued: list[int]
    walked_to: str | None
    more: bool


class Counter:
    """Counts what changed since it last did, one :meth:`step` at a time."""

    def __init__(self, store: Store, clock: StoreClock) -> None:
        """Read nothing yet."""
        self._store = store
        self._clock = clock
        self._follower = Follower(NAME)
        self._begun = False
        self._next = 0.0
        self._kept = 0.0
        self._figures = figures.Publisher()

    def step(self) -> bool:
        """Count one page of what waits; say whether there is more."""
        began = time.monotonic()
        if began < self._next:
            return False
        more = self.count()
        ended = time.monotonic()
        if more:
            time.sleep((ended - began) * REST)
        else:
            self._next = ended + PACE_S
        return more

    def count(self) -> bool:
        """Do as :meth:`step`, at once."""
        now = self._clock.now()
        with self._store.read() as conn:
            zone = _zone(conn)
            anew = self._begin(conn, zone)
            work = self._work(conn, now, anew=anew)
        quiet = not (work.ids or work.anew or work.queued or work.walked_to is not None)
        if quiet and time.monotonic() - self._kept < KEEP_S:
            return False
        with self._store.write() as writer:
            self._write(writer, work, now, zone)
        self._follower.seq = work.seq
        self._begun = True
        self._kept = time.monotonic()
        return work.more

    def _begin(self, conn: Connection, zone: tzinfo) -> bool:
        """Say whether everything is to be counted anew."""
        resumed = self._begun or self._follower.begin(conn)
        made_of = conn.execute(select(indicator_state.c.made_of)).scalar()
        return not resumed or made_of != _made_of(zone)

    def _work(self, conn: Connection, now: datetime, *, anew: bool) -> _Work:
        latest = latest_seq(conn)
        query = (
            select(change.c.seq, change.c.key)
            .where(change.c.seq > self._follower.seq, change.c.topic == "cases")
            .order_by(change.c.seq)
            .limit(PAGE)
        )
        changed = conn.execute(query).all()
        full = len(changed) == PAGE
        ids = dict.fromkeys(row.key for row in changed if row.key is not None)
        anew |= any(row.key is None for row in changed)
        due = _ids(conn, select(case_counted.c.case_id).where(case_counted.c.next_at <= now), PAGE)
        ids |= dict.fromkeys(due)
        queued: list[int] = []
        walked_to, more = None, full or len(due) == PAGE
        if len(ids) < PAGE:
            rows = conn.execute(
                select(case_to_count.c.n, case_to_count.c.case_id)
                .order_by(case_to_count.c.n)
                .limit(PAGE - len(ids))
            ).all()
            queued = [row.n for row in rows]
            ids |= dict.fromkeys(row.case_id for row in rows)
            more |= len(ids) >= PAGE
        after = conn.execute(select(indicator_state.c.walk_after)).scalar()
        if anew:
            more = True
        elif after is not None and len(ids) < PAGE:
            page = _walk(conn, after)
            ids |= dict.fromkeys(page)
            walked_to = page[-1] if len(page) == PAGE else ""
            more |= walked_to != ""
        return _Work(
            seq=changed[-1].seq if full else latest,
            anew=anew,
            ids=list(ids),
            queued=queued,
            walked_to=walked_to,
            more=more,
        )

    def _write(self, writer: Writer, work: _Work, now: datetime, zone: tzinfo) -> None:
        conn = writer.conn
        first_on, differences = _recount(conn, work.ids, now, zone)
        if work.queued:
            conn.execute(delete(case_to_count).where(case_to_count.c.n.in_(work.queued)))
        values: dict[str, Any] = {"folded_at": now}
        if work.anew:
            _forget_other_measures(conn, zone)
            # What a case brought is known by case, whatever it was made of, so that the sums are
            # not emptied: they are right again, one by one, while they are counted anew.
            values |= {"walk_after": "", "made_of": _made_of(zone)}
        elif work.walked_to is not None:
            values |= {"walk_after": work.walked_to or None}
        _keep_state(conn, values, first_on=first_on, changed=bool(differences))
        self._follower.keep(writer, work.seq)
        self._figures.publish(
            writer, now=now, zone=zone, changed=bool(differences), counting=work.more
        )


def case_facts(
    conn: Connection, ids: Sequence[str], now: datetime, zone: tzinfo
) -> dict[str, Facts]:
    """What each of these cases brings at ``now``; a drill's, or one that is gone, stands not."""
    columns = case.c
    rows = conn.execute(
        select(columns.id, columns.scope.label("path"), *(columns[name] for name in _CASE)).where(
            _among(conn, columns.id, ids)
        )
    ).all()
    record = case_event.c
    events: dict[str, list[Event]] = {}
    told = (
        select(record.case_id, record.kind, record.code, record.at)
        .where(
            _among(conn, record.case_id, [row.id for row in rows]),
            record.kind.in_(("stage", "mark")),
            record.odd.is_not(True),
        )
        .order_by(record.case_id, record.at, record.n)
    )
    for case_id, kind, code, at in conn.execute(told):
        events.setdefault(case_id, []).append(Event(kind=kind, code=code, at=at))
    found = {}
    for row in rows:
        told_of = dict(zip(("path", *_CASE), row[1:], strict=True))
        facts = indicators.facts_of(Case(**told_of), events.get(row.id, ()), now, zone)
        if facts is not None:
            found[row.id] = facts
    return found


def _recount(
    conn: Connection, ids: Sequence[str], now: datetime, zone: tzinfo
) -> tuple[int | None, Mapping[Key, Sums]]:
    """Count cases again; gives the earliest day of an end and what every sum changed by."""
    if not ids:
        return None, {}
    facts = case_facts(conn, ids, now, zone)
    query = select(case_counted).where(_among(conn, case_counted.c.case_id, ids))
    before = {row.case_id: Facts(*row[1:]) for row in conn.execute(query)}
    folding = Folding()
    gone: list[str] = []
    new: list[dict[str, Any]] = []
    for name in ids:
        old, is_now = before.get(name), facts.get(name)
        if old == is_now:
            continue
        folding.change(old, is_now)
        if old is not None:
            gone.append(name)
        if is_now is not None:
            new.append(dict(zip(_COUNTED, (name, *_values(is_now)), strict=True)))
    if gone:
        conn.execute(delete(case_counted).where(_among(conn, case_counted.c.case_id, gone)))
    insert_rows(conn, case_counted, new)
    differences = folding.differences()
    add_sums(conn, differences)
    return min((it["ended_on"] for it in new if it["ended_on"]), default=None), differences


def add_sums(conn: Connection, differences: Mapping[Key, Sums]) -> None:
    """Add to the sums; those that do not stand yet are made."""
    if not differences:
        return
    # In the order of the key: neighbours are written together.
    ordered = sorted(differences)
    quote = conn.dialect.identifier_preparer.quote
    names = (*_COLUMNS, *MEASURES)
    columns = ", ".join(map(quote, names))
    added = ", ".join(
        f"{quote(it)} = indicator_sum.{quote(it)} + excluded.{quote(it)}" for it in MEASURES
    )
    conflict = f"ON CONFLICT ({', '.join(map(quote, _COLUMNS))}) DO UPDATE SET {added}"
    rows = [(*key, *differences[key]) for key in ordered]
    if conn.dialect.name == "postgresql":
        kinds = ("text", "text", "text", "int", "smallint", *("bigint",) * len(MEASURES))
        arrays = ", ".join(f"%s::{kind}[]" for kind in kinds)
        conn.exec_driver_sql(
            f"INSERT INTO indicator_sum ({columns}) SELECT * FROM unnest({arrays}) {conflict}",
            tuple([list(column) for column in zip(*rows, strict=True)]),
        )
    else:
        places = ", ".join("?" * len(names))
        conn.exec_driver_sql(
            f"INSERT INTO indicator_sum ({columns}) VALUES ({places}) {conflict}", rows
        )


def to_count(writer: Writer, ids: Iterable[str]) -> None:
    """Let cases be counted that are loaded without a numbered change each."""
    insert_rows(writer.conn, case_to_count, [{"case_id": name} for name in ids])


def follow(store: Store, clock: StoreClock) -> Any:
    """Make the step that the ingest process calls."""
    return Counter(store, clock).step


def _forget_other_measures(conn: Connection, zone: tzinfo) -> None:
    """Begin from nothing where an earlier version of the program summed other things."""
    made_of = conn.execute(select(indicator_state.c.made_of)).scalar() or _made_of(zone)
    if made_of.partition(" ")[0] != str(VERSION):
        conn.execute(delete(indicator_sum))
        conn.execute(delete(case_counted))
        conn.execute(update(indicator_state).values(first_on=None))


def _keep_state(
    conn: Connection, values: dict[str, Any], *, first_on: int | None, changed: bool
) -> None:
    columns = indicator_state.c
    earliest = conn.execute(select(columns.first_on)).scalar()
    if first_on is not None:
        values["first_on"] = first_on if earliest is None else min(first_on, earliest)
    changes = {**values, "revision": columns.revision + int(changed)}
    if not conn.execute(update(indicator_state).values(**changes)).rowcount:
        conn.execute(insert(indicator_state).values(id=1, **{"made_of": "", **values}, revision=1))


def _zone(conn: Connection) -> tzinfo:
    return ZoneInfo(conn.execute(select(city.c.time_zone).limit(1)).scalar() or "UTC")


def _made_of(zone: tzinfo) -> str:
    return f"{VERSION} {zone}"


def _ids(conn: Connection, query: Select[Any], limit: int) -> list[str]:
    return list(conn.execute(query.limit(limit)).scalars())


def _walk(conn: Connection, after: str) -> list[str]:
    """The next page of all cases, those too that were counted once and are gone."""
    pages = [
        select(column.label("id")).where(column > after).order_by(column).limit(PAGE).subquery()
        for column in (case.c.id, case_counted.c.case_id)
    ]
    both = union(*(select(page.c.id) for page in pages)).subquery()
    return list(conn.execute(select(both.c.id).order_by(both.c.id).limit(PAGE)).scalars())


def _among(conn: Connection, column: Any, keys: Sequence[str]) -> Any:
    if conn.dialect.name == "postgresql":
        return column == func.any(list(keys))
    return column.in_(keys)
