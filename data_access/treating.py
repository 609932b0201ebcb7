"""Following what operations make of open cases: their clocks follow a switch, case by case.

The act itself is one short transaction with its mode; thousands of cases are not in it. They come
behind, a page a transaction, each worked out as of the moment of the act, so that it makes no
difference when that is done. Nothing is remembered but what the cases have: a start looks at all
of them once and finishes what a killed process left. What a batch brought in while the act was
written, without seeing it, is looked at again by its change.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, or_, select, true

from dashboard.domain.cases import ANSWERED
from dashboard.domain.deadlines import in_force
from data_access import holds, treatments
from data_access.alerts import facts
from data_access.changes import latest_seq
from data_access.clock import StoreClock
from data_access.deadlines import Surroundings, deadlines
from data_access.follower import LIMIT
from data_access.ingest import cases
from data_access.ingest.batch import Batch, Job, Policy
from data_access.store import Store
from data_access.tables import case, case_treatment, change
from data_access.treatments import Operations

NAME = "treatments"
PAGE = 2_000
"""Cases looked at in one read."""
CHUNK = 100
"""Cases a transaction: well below 0.1 s of writing, in which others wait on SQLite."""
REST = 0.7
"""Seconds of rest a second of writing."""

_FOLLOWED = ("operations", "event_things", "cases")


def make(store: Store, clock: StoreClock) -> Callable[[], bool]:
    """Make the step that ``follower.run`` calls."""
    return Treating(store, clock).step


class Treating:
    """Lets the cases of one store stand as the operations make them."""

    def __init__(self, store: Store, clock: StoreClock) -> None:
        """Know nothing: the first step looks at all."""
        self._store = store
        self._clock = clock
        self._seq: int | None = None
        self._after: str | None = None
        self._named: dict[str, None] = {}
        self._next: datetime | None = None

    def step(self) -> bool:
        """Look at a page of cases, and settle those that stand otherwise; says if more waits."""
        try:
            return self._step()
        except Exception:
            self._seq = None
            raise

    def _step(self) -> bool:
        with self._store.read() as conn:
            if facts.loading(conn):
                self._seq = None
                return False
            more = self._read(conn)
            now = self._clock.now()
            if self._next is not None and self._next <= now:
                self._after = ""  # a zone took force
            acting = treatments.acting(conn, now)
            self._next = acting.next_at
            if not acting:
                self._after, self._named = None, {}
                return more
            page = self._page(conn, acting)
            ids = otherwise(self._store, conn, acting, page)
        for start in range(0, len(ids), CHUNK):
            began = time.monotonic()
            settle(self._store, self._clock, ids[start : start + CHUNK])
            time.sleep((time.monotonic() - began) * REST)
        return more or self._after is not None or bool(self._named)

    def _read(self, conn: Connection) -> bool:
        """Take up what changed; says whether more of it waits."""
        if self._seq is None:
            self._seq, self._after, self._named = latest_seq(conn), "", {}
            return False
        latest = latest_seq(conn)
        query = (
            select(change.c.seq, change.c.topic, change.c.key)
            .where(change.c.seq > self._seq, change.c.topic.in_(_FOLLOWED))
            .order_by(change.c.seq)
            .limit(LIMIT)
        )
        changes = conn.execute(query).all()
        for it in changes:
            if it.topic == "cases" and it.key is not None:
                self._named[it.key] = None
            else:
                self._after = ""
        full = len(changes) == LIMIT
        self._seq = changes[-1].seq if full else latest
        return full

    def _page(self, conn: Connection, acting: Operations) -> list[str]:
        named = list(self._named)[:PAGE]
        for name in named:
            del self._named[name]
        if self._after is None:
            return named
        found = _following(conn, acting, self._after)
        self._after = found[-1] if len(found) == PAGE else None
        return list(dict.fromkeys([*named, *found]))


def settle(store: Store, clock: StoreClock, ids: Sequence[str]) -> int:
    """Let cases stand as the operations make them, in one transaction; how many clocks moved."""
    job = Job(store, "cases", NAME, clock.now(), Policy(), None)
    with store.write() as writer:
        return cases.settle(Batch(job, writer), ids)


def otherwise(store: Store, conn: Connection, acting: Operations, ids: Sequence[str]) -> list[str]:
    """Give those of ``ids`` that do not stand as the operations make them."""
    if not ids:
        return []
    known = deadlines(store, conn)
    around = Surroundings(conn, known)
    made = holds.of_cases(conn, ids)
    found = []
    for state in _rows(conn, ids):
        rules = known.version(state["rule_version"]) or in_force(
            known.versions, state["clock_from"] or state["reported_at"]
        )
        changed = acting.settle(
            state,
            made.get(state["id"], []),
            rules=rules,
            matter=around.matter(state),
        )
        if changed:
            found.append(state["id"])
    return found


def _rows(conn: Connection, ids: Sequence[str]) -> list[dict[str, Any]]:
    columns = case.c
    names = ("id", "kind", "subcategory", "condition", "urgency", "scope", "drill", "stage")
    query = select(
        *(columns[name] for name in (*names, "lon", "lat")),
        *(columns.due_by, columns.rule_version, columns.clock_from, columns.reported_at),
    ).where(_among(conn, columns.id, ids))
    return [dict(row) for row in conn.execute(query).mappings()]


def _following(conn: Connection, acting: Operations, after: str) -> list[str]:
    """Give the next page of ids of what may have to be settled: open cases, and held ones."""
    owing = select(case.c.id).where(
        case.c.live == true(), case.c.stage.not_in(sorted(ANSWERED)), case.c.id > after
    )
    columns = case_treatment.c
    held = select(columns.case_id).where(
        columns.operation.in_(list(acting.told)),
        or_(columns.until.is_(None), columns.revoked.is_(False)),
        columns.case_id > after,
    )
    both = owing.union(held).subquery()
    query = select(both.c.id).order_by(both.c.id).limit(PAGE)
    return list(conn.execute(query).scalars())


def _among(conn: Connection, column: Any, ids: Sequence[str]) -> Any:
    if conn.dialect.name == "postgresql":
        return column == func.any(list(ids))
    return column.in_(ids)
