"""The city that the streams are measured over: its cases, stations, cameras and one leader."""

import json
import random
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from dashboard.accounts.demo import demo_credentials
from dashboard.domain.records import Limits
from data_access.clock import set_clock
from data_access.feeds.lists import write_city, write_jurisdictions
from data_access.ingest import Policy, ingest
from data_access.store import Store

CITY = "330100"
CASES, STATIONS, CAMERAS = 8_000, 658, 1_500
LEARN = Policy(limits=Limits(unknown="learn"))


def case(n: int, now: datetime, stage: str = "dispatched") -> dict[str, Any]:
    """One open case, in one of its stages."""
    reported = now - timedelta(hours=6, seconds=n)
    return {
        "id": f"20160904{n:07d}",
        "kind": "event",
        "source": "collector",
        "reported_at": reported.isoformat(),
        "updated_at": now.isoformat(),
        "subcategory": f"01{n % 18 + 1:02d}",
        "description": "路口北侧人行道有暴露垃圾，约两平方米，影响通行",
        "lon": round(120.05 + (n * 37 % 1000) / 5000, 6),
        "lat": round(30.20 + (n * 91 % 1000) / 5000, 6),
        "jurisdiction": CITY,
        "unit": f"U{n % 400:04d}",
        "stage": stage,
        "stage_at": now.isoformat(),
        "due_at": (reported + timedelta(hours=9)).isoformat(),
        "events": [{"stage": "filed", "at": (reported + timedelta(minutes=7)).isoformat()}],
    }


def reading(n: int, now: datetime) -> dict[str, Any]:
    """One reading of one of the stations."""
    return {
        "station": f"S{n % STATIONS:04d}",
        "factor": "level",
        "at": now.isoformat(),
        "value": round(1.5 + random.random(), 3),
    }


def fill(store: Store) -> dict[str, str]:
    """Make the city; returns a token of each role."""
    now = datetime.now(UTC)
    with store.write() as writer:
        set_clock(writer, anchor_city=now, speed=1.0)
        write_city(
            writer,
            path=CITY,
            name="杭州市",
            name_en=None,
            time_zone="Asia/Shanghai",
            centre=(120.2, 30.25),
            settings={},
        )
        city = [{"id": CITY, "name": "杭州市", "level": "city"}]
        write_jurisdictions(writer, city, root=CITY)
    stations = [
        {
            "id": f"S{n:04d}",
            "kind": "river",
            "name": f"测站{n}",
            "lon": 120.0 + n / 5000,
            "lat": 30.2,
        }
        for n in range(STATIONS)
    ]
    cameras = [
        {
            "id": f"C{n:05d}",
            "name": f"视频点位{n}",
            "lon": 120.0 + n / 9000,
            "lat": 30.25,
            "source": "police",
            "status": "on",
        }
        for n in range(CAMERAS)
    ]
    for kind, records in (
        ("stations", stations),
        ("cameras", cameras),
        ("readings", [reading(n, now) for n in range(STATIONS)]),
        ("cases", [case(n, now) for n in range(CASES)]),
    ):
        report = ingest(store, kind, records, feed="bench", now=now, policy=LEARN)
        if report.rejected:
            raise RuntimeError(f"{kind}: {report.rejected[0]}")
    with tempfile.TemporaryDirectory() as folder:
        demo_credentials(store, Path(folder), CITY, city_at=now)
        document = json.loads((Path(folder) / "credentials.json").read_text())
    return {entry["role"]: entry["token"] for entry in document["tokens"]}
