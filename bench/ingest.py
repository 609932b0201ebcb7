"""How fast records enter the store, from the bytes of a request to the commit, beside bare COPY."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import text

from bench.servers import postgres, sqlite
from dashboard.domain.records import Limits, decode
from data_access.bulk import insert_rows
from data_access.ingest import BATCH_ROWS, Policy, ingest
from data_access.store import Store
from data_access.tables import case, case_event, case_version, change, reading

READINGS = 60_000
CASES = 9_000
STATIONS = 658
NOW = datetime(2016, 9, 5, 0, 0, tzinfo=UTC)
LEARN = Policy(limits=Limits(unknown="learn"))


def readings() -> list[dict[str, Any]]:
    """Give a morning of readings of the whole network, in the order in which they come."""
    start = NOW - timedelta(hours=12)
    return [
        {
            "station": f"S{n % STATIONS:04d}",
            "factor": "level",
            "at": (start + timedelta(minutes=5 * (n // STATIONS))).isoformat(),
            "value": round(1.9 + (n * 7919 % 1000) / 1000, 3),
        }
        for n in range(READINGS)
    ]


def cases() -> list[dict[str, Any]]:
    """Give cases with four lines of record each."""
    start = NOW - timedelta(days=3)
    records = []
    for n in range(CASES):
        at = start + timedelta(seconds=29 * n % 250_000)
        moments = [(at + timedelta(minutes=step * 7)).isoformat() for step in range(4)]
        records.append(
            {
                "id": f"2016090{n:07d}",
                "kind": "event",
                "source": "collector",
                "reported_at": moments[0],
                "subcategory": f"01{n % 18 + 1:02d}",
                "description": "路口北侧人行道有暴露垃圾，约两平方米，影响通行",
                "address": f"文三路{n % 900}号",
                "lon": round(120.05 + (n * 37 % 1000) / 5000, 6),
                "lat": round(30.20 + (n * 91 % 1000) / 5000, 6),
                "jurisdiction": "330106",
                "unit": f"U{n % 400:04d}",
                "stage": "dispatched",
                "stage_at": moments[3],
                "due_at": (at + timedelta(hours=4)).isoformat(),
                "events": [
                    {"stage": stage, "at": moment, "by": "坐席"}
                    for stage, moment in zip(
                        ("reported", "accepted", "filed", "dispatched"), moments, strict=True
                    )
                ],
            }
        )
    return records


def _through(store: Store, kind: str, records: list[dict[str, Any]]) -> float:
    bodies = [
        orjson.dumps(records[start : start + BATCH_ROWS])
        for start in range(0, len(records), BATCH_ROWS)
    ]
    begun = time.perf_counter()
    for body in bodies:
        report = ingest(
            store,
            kind,
            decode(body, "application/json"),
            feed="push:bench",
            now=NOW,
            policy=LEARN,
        )
        assert not report.rejected, report.rejected[0]
    return len(records) / (time.perf_counter() - begun)


def _copy(store: Store, tables: list[Any]) -> tuple[int, float]:
    """Read back what stands in ``tables`` and COPY the same rows into empty ones like them."""
    total = 0
    spent = 0.0
    for table in tables:
        with store.read() as conn:
            rows = [dict(row._mapping) for row in conn.execute(table.select())]
        with store.engine.begin() as conn:
            conn.execute(
                text(f"CREATE TEMP TABLE bare (LIKE {table.name}) ON COMMIT PRESERVE ROWS")
            )
            bare = table.to_metadata(type(table.metadata)(), name="bare")
            begun = time.perf_counter()
            insert_rows(conn, bare, rows)
            spent += time.perf_counter() - begun
            conn.execute(text("DROP TABLE bare"))
        total += len(rows)
    return total, spent


def run(say: Callable[[str, str, str], None]) -> None:
    """Measure both kinds on PostgreSQL (with COPY beside) and on SQLite."""
    for kind, records, tables, bar in (
        ("readings", readings(), [reading, change], 10_000),
        ("cases", cases(), [case, case_event, case_version, change], 1_500),
    ):
        with postgres() as store:
            rate = _through(store, kind, records)
            rows, spent = _copy(store, tables)
            bare = len(records) / spent
            say(f"{kind} into PostgreSQL", f"{rate:,.0f} a second", f"bar {bar:,}")
            say(
                f"  bare COPY of the same {rows:,} rows",
                f"{bare:,.0f} {kind} a second",
                f"ratio {bare / rate:.1f}",
            )
        with sqlite() as store:
            say(f"{kind} into SQLite", f"{_through(store, kind, records):,.0f} a second", "")
