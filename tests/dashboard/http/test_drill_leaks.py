"""Nothing of a drill enters what is real: every door is walked before, during and after one.

Each GET route of the real application stands in ``DOORS``; a new one must be classified here. What
a door says during the drill is what it said before, but for what is marked as the drill's.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from dash import Dash
from sqlalchemy import insert, select, true

from dashboard.accounts import manage
from dashboard.app import create_app
from dashboard.domain.topics import TOPICS
from dashboard.settings import Settings
from data_access import dangers, escalation, figures, indicators, proposals, tables, treating
from data_access.alerts.engine import Engine
from data_access.clock import StoreClock, set_clock
from data_access.commands.screens import put_screen
from data_access.events import reach
from data_access.feeds import drill
from data_access.ingest import Policy, ingest
from data_access.queries import live
from data_access.store import Store
from tests.dashboard.http.town import CITY, NOW, a_case, describe_city

STANDING = 1e-9
SAID = "equal"
MARKED = "equal but for what is marked"
OWN = "about one operation: says itself what it is"
BARE = "nothing of the city"

LISTS = ("cases", "stations", "readings", "places", "warnings", "alerts", "feeds", "calls")
"""Lists that leave drills out, and give them marked where they are asked for."""

DOORS: dict[str, tuple[str, tuple[str, ...]]] = {
    "/api/v1/accounts": (SAID, ("",)),
    "/api/v1/alert-rules": (SAID, ("",)),
    "/api/v1/alerts": (SAID, ("", "?live=true", "?as_of={now}")),
    "/api/v1/alerts/<alert_id>": (SAID, ("/{alert}",)),
    "/api/v1/alerts/ended": (SAID, ("?subject=stations/R2",)),
    "/api/v1/alerts/performance": (SAID, ("?span=8h", "?span=30d")),
    "/api/v1/audit": (MARKED, ("",)),
    "/api/v1/calls": (SAID, ("",)),
    "/api/v1/cameras": (SAID, ("",)),
    "/api/v1/cameras/<path:thing_id>": (SAID, ("/K1",)),
    "/api/v1/cases": (SAID, ("", "?live=true", "?as_of={now}")),
    "/api/v1/cases/<path:case_id>": (SAID, ("/c1",)),
    "/api/v1/cases/<path:case_id>/before": (SAID, ("/c1/before?within_m=50000",)),
    "/api/v1/cases/<path:case_id>/desk": (SAID, ("/c1/desk",)),
    "/api/v1/duty": (SAID, ("",)),
    "/api/v1/events": (SAID, ("",)),
    "/api/v1/events/<operation_id>": (SAID, ("/{event}",)),
    "/api/v1/events/<operation_id>/coverage": (SAID, ("/{event}/coverage",)),
    "/api/v1/events/<operation_id>/inside": (SAID, ("/{event}/inside",)),
    "/api/v1/events/<operation_id>/record": (SAID, ("/{event}/record",)),
    "/api/v1/feeds": (SAID, ("",)),
    "/api/v1/handovers": (SAID, ("",)),
    "/api/v1/handovers/<int:handover_id>": (SAID, ("/1",)),
    "/api/v1/handovers/sheet": (MARKED, ("",)),
    "/api/v1/indicators": (SAID, ("?period=month", "?period=today&group=subcategory")),
    "/api/v1/indicators/bases": (SAID, ("",)),
    "/api/v1/indicators/cases": (SAID, ("?measure=reported&period=today",)),
    "/api/v1/indicators/heat": (SAID, ("?measure=reported&period=today",)),
    "/api/v1/indicators/repeats": (SAID, ("",)),
    "/api/v1/jurisdictions": (SAID, ("",)),
    "/api/v1/me": (SAID, ("",)),
    "/api/v1/mode": (MARKED, ("", "?as_of={now}")),
    "/api/v1/nearby": (SAID, ("?lon=120.2&lat=30.3&within_m=50000&limit=50",)),
    "/api/v1/nearby/cases": (SAID, ("?kind=event&subcategory=0406&lon=120.2&lat=30.3",)),
    "/api/v1/openapi.json": (SAID, ("",)),
    "/api/v1/operations": (MARKED, ("", "?live=true")),
    "/api/v1/operations/<operation_id>": (OWN, ("/{drill}",)),
    "/api/v1/operations/<operation_id>/tasks": (OWN, ("/{drill}/tasks",)),
    "/api/v1/operations/<operation_id>/timeline": (OWN, ("/{drill}/timeline",)),
    "/api/v1/operations/<operation_id>/timeline.xlsx": (BARE, ()),  # test_drill_sheet
    "/api/v1/outbox": (MARKED, ("",)),
    "/api/v1/places": (SAID, ("",)),
    "/api/v1/places/<path:place_id>/states": (SAID, ("/L1/states",)),
    "/api/v1/places/<path:thing_id>": (SAID, ("/L1",)),
    "/api/v1/plans": (SAID, ("",)),
    "/api/v1/promises": (SAID, ("",)),
    "/api/v1/readings": (SAID, ("", "?as_of={now}")),
    "/api/v1/rejects": (SAID, ("",)),
    "/api/v1/responders": (SAID, ("",)),
    "/api/v1/responders/<path:thing_id>": (SAID, ("/T1",)),
    "/api/v1/scenes": (SAID, ("",)),
    "/api/v1/screens": (MARKED, ("",)),
    "/api/v1/screens/<screen_id>": (MARKED, ("/hall",)),
    "/api/v1/screens/<screen_id>/scenes": (SAID, ("/hall/scenes",)),
    "/api/v1/search": (MARKED, ("?q=积水", "?q=河道站")),
    "/api/v1/shift": (MARKED, ("?since={before}",)),
    "/api/v1/snapshot/<topic>": (MARKED, tuple(f"/{topic.name}" for topic in TOPICS)),
    "/api/v1/stations": (SAID, ("",)),
    "/api/v1/stations/<path:station_id>/readings": (SAID, ("/R1/readings?factor=level",)),
    "/api/v1/stations/<path:station_id>/suspect": (SAID, ("/R1/suspect",)),
    "/api/v1/tokens": (SAID, ("",)),
    "/api/v1/typhoons": (SAID, ("",)),
    "/api/v1/warnings": (SAID, ("", "?live=true", "?as_of={now}")),
    **dict.fromkeys(
        (
            *("/", "/<path:path>", "/login", "/assets/<path:filename>", "/_reload-hash"),
            "/assets/pingji.<any(css, js):kind>",
            *("/_dash-dependencies", "/_dash-layout", "/_favicon.ico"),
            "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
            *("/tiles/<int:layer>/<int:z>/<int:x>/<int:y>", "/video/demo/<string:name>"),
            "/video/demo/frame/<path:camera_id>",
        ),
        (BARE, ()),
    ),
}

REAL = (
    *("case", "case_event", "case_version", "case_counted", "indicator_sum", "figure", "proposal"),
    *("station", "reading_latest", "place", "place_record", "alert", "alert_record", "escalation"),
    *("warning", "desk_number", "promise"),
)
"""Tables whose real rows are the same to the last column."""


class Hall:
    """The real application before a small city whose clock stands."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        describe_city(store)
        with store.write() as writer:
            writer.conn.execute(
                insert(tables.category).values(
                    list_version=1,
                    kind="event",
                    code="0406",
                    class_code="04",
                    class_name="市政",
                    name="道路积水",
                    verified=True,
                )
            )
            set_clock(writer, anchor_city=NOW, speed=STANDING)
            put_screen(
                writer, screen_id="hall", name="大厅", scope=CITY, scene_id=None, geometry={}
            )
        self.app: Dash = create_app(Settings(data_dir=folder), store)
        actor = manage.Actor(name="test", role="", city_at=NOW)
        self.tokens = {
            role: manage.add_token(store, actor, name=role, role=role, scopes=[CITY])[1]
            for role in ("administrator", "commander", "supervisor")
        }
        self.clock = StoreClock(store)
        self.steps = [
            Engine(store, self.clock).step,
            treating.make(store, self.clock),
            dangers.make(store, self.clock),
            reach.make(store, self.clock),
            escalation.make(store, self.clock),
            indicators.Counter(store, self.clock).count,
            proposals.make(store, self.clock),
        ]
        self.feed = drill.make(store, self.clock)
        self.holes = {
            "{now}": NOW.isoformat().replace("+", "%2B"),
            "{before}": (NOW - timedelta(hours=2)).isoformat().replace("+", "%2B"),
        }

    def tell(self, kind: str, *records: dict[str, Any]) -> None:
        report = ingest(self.store, kind, records, feed="push:t", now=NOW, policy=Policy())
        assert not report.rejected, report.rejected[0]

    def settle(self) -> None:
        for _ in range(2):
            for step in self.steps:
                while step():
                    pass

    def call(self, method: str, path: str, role: str = "administrator", **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.tokens[role]}"}
        return self.app.server.test_client().open(path, method=method, headers=headers, **more)

    def walk(self, kind: str) -> dict[str, Any]:
        """What each door of a kind says."""
        said: dict[str, Any] = {}
        for rule, (how, paths) in DOORS.items():
            if how != kind:
                continue
            base = rule.partition("/<")[0]
            for path in paths:
                full = base + path
                for hole, filling in self.holes.items():
                    full = full.replace(hole, filling)
                answers = (self.call("GET", full, role) for role in self.tokens)
                answer = next(it for it in answers if it.status_code != 403)
                body = orjson.loads(answer.data) if answer.data else None
                said[base + path] = (answer.status_code, plain(body))
        return said

    def rows(self, name: str) -> list[Any]:
        """The real rows of a table, whole, in order."""
        table = getattr(tables, name)
        query = select(table)
        if "drill" in table.c:
            query = query.where(table.c.drill.is_(False))
        elif name == "alert_record":
            query = query.join(tables.alert, tables.alert.c.id == table.c.alert_id)
            query = query.where(tables.alert.c.drill.is_(False))
        elif "case_id" in table.c or "place_id" in table.c:
            query = query.where(~table.c[table.c.keys()[0]].startswith("20260701-D"))
        with self.store.read() as conn:
            return sorted(repr(tuple(row)) for row in conn.execute(query))


