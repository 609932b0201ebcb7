"""What a switch makes of open cases: 加急, 照常, 顺延; whole after any kill, and given back whole."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from dashboard.domain.profiles import read
from dashboard.domain.records import Limits, validate
from data_access import treating, treatments
from data_access.clock import StoreClock, set_clock
from data_access.commands import event_room, events
from data_access.commands import operations as commands
from data_access.deadlines import write_shipped
from data_access.feeds.lists import write_city, write_jurisdictions
from data_access.ingest import Policy, cases, ingest
from data_access.ingest.batch import Batch, Job
from data_access.queries import case_clocks
from data_access.queries import cases as queries
from data_access.queries.visible import Sight
from data_access.store import Store
from data_access.tables import case, case_event, case_treatment, change

NOW = datetime(2026, 7, 3, 4, tzinfo=UTC)  # a Friday, noon in the city
LEARN = Policy(limits=Limits(unknown="learn"))
FLOOD = commands.Draft(
    kind="emergency",
    level=4,
    scenario="flood-typhoon",
    name="",
    area="330100",
    issuer="市防指",
    basis="",
)
LISTS = read(
    [
        {
            "id": "storm",
            "mode": "emergency",
            "cases": {
                "expedite": [{"classes": ["event/04"], "limit_min": 60}],
                "defer": [{"classes": ["event/05"], "areas": ["330106"]}],
            },
        }
    ]
)


def at(hours: float) -> datetime:
    return NOW + timedelta(hours=hours)


class Town:
    """A city, its follower of operations, and what may be done there."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.write() as writer:
            set_clock(writer, anchor_city=NOW, speed=1)
            write_city(
                writer,
                path="330100",
                name="杭州市",
                name_en=None,
                time_zone="Asia/Shanghai",
                centre=(120.2, 30.2),
                settings={},
            )
            rows = [{"id": "330100", "name": "杭州市", "level": "city"}]
            rows += [
                {"id": it, "name": it, "parent": "330100", "level": "district"}
                for it in ("330105", "330106")
            ]
            write_jurisdictions(writer, rows, root="330100")
            write_shipped(writer)
        self.follower = treating.Treating(store, StoreClock(store))

    def tell(self, name: str, code: str, stage: str, when: float, **more: Any) -> Any:
        moment = at(when)
        record = {
            "id": name,
            "kind": "event",
            "source": "collector",
            "subcategory": code,
            "description": "x",
            "jurisdiction": "330106",
            "reported_at": at(-2),
            "stage": stage,
            "stage_at": moment,
            "updated_at": moment,
            **more,
        }
        policy = replace(LEARN, drill=more.pop("drill", False))
        record.pop("drill", None)
        return ingest(self.store, "cases", [record], feed="t", now=max(moment, NOW), policy=policy)

    def said(self, when: float) -> commands.Said:
        moment = at(when)
        return commands.Said(by="wang", role="commander", now=moment, reason="暴雨红色预警")

    def start(self, when: float = 0, **change: Any) -> str:
        with self.store.write() as writer:
            row = commands.start(writer, replace(FLOOD, **change), self.said(when), day="20260703")
        return str(row["id"])

    def act(self, what: Any, operation: str, when: float, *more: Any) -> None:
        with self.store.write() as writer:
            what(writer, operation, *more, self.said(when), version=None)

    def follow(self) -> None:
        while self.follower.step():
            pass

    def row(self, name: str) -> Any:
        with self.store.read() as conn:
            return conn.execute(select(case).where(case.c.id == name)).one()

    def clocks(self) -> dict[str, tuple]:
        """Every case's clocks."""
        with self.store.read() as conn:
            columns = (
                *("due_at", "near_at", "marks", "paused_s", "running_since", "spent_s"),
                *("desk_due_at", "emergency_due_at", "emergency_by"),
            )
            return {
                row.id: tuple(getattr(row, name) for name in columns)
                for row in conn.execute(select(case))
            }

    def record(self, name: str) -> list[tuple]:
        with self.store.read() as conn:
            query = select(case_event).where(
                case_event.c.case_id == name, case_event.c.kind == "treatment"
            )
            return [
                (row.code, row.at, row.by, row.detail["operation"], row.detail["limit_min"])
                for row in conn.execute(query.order_by(case_event.c.n))
            ]


@pytest.fixture
def town(store: Store) -> Iterator[Town]:
    made = Town(store)
    # Ours by rule: 道路积水 has four urgent hours, under emergency two. Another told by its source.
    made.tell("ours", "0406", "dispatched", -1)
    made.tell("near", "0401", "dispatched", -3.5, reported_at=at(-4))
    made.tell("over", "0401", "dispatched", -5, reported_at=at(-6))
    made.tell("told", "0406", "dispatched", -1, due_at=at(90))
    made.tell("filed", "0406", "filed", -1)
    made.tell("done", "0406", "handled", -1)
    made.tell("litter", "0102", "dispatched", -1)
    made.tell("crowd", "0409", "dispatched", -1)
    made.tell("stalls", "0505", "dispatched", -1)
    made.tell("stalls-there", "0505", "dispatched", -1, jurisdiction="330105")
    made.follow()
    yield made


