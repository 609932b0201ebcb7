"""Typhoons come in whole and are known as their time comes: fixes, forecasts by issuer, winds."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dashboard.domain.typhoons import KNOT_MS, NAUTICAL_KM
from data_access.imports import Outcome, Source, import_file
from data_access.queries import live
from data_access.store import Store
from data_access.sweep import sweep
from tests.conftest import NOW
from tests.data_access.test_imports import town  # noqa: F401 - a fixture

BEST_TRACK = """tc_id,name,time_utc,grade,lat,lon,pres_hpa,wind_kt,r50_dir_longest,r50_shortest,r30_dir_longest,km_to_hangzhou
1818,RUMBIA,2018-08-16T12:00Z,3,29.9,124.0,990,40,00000,0000,0210,350.0
1818,RUMBIA,2018-08-16T18:00Z,3,30.5,122.6,985,50,90060,0060,0240,210.0
1818,RUMBIA,2018-08-17T00:00Z,3,31.1,120.4,985,45,00000,0000,0240,95.0
1818,RUMBIA,2018-08-17T06:00Z,2,31.6,181.0,988,0,,,,200.0
1818,RUMBIA,2018-08-17T12:00Z,2,31.6,118.0,2000,0,,,,300.0
1818,RUMBIA,gone,2,31.6,118.0,988,0,,,,300.0
1819,SOULIK,2018-08-17T00:00Z,5,19.0,141.0,950,85,00000,0000,0240,2400.0
"""


def _place(time: str, lat: str, lng: str, **more: str) -> dict[str, str]:
    return {"time": time, "lat": lat, "lng": lng, "power": "", "pressure": "", "speed": "", **more}


FORECASTS = [
    {
        "tfid": "202612",
        "name": "烟花",
        "enname": "IN-FA",
        "points": [
            {
                **_place("2026/7/1 2:00:00", "27.2", "124.9", speed="38", pressure="955"),
                "radius7": "400|350|400|320",
                "radius10": "",
                "forecast": [
                    {
                        "tm": "中国",
                        "forecastpoints": [
                            _place("2026/7/1 2:00:00", "27.2", "124.9"),
                            _place("2026/7/1 14:00:00", "28.4", "123.6", speed="40"),
                            _place("2026/7/2 2:00:00", "29.8", "122.0", speed="35"),
                        ],
                    },
                    {
                        "tm": "日本",
                        "forecastpoints": [
                            _place("2026/7/1 2:00:00", "27.1", "125.0"),
                            _place("2026/7/2 2:00:00", "30.3", "121.1"),
                        ],
                    },
                ],
            },
            {
                **_place("2026/7/1 14:00:00", "28.3", "123.7", speed="40"),
                "forecast": [
                    {
                        "tm": "中国",
                        "forecastpoints": [
                            _place("2026/7/1 14:00:00", "28.3", "123.7"),
                            _place("2026/7/3 2:00:00", "31.5", "119.8"),
                        ],
                    }
                ],
            },
        ],
    }
]


def take(store: Store, path: Path, **more: object) -> Outcome:
    return import_file(store, "typhoons", Source(path=path, given={}, **more))


def shown(store: Store) -> dict[str, dict]:
    with store.read() as conn:
        rows = live.rows(conn, "typhoons", None)
    columns = live.BY_NAME["typhoons"].columns
    return {row.row[0]: dict(zip(columns, row.row, strict=True)) for row in rows}


def test_a_best_track_is_converted_and_its_bad_rows_refused_by_name(
    town: Store,  # noqa: F811
    tmp_path: Path,
) -> None:
    path = tmp_path / "track.csv"
    path.write_text(BEST_TRACK, "utf-8")
    begin = NOW - timedelta(hours=7)
    outcome = take(town, path, only="1818", shift_to=begin)
    assert (outcome.read, outcome.accepted) == (6, 4)
    assert [(it.id, it.field) for it in outcome.rejected] == [
        ("1818", "pressure_hpa"),
        ("1818", "at"),
    ]
    assert take(town, path, only="1818", shift_to=begin).accepted == 0
    told = shown(town)["201818"]
    assert (told["name_en"], told["issuer"], told["moved"]) == ("Rumbia", "jma", True)
    assert len(told["track"]) == 2, "what is told of later is not yet known"
    at, lon, lat, wind_ms, hpa, r7, r10, r12 = told["track"][-1]
    assert datetime.fromisoformat(at) == begin + timedelta(hours=6)
    assert (lon, lat, hpa, r12) == (122.6, 30.5, 985, None)
    assert wind_ms == round(50 * KNOT_MS, 1)
    assert r7 == [round(240 * NAUTICAL_KM, 1)] * 4
    assert r10 == [round(60 * NAUTICAL_KM, 1)] * 4
    # the next fix becomes known as its time comes; a day after the last one it is gone
    assert sweep(town, NOW + timedelta(hours=4)) == 0
    assert sweep(town, NOW + timedelta(hours=5)) == 1
    assert shown(town)["201818"]["track"][-1][1] == 120.4
    sweep(town, NOW + timedelta(hours=12))
    assert shown(town)["201818"]["track"][-1][1:4] == [-179.0, 31.6, None]
    sweep(town, NOW + timedelta(hours=36))
    assert shown(town) == {}


def test_forecasts_stand_by_issuer_and_are_replaced_by_their_next(
    town: Store,  # noqa: F811
    tmp_path: Path,
) -> None:
    path = tmp_path / "typhoon.json"
    path.write_text(json.dumps(FORECASTS), "utf-8")
    begin = datetime(2026, 6, 30, 18, tzinfo=UTC)
    outcome = take(town, path, shift_to=NOW - timedelta(hours=1))
    assert (outcome.accepted, outcome.rejected) == (6, [])
    by = NOW - timedelta(hours=1) - begin
    told = shown(town)["202612"]
    assert (told["name"], told["name_en"], told["issuer"]) == ("烟花", "In-Fa", "cma")
    assert told["track"][-1][3:] == [38.0, 955.0, [400, 350, 400, 320], None, None]
    assert [(it["issuer"], len(it["points"])) for it in told["ahead"]] == [("cma", 2), ("jma", 1)]
    assert datetime.fromisoformat(told["ahead"][0]["issued_at"]) == begin + by
    sweep(town, NOW + timedelta(hours=11))
    told = shown(town)["202612"]
    assert len(told["track"]) == 2
    cma, jma = told["ahead"]
    assert datetime.fromisoformat(cma["issued_at"]) == begin + by + timedelta(hours=12)
    assert [point[1] for point in cma["points"]] == [119.8]
    assert [point[1] for point in jma["points"]] == [121.1]