def plain(body: Any) -> Any:
    """A snapshot's rows by their columns; without numbers of changes and real times."""
    if isinstance(body, dict):
        if isinstance(body.get("rows"), list) and "columns" in body:
            rows = [dict(zip(body["columns"], row, strict=True)) for row in body["rows"]]
            for row in rows:
                if "bands" in row:  # each says itself whether it is a drill's
                    row["bands"] = [band for band in row["bands"] if not band[6]]
            # where an operation acted once, a row stays that says routine
            return {"rows": [plain(row) for row in rows if row.get("mode") != "routine"]}
        return {
            name: plain(value)
            for name, value in body.items()
            if name not in ("seq", "used_at") and not name.startswith("real_")
        }
    return [plain(it) for it in body] if isinstance(body, list) else body


def differences(before: Any, after: Any, at: str = "") -> Iterator[str]:
    """Where an answer is another than before, and does not say that it is of a drill."""
    if before == after or (isinstance(after, dict) and after.get("drill") is True):
        return
    if isinstance(before, dict) and isinstance(after, dict) and before.keys() == after.keys():
        for name in before:
            yield from differences(before[name], after[name], f"{at}.{name}")
        return
    keyed = isinstance(before, list) and isinstance(after, list)
    if keyed and all(isinstance(it, dict) and "id" in it for it in [*before, *after]):
        known = {(it.get("topic"), it["id"]): it for it in before}
        found = {(it.get("topic"), it["id"]): it for it in after}
        if len(found) == len(after):
            for key, it in found.items():
                yield from differences(known.get(key), it, f"{at}[{key[1]}]")
            yield from (f"{at}[{key[1]}] went" for key in known.keys() - found.keys())
            return
    yield f"{at}: {str(before)[:300]} became {str(after)[:300]}"