def test_flood_classes_get_an_emergency_limit_beside_their_deadline(town: Town) -> None:
    before = town.clocks()
    operation = town.start()
    assert town.clocks() == before, "the act itself is short: cases follow"
    town.follow()
    found = {name: town.row(name) for name in before}
    emergency = {name: (row.emergency_due_at, row.emergency_by) for name, row in found.items()}
    assert emergency["ours"] == emergency["told"] == (at(2), operation)
    assert emergency["filed"] == (None, operation), "its unit's clock has not begun"
    for name in ("done", "litter", "crowd", "stalls"):
        assert emergency[name] == (None, None)
        assert town.clocks()[name] == before[name]
    # Our own are counted anew from now, never later; what a source told and what is over stays.
    assert (found["ours"].due_at, found["ours"].due_by) == (at(2), "rule")
    assert found["near"].due_at == before["near"][0] == at(0.5)
    assert found["over"].due_at == before["over"][0] == at(-1)
    assert (found["told"].due_at, found["told"].due_by) == (at(90), "feed")
    assert town.record("ours") == [("expedite", at(0), "wang", operation, 120)]
    # One that comes meanwhile falls under it as it comes.
    town.tell("new", "0406", "dispatched", 0.5, reported_at=at(0.4))
    row = town.row("new")
    assert (row.version, row.emergency_due_at, row.due_at) == (1, at(2.5), at(2.5))
    town.tell("filed", "0406", "dispatched", 1)
    assert town.row("filed").emergency_due_at == at(3)
    # Suspensions are respected.
    town.tell("ours", "0406", "dispatched", 0.5, marks=["suspended"])
    town.tell("ours", "0406", "dispatched", 1)
    assert (town.row("ours").due_at, town.row("ours").emergency_due_at) == (at(2.5), at(2.5))
    with town.store.read() as conn:
        file = queries.find(conn, case_id="told", sight=Sight(scopes=("330100",)))
        assert file is not None
        told, _ = case_clocks.told(town.store, conn, case=file.whole, events=file.events, now=at(1))
    assert told["disposal"]["due_at"] == at(90)
    town.act(commands.end, operation, 3)
    town.follow()
    after = town.clocks()
    for name in set(before) - {"ours", "filed"}:
        assert after[name] == before[name]
    assert after["ours"][0] == at(3.5), "the half hour in which it stood, no more"
    assert after["new"][0] == at(4.5)
    assert [line[0] for line in town.record("told")] == ["expedite", "restored"]
    with town.store.read() as conn:
        held = conn.execute(select(case_treatment).where(case_treatment.c.case_id == "told")).one()
    assert (held.due_at, held.until, held.answered_at) == (at(2), at(3), None)


def test_a_level_reapplies_and_a_revoked_start_leaves_nothing(town: Town) -> None:
    before = town.clocks()
    operation = town.start()
    town.follow()
    town.act(commands.change_level, operation, 0.25, 2)
    town.follow()
    assert town.row("told").emergency_due_at == at(1.25)
    assert town.row("told").due_at == at(90)
    town.act(commands.change_level, operation, 0.5, 4)
    town.follow()
    assert town.row("told").emergency_due_at == at(2)
    assert [line[4] for line in town.record("told")] == [120, 60, 120]
    second = town.start(1, issuer="城管系统")
    town.follow()
    town.act(commands.revoke, second, 1.1)
    town.act(commands.end, operation, 1.2)
    town.follow()
    assert town.clocks() == before
    with town.store.read() as conn:
        rows = conn.execute(select(case_treatment).where(case_treatment.c.revoked)).all()
    assert {row.operation for row in rows} == {second}
    assert ("revoked", at(1.1), "wang", second, None) in town.record("told")


def test_two_that_run_at_once_hold_each_by_itself(town: Town) -> None:
    first = town.start()
    second = town.start(0.5, issuer="城管系统", level=2)
    town.follow()
    assert (town.row("told").emergency_due_at, town.row("told").emergency_by) == (at(1.5), second)
    town.act(commands.end, second, 1)
    town.follow()
    assert (town.row("told").emergency_due_at, town.row("told").emergency_by) == (at(2), first)


