"""How indicators cost: with what changed, not with what is stored; on SQLite and PostgreSQL.

A store of 10,000, 100,000 and 1,000,000 cases of a year, each with its record: what counting them
in bulk takes, what a change takes, and what the questions of the analysis page take. The million is
the hundred thousand ten times over, by the database itself, with its sums ten times as high: just
what counting them one by one gives, in a tenth of the time. Beside each stands what counting the
cases anew with one query takes.
"""

import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, insert, select, text, update

from bench.servers import postgres, sqlite
from dashboard.domain.indicators import MEASURES
from dashboard.domain.periods import period_of
from dashboard.http.indicators import Question, _figures
from data_access.bases import shipped
from data_access.bulk import insert_rows
from data_access.indicators import Counter
from data_access.store import Store
from data_access.tables import (
    case,
    case_counted,
    case_event,
    case_to_count,
    category,
    city,
    indicator_sum,
    jurisdiction,
)

COUNTED = (10_000, 100_000)
TIMES = 10
NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
DISTRICTS, STREETS, UNITS, SUBCATEGORIES = 15, 13, 400, 80
DAYS = 320
CHUNK = 10_000
CHANGED = 500
ASKED = 15
LIMIT_MS = 50


def run(say: Callable[[str, str, str], None]) -> None:
    """Measure on both databases."""
    for name, server in (("SQLite", sqlite), ("PostgreSQL", postgres)):
        with server() as store:
            describe(store)
            have = 0
            for size in COUNTED:
                counter = _counter(store)
                began = time.perf_counter()
                fill(store, have, size)
                filled = time.perf_counter()
                while counter.count():
                    pass
                ended = time.perf_counter()
                _analyze(store)
                with store.read() as conn:
                    sums = conn.execute(select(func.count()).select_from(indicator_sum)).scalar()
                say(
                    f"{name}, {size:,} cases: counted in bulk",
                    f"{(size - have) / (ended - filled):,.0f} cases/s",
                    f"{sums:,} sums; written in {filled - began:.0f} s",
                )
                have = size
                _changes(say, name, store, counter, size, copies=1)
                _questions(say, name, store, size)
            multiply(store, TIMES)
            _analyze(store)
            _changes(say, name, store, counter, have, copies=TIMES)
            _questions(say, name, store, have * TIMES)


def describe(store: Store) -> None:
    """A city with its districts, subdistricts and categories."""
    rows = [("c", None, "city", "c")]
    for n in range(DISTRICTS):
        rows.append((f"d{n:02d}", "c", "district", f"c/d{n:02d}"))
        rows += [
            (f"d{n:02d}{k:02d}", f"d{n:02d}", "subdistrict", f"c/d{n:02d}/d{n:02d}{k:02d}")
            for k in range(STREETS)
        ]
    with store.write() as writer:
        writer.conn.execute(
            insert(city).values(
                id="c", name="c", time_zone="Asia/Shanghai", lon=120.2, lat=30.25, settings={}
            )
        )
        writer.conn.execute(
            insert(jurisdiction),
            [
                dict(zip(("id", "parent", "level", "scope"), it, strict=True)) | {"name": it[0]}
                for it in rows
            ],
        )
        writer.conn.execute(
            insert(category),
            [
                {
                    "list_version": 1,
                    "kind": "event",
                    "code": f"{n % 8 + 1:02d}{n // 8 + 1:02d}",
                    "class_code": f"{n % 8 + 1:02d}",
                    "class_name": f"{n % 8 + 1:02d}",
                    "name": f"{n}",
                    "verified": True,
                }
                for n in range(SUBCATEGORIES)
            ],
        )