@pytest.fixture
def hall(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Hall:
    monkeypatch.setattr(figures, "EVERY_S", 0.0)
    made = Hall(store, tmp_path)
    at = NOW - timedelta(minutes=3)
    where = {"jurisdiction": "330102"}
    line = {"level": {"warning": 3.0, "guarantee": 4.0}}
    made.tell(
        "stations",
        *(
            {
                "id": f"R{n}",
                "kind": "river",
                "name": f"河道站{n}",
                "lon": 120.2 + n / 100,
                "lat": 30.3,
                "datum": "1985",
                "thresholds": line,
                "river": "中河",
                **where,
            }
            for n in (1, 2, 3)
        ),
        {"id": "P1", "kind": "rain", "name": "雨量站", "lon": 120.2, "lat": 30.3, **where},
    )
    made.tell(
        "readings",
        {"station": "R1", "factor": "level", "at": at, "value": 2.1},
        {"station": "R2", "factor": "level", "at": at, "value": 3.4},
        {"station": "R3", "factor": "level", "at": at, "value": 2.2},
        {"station": "P1", "factor": "rain", "at": at, "value": 0.2},
    )
    for n, kind in enumerate(("low_point", "low_point", "underpass"), 1):
        made.tell(
            "places",
            {
                "id": f"L{n}",
                "kind": kind,
                "name": f"积水点{n}",
                "lon": 120.2,
                "lat": 30.3 + n / 200,
                "state": "normal",
                "at": at,
                "depth_cm": 0,
                "cameras": ["K1"],
                **where,
            },
        )
    made.tell(
        "cameras",
        {
            "id": "K1",
            "name": "路口",
            "lon": 120.2,
            "lat": 30.3,
            "source": "police",
            "status": "on",
            **where,
        },
    )
    made.tell(
        "responders",
        {
            "id": "T1",
            "kind": "team",
            "name": "抢险队",
            "lon": 120.2,
            "lat": 30.3,
            "at": at,
            "status": "available",
        },
    )
    due = (NOW - timedelta(hours=1)).isoformat()
    made.tell(
        "cases",
        a_case("c1", subcategory="0406", stage="dispatched", unit="u1", due_at=due),
        a_case("c2", subcategory="0406"),
        a_case("c3"),
    )
    made.tell(
        "warnings",
        {
            "id": "w1",
            "event": "暴雨",
            "headline": "发布暴雨蓝色预警",
            "sender": "市气象台",
            "colour": "blue",
            "sent": at,
            "effective_at": at,
            "status": "actual",
            "msg_type": "alert",
            "areas": [{"desc": "杭州市"}],
        },
    )
    guarded = {"kind": "event", "name": "音乐节", "area": "330106", "reason": "任务"}
    event = made.call("POST", "/api/v1/operations", "commander", json=guarded)
    assert event.status_code == 201, event.text
    made.holes["{event}"] = event.json["id"]
    made.settle()
    (alert,) = made.call("GET", "/api/v1/alerts?live=true&limit=1").json["items"]
    made.holes["{alert}"] = alert["id"]
    return made


DRILL = {
    "kind": "emergency",
    "level": 2,
    "scenario": "flood-typhoon",
    "issuer": "市防指",
    "area": CITY,
    "drill": True,
    "input": "storm",
    "effective_at": (NOW - timedelta(minutes=80)).isoformat(),
    "reason": "汛前演练",
}


def test_every_door_stands_in_the_table(hall: Hall) -> None:
    mounted = {
        rule.rule for rule in hall.app.server.url_map.iter_rules() if "GET" in (rule.methods or ())
    }
    assert mounted == DOORS.keys()


def test_nothing_of_a_drill_enters_what_is_real(hall: Hall) -> None:
    said, marked = hall.walk(SAID), hall.walk(MARKED)
    assert {status for status, _ in [*said.values(), *marked.values()]} <= {200, 404}
    stood = {name: hall.rows(name) for name in REAL}
    started = hall.call("POST", "/api/v1/operations", "commander", json=DRILL)
    assert started.status_code == 201, started.text
    assert started.json["id"] == "20260701-D01"
    hall.holes["{drill}"] = started.json["id"]
    hall.feed()
    hall.settle()

    # there is a drill to be left out: rows of every kind, on their way to every screen
    counts = {}
    for name in LISTS:
        asked = f"/api/v1/{name}?drill=true&limit=2000"
        items = hall.call("GET", asked, "supervisor").json["items"]
        assert all(item["drill"] is True for item in items)
        counts[name] = len(items)
    assert min(counts.values()) > 0, counts
    with hall.store.read() as conn:
        shown = {it.name: sum(row.drill for row in live.rows(conn, it.name, None)) for it in TOPICS}
    assert all(shown[name] for name in (*LISTS, "operations", "mode", "tasks"))
    assert not any(shown[name] for name in ("figures", "proposals", "cameras", "responders"))

    def check() -> None:
        wrong = [
            f"{path}{difference}"
            for kind, before in ((SAID, said), (MARKED, marked))
            for path, answer in hall.walk(kind).items()
            for difference in (
                [f": {before[path]} became {answer}"[:600]] * (before[path] != answer)
                if kind == SAID
                else differences(before[path][1], answer[1])
            )
        ]
        assert not wrong, "\n".join(wrong)
        assert {name: hall.rows(name) for name in REAL} == stood

    check()
    for path, (status, body) in hall.walk(OWN).items():
        assert status == 200
        told = body.get("operation", body)
        rows = body.get("items", [])
        assert told.get("drill") is True or (rows and all(row["drill"] for row in rows)), path

    ended = hall.call(
        "POST",
        f"/api/v1/operations/{started.json['id']}/end",
        "commander",
        json={"reason": "中止演练"},
    )
    assert ended.status_code == 200, ended.text
    with hall.store.read() as conn:
        left = {it.name: sum(row.drill for row in live.rows(conn, it.name, None)) for it in TOPICS}
    assert not any(left.values()), left
    hall.feed()
    hall.settle()
    check()
    with hall.store.read() as conn:
        kept = conn.execute(select(tables.case.c.id).where(tables.case.c.drill == true())).all()
    assert kept