def test_deferred_clocks_stand_and_go_on_from_where_they_stood(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(treatments, "shipped", lambda: LISTS)
    before = town.clocks()
    operation = town.start()
    town.follow()
    stalls = town.row("stalls")
    assert (stalls.marks, stalls.running_since, stalls.due_at) == (["deferred"], None, at(9))
    assert town.clocks()["stalls-there"] == before["stalls-there"], "another district"
    # What the platform tells meanwhile takes nothing away, and an answer stays outside the rate.
    town.tell("answered", "0505", "dispatched", 0.5)
    town.tell("answered", "0505", "handled", 1)
    town.tell("stalls", "0505", "handling", 1)
    assert town.row("stalls").marks == town.row("answered").marks == ["deferred"]
    town.act(commands.end, operation, 2)
    town.follow()
    stalls = town.row("stalls")
    assert (stalls.marks, stalls.running_since, stalls.due_at) == ([], at(2), at(21))
    assert (stalls.paused_s, stalls.spent_s) == (2 * 3600, 3600)
    assert town.row("answered").marks == ["deferred"]
    again = town.start(3)
    town.follow()
    town.act(commands.revoke, again, 3.1)
    town.follow()
    assert (town.row("stalls").due_at, town.row("stalls").paused_s) == (at(21), 2 * 3600)
    assert [line[0] for line in town.record("stalls")] == [
        *("defer", "restored", "defer", "revoked")
    ]


def test_a_drill_moves_no_real_clock_and_its_own_alone(town: Town) -> None:
    before = town.clocks()
    town.tell("exercise", "0406", "dispatched", -1, drill=True)
    town.start(drill=True)
    town.follow()
    assert {name: it for name, it in town.clocks().items() if name != "exercise"} == before
    assert town.row("exercise").emergency_due_at == at(2)
    real = town.start(1)  # ends the drill in its area first
    town.follow()
    assert town.row("exercise").emergency_due_at is None
    assert town.row("told").emergency_by == real


def test_a_zone_tightens_its_key_classes_from_when_it_takes_force(town: Town) -> None:
    moment = [NOW]
    clock: Any = SimpleNamespace(now=lambda: moment[0])
    town.follower = treating.Treating(town.store, clock)
    inside = {"kind": "component", "lon": 120.15, "lat": 30.25}
    town.tell("cover", "0101", "dispatched", -1, **inside)
    town.tell("outside", "0101", "dispatched", -1, **inside | {"lon": 120.3})
    town.tell("tree", "0402", "dispatched", -1, **inside)
    operation = town.start(kind="event", level=None, scenario=None, name="开幕式", issuer="")

    def zone(hours: float, minutes: int) -> None:
        ring = [[120.1, 30.2], [120.2, 30.2], [120.2, 30.3], [120.1, 30.3], [120.1, 30.2]]
        record = {
            "kind": "zone",
            "id": "core",
            "name": "核心区",
            "level": "core",
            "covers_min": minutes,
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        draft = events.Draft(records=[record], reason="x", effective_at=at(hours))
        with town.store.write() as writer:
            by = event_room.By(who="wang", name="王", now=moment[0])
            events.enter(event_room.Room(writer, operation), draft, by)

    zone(0, 60)
    town.follow()
    assert town.row("cover").emergency_due_at == at(1)
    assert {town.row(name).emergency_by for name in ("outside", "tree")} == {None}
    zone(0.5, 15)
    town.follow()
    assert town.row("cover").emergency_due_at == at(1), "announced, it does not hold yet"
    moment[0] = at(0.5)
    town.follow()
    assert town.row("cover").emergency_due_at == at(0.75)
    town.tell("later", "0101", "dispatched", 0.6, **inside)
    assert town.row("later").emergency_due_at == at(0.85)
    town.act(commands.end, operation, 2)
    town.follow()
    assert town.row("cover").emergency_by is None


def test_a_follower_killed_amid_its_pages_is_completed_by_the_next(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(treating, "CHUNK", 1)
    town.start()
    before, done = town.clocks(), []
    settle = treating.settle

    def dies(*args: Any) -> int:
        if len(done) == 2:
            raise KeyboardInterrupt
        done.append(args)
        return settle(*args)

    with monkeypatch.context() as patch:
        patch.setattr(treating, "settle", dies)
        with pytest.raises(KeyboardInterrupt):
            town.follow()
    half = town.clocks()
    assert half != before
    town.follower = treating.Treating(town.store, StoreClock(town.store))
    town.follow()
    whole = town.clocks()
    assert sum(1 for it in whole.values() if it[-1]) == 5
    with town.store.read() as conn:
        latest = conn.execute(select(change.c.seq).order_by(change.c.seq.desc())).scalars().first()
    town.follower = treating.Treating(town.store, StoreClock(town.store))
    town.follow()
    with town.store.read() as conn:
        said = conn.execute(select(change.c.seq).order_by(change.c.seq.desc())).scalars().first()
    assert (town.clocks(), said) == (whole, latest), "done once, it is done"


@pytest.mark.postgres
def test_a_batch_that_did_not_see_the_act_is_looked_at_again(postgres_url: str) -> None:
    store = Store(postgres_url)
    town = Town(store)
    town.follow()
    record = {
        "id": "late",
        "kind": "event",
        "source": "collector",
        "subcategory": "0406",
        "description": "x",
        "jurisdiction": "330106",
        "reported_at": at(-1),
        "stage": "dispatched",
        "stage_at": at(-1),
    }
    job = Job(store, "cases", "t", NOW, LEARN, None)
    valid, _ = validate("cases", [record], now=NOW, limits=LEARN.limits)

    def switch() -> None:
        town.start()
        town.follow()

    with store.write() as writer:
        cases.apply(Batch(job, writer), valid)
        other = threading.Thread(target=switch)
        other.start()
        other.join(30)
        assert not other.is_alive()
    assert town.row("late").emergency_by is None
    town.follow()
    assert town.row("late").emergency_due_at == at(2)
    store.dispose()
