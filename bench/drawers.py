"""How long a drawer waits: a year of five-minute readings, what is near, what was here before.

Asked of the real application over its routes, on either database; the answers are as a browser
gets them. The chart's own time in a browser stands in tests/e2e/test_drawers.py's page.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from bench.servers import postgres, sqlite
from dashboard.accounts import manage
from dashboard.app import create_app
from dashboard.settings import Settings
from data_access.bulk import insert_rows
from data_access.clock import set_clock
from data_access.schema import ensure_partitions
from data_access.store import Store
from data_access.tables import camera, case, city, jurisdiction, reading, station

NOW = datetime(2026, 7, 1, tzinfo=UTC)
CITY = "330100"
YEAR_STEPS = 105_120
CAMERAS = 23_800
CASES = 100_000
TIMES = 7


def fill(store: Store) -> None:
    """A year of one river, every camera of the city, a month of cases."""
    moments = {NOW - timedelta(days=days) for days in range(367)}
    ensure_partitions(store, {(at.year, at.month) for at in moments})
    visible = {"scope": CITY, "event": None, "drill": False}
    with store.write() as writer:
        conn = writer.conn
        conn.execute(
            city.insert().values(
                id=CITY, name="杭州", time_zone="Asia/Shanghai", lon=120.2, lat=30.2, settings={}
            )
        )
        conn.execute(
            jurisdiction.insert().values(
                id=CITY, level="city", name="杭州", verified=True, **visible
            )
        )
        set_clock(writer, anchor_city=NOW, speed=1.0)
        conn.execute(
            station.insert().values(
                id="R1", kind="river", name="拱宸桥", lon=120.1, lat=30.3, datum="1985",
                thresholds={"level": {"warning": 2.66}}, updated_at=NOW, feed="b", **visible,
            )
        )  # fmt: skip
        for factor in ("level", "rain"):
            insert_rows(conn, reading, [_reading(factor, n) for n in range(YEAR_STEPS)])
        insert_rows(conn, camera, [_camera(n) | visible for n in range(CAMERAS)])
        insert_rows(conn, case, [_case(n) | visible for n in range(CASES)])


def run(say: Callable[[str, str, str], None]) -> None:
    """Measure and print."""
    for name, make in (("SQLite", sqlite), ("PostgreSQL", postgres)):
        with make() as store, tempfile.TemporaryDirectory() as folder:
            fill(store)
            app = create_app(Settings(data_dir=Path(folder)), store)
            actor = manage.Actor(name="bench", role="", city_at=NOW)
            token = manage.add_token(store, actor, name="b", role="commander", scopes=[CITY])[1]
            ask = _asker(app.server.test_client(), token)
            year = "from=2025-07-01T00:00:00Z&to=2026-07-01T00:00:00Z"
            readings = f"/api/v1/stations/R1/readings?{year}&factor="
            say(f"{name}: a year of level, 105,120 readings", ask(readings + "level"), "< 1 s")
            say(f"{name}: a year of rain in columns", ask(readings + "rain"), "< 1 s")
            say(f"{name}: a day of level", ask("/api/v1/stations/R1/readings?factor=level"), "")
            near = "/api/v1/nearby?lon=120.2&lat=30.25"
            say(f"{name}: what is near, of 23,800 cameras", ask(near), "")
            say(f"{name}: earlier cases, of 100,000", ask("/api/v1/cases/C50000/before"), "")


def _asker(client: FlaskClient, token: str) -> Callable[[str], str]:
    def ask(path: str) -> str:
        took = []
        size = 0
        for _ in range(TIMES):
            begun = time.perf_counter()
            answer = client.get(path, headers={"Authorization": f"Bearer {token}"})
            took.append((time.perf_counter() - begun) * 1000)
            assert answer.status_code == 200, answer.text
            size = len(answer.data)
        first, rest = took[0], statistics.median(took[1:])
        return f"first {first:.0f} ms, then {rest:.0f} ms, {size / 1000:.0f} kB"

    return ask


def _reading(factor: str, n: int) -> dict[str, Any]:
    at = NOW - timedelta(minutes=5 * n)
    return {
        "station": "R1", "factor": factor, "at": at, "revision": 0, "flag": None,
        "value": (n * 7919 % 1000) / 1000, "known_at": at, "real_at": at, "drill": False,
    }  # fmt: skip


def _where(n: int) -> dict[str, float]:
    return {"lon": 119.9 + (n * 37 % 4000) / 8000, "lat": 30.0 + (n * 91 % 4000) / 8000}


def _camera(n: int) -> dict[str, Any]:
    return {
        "id": f"K{n}", "name": f"路口{n}", **_where(n), "source": "police", "status": "on",
        "wall_allowed": True, "position_type": None, "room_type": None, "secrecy": None,
        "streams": [], "jurisdiction": None, "updated_at": NOW, "feed": "b",
    }  # fmt: skip


def _case(n: int) -> dict[str, Any]:
    at = NOW - timedelta(minutes=n)
    return {
        "id": f"C{n}", "version": 1, "kind": "event", "source": "collector", "category_version": 1,
        "subcategory": f"01{n % 18 + 1:02d}", "description": "", "address": None, **_where(n),
        "jurisdiction": None, "unit": None, "stage": "closed", "stage_at": at, "marks": [],
        "urgency": 0, "photos": [], "reported_at": at, "updated_at": at, "due_at": None,
        "ended_at": at, "live": False, "known_at": at, "feed": "b",
    }  # fmt: skip