def cases(first: int, last: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Cases of the whole year in the order in which they came, with their record."""
    rng = random.Random(first)
    for n in range(first, last):
        # Each size fills the whole year, so that all sizes ask of equally many days.
        at = NOW - timedelta(minutes=DAYS * 1_440 * (last - n) // (last - first))
        district, street = rng.randrange(DISTRICTS), rng.randrange(STREETS)
        kind = rng.randrange(SUBCATEGORIES)
        ended = at + timedelta(minutes=rng.randrange(60, 2_000))
        closed = ended < NOW
        road = [
            ("reported", at),
            ("filed", at + timedelta(minutes=8)),
            ("dispatched", at + timedelta(minutes=20)),
        ]
        if closed:
            road += [("handled", ended - timedelta(minutes=20)), ("closed", ended)]
        name = f"{n:09d}"
        street_id = f"d{district:02d}{street:02d}"
        state = {
            "id": name,
            "version": 1,
            "kind": "event",
            "source": f"s{rng.randrange(10)}",
            "subcategory": f"{kind % 8 + 1:02d}{kind // 8 + 1:02d}",
            "category_version": 1,
            "description": "",
            "lon": 120.0 + rng.random() / 2,
            "lat": 30.0 + rng.random() / 2,
            "jurisdiction": street_id,
            "unit": f"U{(district * STREETS + street) * 2 + rng.randrange(3):03d}",
            "stage": road[-1][0],
            "stage_at": road[-1][1],
            "marks": [],
            "urgency": 0,
            "photos": [],
            "reported_at": at,
            "updated_at": road[-1][1],
            "due_at": at + timedelta(minutes=1_600),
            "ended_at": ended if closed else None,
            "live": not closed,
            "known_at": at,
            "feed": "bench",
            "scope": f"c/d{district:02d}/{street_id}",
        }
        told = [
            {"case_id": name, "n": i, "kind": "stage", "code": it, "at": when, "known_at": when}
            for i, (it, when) in enumerate(road, 1)
        ]
        yield state, told


def fill(store: Store, first: int, last: int) -> None:
    """Write cases in bulk, as an opening does."""
    stream = cases(first, last)
    while chunk := list(islice(stream, CHUNK)):
        states, record = zip(*chunk, strict=True)
        with store.write() as writer:
            insert_rows(writer.conn, case, states)
            insert_rows(writer.conn, case_event, [event for events in record for event in events])
            insert_rows(writer.conn, case_to_count, [{"case_id": it["id"]} for it in states])


def multiply(store: Store, times: int) -> None:
    """Let each case stand so many times, with its record, what it brought, and the sums."""
    with store.write() as writer:
        for copy in range(1, times):
            for table, key in ((case, "id"), (case_event, "case_id"), (case_counted, "case_id")):
                columns = [
                    column + f"-{copy}" if column.name == key else column for column in table.c
                ]
                original = table.c[key].not_like("%-%")
                names = [column.name for column in table.c]
                writer.conn.execute(
                    insert(table).from_select(names, select(*columns).where(original))
                )
        higher = {it: indicator_sum.c[it] * times for it in MEASURES}
        writer.conn.execute(update(indicator_sum).values(higher))


def _changes(
    say: Callable[[str, str, str], None],
    name: str,
    store: Store,
    counter: Counter,
    size: int,
    *,
    copies: int,
) -> None:
    """Extend the deadline of cases all over the store, and count what changed."""
    rng = random.Random(size)
    took = []
    for _ in range(3):
        ids = [_one_of(rng, size, copies) for _ in range(CHANGED)]
        with store.write() as writer:
            writer.conn.execute(
                update(case)
                .where(case.c.id.in_(ids))
                .values(due_at=NOW - timedelta(hours=rng.randrange(99)))
            )
            for it in ids:
                writer.changed("cases", it, new_scope="c")
        began = time.perf_counter()
        counter.count()
        took.append(time.perf_counter() - began)
    say(
        f"{name}, {size * copies:,}: {CHANGED} changes counted",
        f"{1000 * min(took) / CHANGED:.2f} ms a change",
        "grows with what changed",
    )


def _one_of(rng: random.Random, size: int, copies: int) -> str:
    copy = rng.randrange(copies)
    return f"{rng.randrange(size):09d}" + (f"-{copy}" if copy else "")


def _questions(say: Callable[[str, str, str], None], name: str, store: Store, size: int) -> None:
    today = NOW.astimezone(ZONE).date()
    for span, group in (
        ("month", "district"), ("month", "subdistrict"), ("month", "unit"), ("month", "class"),
        ("today", "unit"), ("year", "subdistrict"), ("year", "unit"),
    ):  # fmt: skip
        asked = Question(("c",), span, period_of(span, today), today, group, shipped().main, 0)
        took = []
        for _ in range(ASKED):
            began = time.perf_counter()
            with store.read() as conn:
                _figures(conn, asked)
            took.append(1000 * (time.perf_counter() - began))
        say(
            f"{name}, {size:,}: {span} by {group}",
            f"{statistics.median(took):.1f} ms, at most {max(took):.1f} ms",
            f"at most {LIMIT_MS} ms",
        )
    began = time.perf_counter()
    with store.read() as conn:
        counted = case_counted.c
        conn.execute(
            select(counted.path, func.count(), func.count().filter(counted.timely))
            .where(counted.due_on.between(20260101, 20261231))
            .group_by(counted.path)
        ).all()
    say(
        f"{name}, {size:,}: the year counted anew by one query",
        f"{1000 * (time.perf_counter() - began):.0f} ms",
        "what is not done",
    )


def _counter(store: Store) -> Counter:
    made = Counter(store, SimpleNamespace(now=lambda: NOW))  # type: ignore[arg-type]
    while made.count():
        pass
    return made


def _analyze(store: Store) -> None:
    with store.engine.connect() as conn:
        conn.execute(text("ANALYZE"))
        conn.commit()
