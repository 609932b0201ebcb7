"""A drill's input: twins of the area under a storm, told until the drill ends, and nothing else."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from data_access import drill_recordings, escalation
from data_access.commands import operations as commands
from data_access.feeds import drill
from data_access.ingest import DrillOver, Policy, ingest
from data_access.queries import live
from data_access.store import Store
from data_access.tables import alert, case, category, change, feed, place, reading, station, unit
from tests.data_access.alerts.city import CITY, LEARN, NOW, Town

EAST = {"jurisdiction": "330102"}


@pytest.fixture
def town(store: Store) -> Town:
    made = Town(store)
    with store.write() as writer:
        row = {"list_version": 1, "kind": "event", "class_code": "04", "class_name": "市政"}
        writer.conn.execute(
            insert(category).values(**row, code="0406", name="道路积水", verified=True)
        )
    for n in range(4):
        made.station(f"R{n}", lon=120.2 + n / 100)
    made.station("P1", kind="rain")
    made.station("W1", jurisdiction="330106")
    made.read("R1", 2.4)
    made.tell(
        "places",
        *(
            {
                "id": f"U{n}",
                "kind": "underpass",
                "name": f"下穿{n}",
                "lon": 120.2,
                "lat": 30.3,
                "state": "normal",
                "at": NOW,
                "depth_cm": 0,
                "jurisdiction": "330102",
            }
            for n in range(3)
        ),
    )
    return made


def start(
    town: Town,
    *,
    area: str = "330102",
    is_drill: bool = True,
    fed: str = "storm",
    **more: Any,
) -> str:
    draft = commands.Draft(
        kind="emergency",
        level=2,
        scenario="flood-typhoon",
        name="",
        area=area,
        issuer="市防指",
        basis="",
        drill=is_drill,
        input=fed if is_drill else None,
        **more,
    )
    said = commands.Said(by="chief", role="commander", now=town.clock.at, reason="演练")
    with town.store.write() as writer:
        return str(commands.start(writer, draft, said, day="20160904")["id"])


def end(town: Town, name: str) -> None:
    said = commands.Said(by="chief", role="commander", now=town.clock.at, reason="中止演练")
    with town.store.write() as writer:
        commands.end(writer, name, said, version=None)


def shown(town: Town) -> dict[str, int]:
    topics = ("stations", "readings", "places", "cases", "warnings", "alerts", "feeds")
    with town.store.read() as conn:
        return {name: sum(it.drill for it in live.rows(conn, name, None)) for name in topics}


def ends_for_good(town: Town, name: str, step: Callable[[], object]) -> None:
    """End a drill: nothing of it is shown, nor afterwards when its feed would speak again."""
    end(town, name)
    assert not any(shown(town).values())
    town.clock.at += timedelta(minutes=10)
    step()
    town.run()
    assert not any(shown(town).values())


def real(town: Town) -> list[Any]:
    with town.store.read() as conn:
        return [
            conn.execute(select(it).where(it.c.drill.is_(False)).order_by(it.c.id)).all()
            for it in (station, place, alert)
        ]


def test_a_drill_is_fed_in_its_area_until_it_ends_and_goes_on_after_a_restart(town: Town) -> None:
    stood = real(town)
    name = start(town)
    step = drill.make(town.store, town.clock)
    for minutes in (1, 30, 20):
        town.clock.at += timedelta(minutes=minutes)
        step()
        town.run()
    first = shown(town)
    assert first["stations"] == 5  # not the one of the west
    assert min(first.values()) > 0, first
    with town.store.read() as conn:
        states = conn.execute(select(place.c.state).where(place.c.drill)).scalars().all()
        before = conn.execute(select(func.count()).select_from(reading)).scalar_one()
        scopes = {it.scope for it in live.rows(conn, "warnings", None) if it.drill}
    assert "closed" in states
    assert scopes == {f"{CITY}/330102"}

    step = drill.make(town.store, town.clock)  # a new process
    step()
    with town.store.read() as conn:
        assert conn.execute(select(func.count()).select_from(reading)).scalar_one() == before
    town.clock.at += timedelta(minutes=10)
    step()
    with town.store.read() as conn:
        told = conn.execute(select(func.count()).select_from(reading)).scalar_one() - before
    assert told == 5 * 2  # five stations, every five minutes
    ends_for_good(town, name, step)
    with town.store.read() as conn:
        state = conn.execute(select(feed.c.state).where(feed.c.drill)).scalar_one()
        assert state == "ended"
        assert conn.execute(select(func.count()).where(case.c.drill)).scalar_one() > 0
        assert not conn.execute(select(alert.c.id).where(alert.c.drill, alert.c.live)).all()
    assert real(town) == stood


FAR = """
id = "far"
name = "远方市"
time_zone = "UTC"
centre = [-1.6, 52.8]
start = 2021-05-07T08:00:00Z
[stations]
kind = "events"
rows = [{id = "S1", kind = "river", name = "上游站", lon = -1.6, lat = 52.8, datum = "1985", thresholds = {level = {warning = 2.0}}, jurisdiction = "elsewhere"}]
[readings]
kind = "events"
rows = [
  {station = "S1", factor = "level", at = "2021-05-07T07:50:00Z", value = 1.9},
  {station = "S1", factor = "level", at = "2021-05-07T08:40:00Z", value = 2.2},
  {station = "S1", factor = "level", at = "2021-05-07T09:00:00Z", value = 2.3},
]
[cases]
kind = "events"
files = "cases.csv"
map = {id = "id", kind = "kind", subcategory = "code", source = "source", stage = "stage", description = "what", unit = "unit", reported_at = "at", stage_at = "at", lon = "lon", lat = "lat"}
"""
CASES = """id,kind,code,source,stage,what,unit,at,lon,lat
C1,event,0406,12345,reported,路口积水,theirs,2021-05-07T08:20:00Z,-1.61,52.81
C2,event,theirs,12345,reported,别处的事,theirs,2021-05-07T08:20:00Z,-1.61,52.81
"""


def test_a_recording_of_elsewhere_is_replayed_here_and_now_and_leaves_nothing(
    town: Town, tmp_path: Path
) -> None:
    (tmp_path / "city.toml").write_text(FAR, "utf-8")
    (tmp_path / "cases.csv").write_text(CASES, "utf-8")
    missing = {"path": str(tmp_path / "gone")}
    offered = drill_recordings.offered([], [missing, {"path": str(tmp_path)}])
    assert offered["recording:far"].words.zh == "回放：远方市"
    known = {name: it.place for name, it in offered.items()}
    stood = real(town)
    name = start(town, area=CITY, fed="recording:far")
    step = drill.make(town.store, town.clock, known)
    town.clock.at += timedelta(minutes=15)
    step()
    town.run()
    with town.store.read() as conn:
        (gauge,) = conn.execute(select(station).where(station.c.drill)).mappings()
        values = select(reading.c.at, reading.c.value).where(reading.c.station == f"{name}:S1")
        read = [tuple(it) for it in conn.execute(values)]
        titles = conn.execute(select(feed.c.name).where(feed.c.drill)).scalars().all()
    assert titles == [f"【演练】{name} 回放 远方市 · 时间、位置已平移"]
    assert (gauge["id"], gauge["name"]) == (f"{name}:S1", "【演练】上游站")
    assert (gauge["lon"], gauge["lat"], gauge["scope"]) == (120.2, 30.3, CITY)
    assert read == [(NOW - timedelta(minutes=10), 1.9)]  # of what comes nothing is known
    assert shown(town)["cases"] == 0

    step = drill.make(town.store, town.clock, known)  # a new process
    town.clock.at += timedelta(minutes=50)
    step()
    town.run()
    with town.store.read() as conn:
        read = [tuple(it) for it in conn.execute(values.order_by(reading.c.at))]
        (row,) = conn.execute(select(case).where(case.c.drill)).mappings()
        raised = conn.execute(select(alert.c.subject_id).where(alert.c.drill)).scalars().all()
        codes = conn.execute(select(category.c.code)).scalars().all()
    assert read[1:] == [(NOW + timedelta(minutes=40), 2.2), (NOW + timedelta(minutes=60), 2.3)]
    assert (row["id"], row["description"], row["unit"]) == (f"{name}:C1", "【演练】路口积水", None)
    assert row["reported_at"] == NOW + timedelta(minutes=20)
    assert f"{name}:S1" in raised, dict(gauge)
    assert codes == ["0406"]  # what only the other city knows is refused, not learned
    ends_for_good(town, name, step)
    assert real(town) == stood


def test_a_recording_of_the_city_itself_keeps_its_codes_and_teaches_none(
    town: Town, tmp_path: Path
) -> None:
    own = FAR.replace('id = "far"', f'id = "{CITY}"\nunknown = "learn"')
    (tmp_path / "city.toml").write_text(own.replace("-1.6,", "120.3,"), "utf-8")
    (tmp_path / "cases.csv").write_text(CASES.replace("C1,event,0406", "C1,event,tree-down"))
    with town.store.write() as writer:
        row = {"list_version": 1, "kind": "event", "class_code": "tr", "class_name": "树"}
        writer.conn.execute(insert(category).values(**row, code="tree-down", name="树倒"))
        writer.conn.execute(insert(unit).values(id="theirs", name="他们", scope=CITY))
    known = {
        name: it.place
        for name, it in drill_recordings.offered([], [{"path": str(tmp_path)}]).items()
    }
    name = start(town, area=CITY, fed=f"recording:{CITY}")
    step = drill.make(town.store, town.clock, known)
    town.clock.at += timedelta(minutes=30)
    step()
    with town.store.read() as conn:
        found = conn.execute(select(case.c.id, case.c.lon, case.c.unit).where(case.c.drill)).all()
        codes = conn.execute(select(category.c.code)).scalars().all()
        title = conn.execute(select(feed.c.name).where(feed.c.drill)).scalar_one()
    assert [tuple(it) for it in found] == [(f"{name}:C1", -1.61, "theirs")]  # nothing is moved
    assert sorted(codes) == ["0406", "tree-down"]
    assert title.endswith("· 时间已平移")


def test_a_real_start_takes_the_drill_off_every_screen_in_one_frame(town: Town) -> None:
    start(town)
    step = drill.make(town.store, town.clock)
    town.clock.at += timedelta(minutes=50)
    step()
    town.run()
    calls = escalation.make(town.store, town.clock)
    calls()
    with town.store.read() as conn:
        seen = {
            (it.name, row.row[0])
            for it in (*live_topics(),)
            for row in live.rows(conn, it.name, None)
            if row.drill and it.name not in ("mode", "operations", "tasks")
        }
        last = conn.execute(select(func.max(change.c.seq))).scalar_one()
    start(town, area=CITY, is_drill=False)
    with town.store.read() as conn:
        frame = conn.execute(select(change.c.topic, change.c.key).where(change.c.seq > last)).all()
    told = {(topic, key) for topic, key in frame}
    assert seen <= told
    assert {"operations", "mode"} <= {topic for topic, _ in told}
    assert not any(shown(town).values())


def live_topics() -> tuple[Any, ...]:
    from dashboard.domain.topics import TOPICS

    return TOPICS


def test_what_is_real_and_what_is_of_a_drill_never_overwrite_each_other(town: Town) -> None:
    name = start(town)
    step = drill.make(town.store, town.clock)
    step()
    mine = f"{name}:R1"
    record = {"id": mine, "kind": "river", "name": "x", "lon": 120.2, "lat": 30.3, "datum": "1985"}
    later = town.clock.at + timedelta(seconds=1)
    for kind, raw in (
        ("stations", record),
        ("readings", {"station": mine, "factor": "level", "at": town.clock.at, "value": 9.9}),
    ):
        report = ingest(town.store, kind, [raw], feed="push:t", now=later, policy=LEARN)
        assert [it.reason for it in report.rejected] == ["此编号属于演练"]
    policy = Policy(limits=LEARN.limits, drill=True, operation=name, area=f"{CITY}/330102")
    report = ingest(
        town.store, "stations", [{**record, "id": "R1"}], feed="drill:x", now=later, policy=policy
    )
    assert [it.reason for it in report.rejected] == ["演练不得改动真实对象"]
    end(town, name)
    with pytest.raises(DrillOver):
        ingest(town.store, "stations", [record], feed="drill:x", now=later, policy=policy)


def test_alerts_of_a_drill_have_groups_of_their_own(town: Town) -> None:
    for n in range(4):
        town.read(f"R{n}", 3.5)
    before = {row["id"]: row["group"] for row in town.alerts()}
    assert before
    start(town)
    town.clock.at += timedelta(minutes=60)
    drill.make(town.store, town.clock)()
    town.run()
    rows = town.alerts()
    assert {row["id"]: row["group"] for row in rows if not row["drill"]} == before
    drilled = [row for row in rows if row["drill"]]
    assert drilled
    assert all(row["group"].endswith("@drill") for row in drilled)
