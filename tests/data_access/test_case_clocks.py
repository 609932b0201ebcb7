"""The clocks and deadlines of cases in the store: by rule, by feed, late, odd, in versions."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from dashboard.domain.records import Limits
from data_access.clock import set_clock
from data_access.deadlines import own_days, write_shipped, write_version
from data_access.feeds.lists import write_city, write_jurisdictions
from data_access.ingest import Policy, ingest
from data_access.queries import case_clocks, cases, live
from data_access.queries.visible import Sight
from data_access.store import Store
from data_access.tables import (
    case,
    case_event,
    case_version,
    deadline_rule,
    deadline_version,
    holiday,
    jurisdiction,
)

NOW = datetime(2026, 7, 3, 4, tzinfo=UTC)  # a Friday, noon in the city
HOUR = timedelta(hours=1)
LEARN = Policy(limits=Limits(unknown="learn"))
BASE = {name: None for name in deadline_rule.c.keys() if name != "version"}  # noqa: SIM118


def rule(id_: str, limit: float, unit: str = "hour", clock: str = "disposal", **more) -> dict:
    return BASE | {"id": id_, "clock": clock, "limit": limit, "unit": unit} | more


@pytest.fixture
def town(store: Store) -> Store:
    with store.write() as writer:
        set_clock(writer, anchor_city=NOW, speed=1)
        write_city(
            writer,
            path="330100",
            name="杭州市",
            name_en="Hangzhou",
            time_zone="Asia/Shanghai",
            centre=(120.2, 30.2),
            settings={},
        )
        top = {"id": "330100", "name": "杭州市", "level": "city"}
        district = {"id": "330106", "name": "西湖区", "level": "district"}
        street = {"id": "330106005", "name": "某街道", "parent": "330106", "level": "subdistrict"}
        write_jurisdictions(writer, [top, district, street], root="330100")
    return store


def rules(store: Store, *rows: dict, since: datetime | None = None) -> None:
    with store.write() as writer:
        version = len(list(writer.conn.execute(select(deadline_version)))) + 1
        write_version(writer, version, rows, since=since, known_at=NOW)


def tell(store: Store, stage: str, at: datetime, *, now: datetime | None = None, **more) -> Any:
    record = {
        "id": "c1",
        "kind": "event",
        "source": "collector",
        "subcategory": "0102",
        "description": "暴露垃圾",
        "jurisdiction": "330106005",
        "reported_at": NOW - 30 * HOUR,
        "stage": stage,
        "stage_at": at,
        "updated_at": at,
        **more,
    }
    return ingest(store, "cases", [record], feed="test", now=now or NOW + 9 * HOUR, policy=LEARN)


def row(store: Store, name: str = "c1") -> Any:
    with store.read() as conn:
        return conn.execute(select(case).where(case.c.id == name)).one()


def at(hours: float) -> datetime:
    return NOW + hours * HOUR


def test_a_case_is_due_by_its_rule_from_dispatch_on(town: Store) -> None:
    rules(town, rule("r", 4, "work_hour"), rule("f", 30, "minute", clock="dispatch"))
    tell(town, "filed", at(-1))
    found = row(town)
    assert (found.due_at, found.due_by, found.rule_id, found.rule_version) == (None, None, "r", 1)
    assert found.desk_due_at == at(-0.5)
    tell(town, "dispatched", at(0))
    found = row(town)
    assert (found.due_at, found.due_by, found.clock_from) == (at(4), "rule", at(0))
    assert found.near_at == at(2)  # two hours before, as more than 30 % of four
    assert found.desk_due_at is None
    tell(town, "handled", at(3))
    found = row(town)
    assert (found.handled_at, found.spent_s, found.running_since) == (at(3), 3 * 3600, None)
    assert found.due_at == at(4)
    tell(town, "handling", at(5), marks=["reworked"])
    found = row(town)
    assert (found.handled_at, found.spent_s, found.due_at) == (None, 3 * 3600, at(6))
    tell(town, "handling", at(5.5), marks=["suspended", "reworked"])
    assert row(town).due_at == at(6)
    tell(town, "handling", at(30), marks=["reworked"], now=at(31))
    found = row(town)  # half an hour of it was left; Saturday evening's goes into Sunday
    assert (found.paused_s, found.due_at) == (int(24.5 * 3600), at(44.5))


def test_the_same_record_again_changes_nothing(town: Store) -> None:
    rules(town, rule("r", 4))
    tell(town, "dispatched", at(0))
    assert tell(town, "dispatched", at(0)).unchanged == 1
    assert row(town).version == 1


def test_a_deadline_that_the_source_gives_is_never_replaced(town: Store) -> None:
    rules(town, rule("r", 4))
    tell(town, "dispatched", at(0))
    assert (row(town).due_at, row(town).due_by) == (at(4), "rule")
    tell(town, "handling", at(1), due_at=at(90))
    assert (row(town).due_at, row(town).due_by, row(town).rule_id) == (at(90), "feed", None)
    tell(town, "handling", at(2), marks=["suspended", "extended"])
    tell(town, "handling", at(3))
    assert (row(town).due_at, row(town).due_by) == (at(90), "feed")
    assert row(town).near_at == at(63)  # 30 % of the ninety hours since dispatch


def test_without_a_rule_a_case_has_no_deadline_and_no_lamp(town: Store) -> None:
    tell(town, "dispatched", at(0))
    found = row(town)
    assert (found.due_at, found.due_by, found.near_at, found.desk_due_at) == (None,) * 4
    rules(town, rule("other", 4, subcategory="0501"))
    tell(town, "handling", at(1))
    assert row(town).due_at is None


def test_what_comes_late_moves_the_clocks_as_if_it_had_come_in_time(town: Store) -> None:
    rules(town, rule("r", 4))
    tell(town, "handling", at(2))
    assert (row(town).clock_from, row(town).due_at) == (at(2), at(6))
    version = row(town).version
    tell(town, "dispatched", at(0))  # an older record: the state stays, the record grows
    found = row(town)
    assert (found.stage, found.clock_from, found.due_at) == ("handling", at(0), at(4))
    assert found.version == version + 1
    with town.read() as conn:
        states = [it.state for it in conn.execute(select(case_version))]
    assert [it["due_at"] for it in states][-1].startswith("2026-07-03T08:00")
    tell(town, "filed", at(-1))  # late too, and moves no clock
    assert row(town).version in (version + 1, version + 2)
    assert row(town).due_at == at(4)


def test_an_impossible_move_is_kept_marked_and_breaks_nothing(town: Store) -> None:
    tell(town, "closed", at(0))
    report = tell(town, "accepted", at(1))
    assert (report.accepted, report.rejected) == (1, [])
    assert row(town).stage == "accepted"
    with town.read() as conn:
        odd = conn.execute(select(case_event.c.code).where(case_event.c.odd)).scalars().all()
        found = cases.find(conn, case_id="c1", sight=Sight(scopes=("330100",)))
        assert found is not None
        clocks, moves = case_clocks.told(
            town, conn, case=found.whole, events=found.events, now=at(2)
        )
    assert odd == ["accepted"]
    assert list(moves.values()) == ["closed"]
    assert clocks["lamp"] is None


def test_a_case_keeps_the_version_under_which_it_was_filed(town: Store) -> None:
    rules(town, rule("r", 4))
    rules(town, rule("r", 1), since=at(0))
    tell(town, "filed", at(-1))
    tell(town, "dispatched", at(1))
    assert (row(town).rule_version, row(town).due_at) == (1, at(5))
    tell(town, "filed", at(0.5), id="c2")
    tell(town, "dispatched", at(1), id="c2")
    found = row(town, "c2")
    assert (found.rule_version, found.due_at) == (2, at(2))
    rules(town, rule("r", 9), since=at(3))
    tell(town, "handling", at(4))
    assert (row(town).rule_version, row(town).due_at) == (1, at(5))


def test_condition_and_zone_of_a_case_choose_its_rule(town: Store) -> None:
    rules(
        town,
        rule("any", 8),
        rule("bad", 2, condition="严重"),
        rule("urgent", 3, condition="urgent"),
        rule("centre", 5, zone="一类"),
        rule("storm", 1, mode="emergency"),  # what a mode makes of it is no rule of the case's own
    )

    def chosen(name: str, **more) -> str:
        tell(town, "dispatched", at(0), id=name, **more)
        with town.read() as conn:
            return conn.execute(select(case.c.rule_id).where(case.c.id == name)).scalar_one()

    assert chosen("a") == "any"
    assert chosen("b", condition="严重") == "bad"
    assert chosen("c", urgency=1) == "urgent"
    with town.write() as writer:
        here = jurisdiction.c.id == "330106"
        writer.conn.execute(update(jurisdiction).where(here).values(timing_zone="一类"))
    assert chosen("d") == "centre"
    assert chosen("e", jurisdiction="330100") == "any"
    tell(town, "handling", at(1), id="d")
    with town.read() as conn:
        assert conn.execute(select(case.c.rule_id).where(case.c.id == "d")).scalar() == "centre"


def test_a_sites_own_days_count(town: Store) -> None:
    rules(town, rule("r", 1, "work_day"))
    with town.write() as writer:
        writer.conn.execute(
            insert(holiday).values(day="2026-07-06", work=False, real_at=datetime.now(UTC))
        )
    tell(town, "dispatched", at(0))
    assert row(town).due_at == at(96)  # not Monday but Tuesday, noon
    with town.read() as conn:
        assert own_days(conn) == {date(2026, 7, 6): False}


def test_an_extension_moves_the_deadline_to_what_was_approved(town: Store) -> None:
    rules(town, rule("r", 4))
    tell(town, "dispatched", at(0))
    extended = {"mark": "extended", "at": at(1), "by": "责任单位", "until": at(50)}
    tell(town, "handling", at(1), marks=["extended"], events=[extended])
    assert row(town).due_at == at(50)


def test_the_drawer_is_told_of_limit_and_desk(town: Store) -> None:
    with town.write() as writer:
        write_shipped(writer)
        write_shipped(writer)  # twice is once
    tell(town, "dispatched", at(0), now=at(0))
    with town.read() as conn:
        found = cases.find(conn, case_id="c1", sight=Sight(scopes=("330100",)))
        assert found is not None
        clocks, odd = case_clocks.told(town, conn, case=found.whole, events=found.events, now=at(2))
        (sent,) = live.rows(conn, "cases", None)
    assert odd == {}
    disposal = clocks["disposal"]
    assert (disposal["limit"], disposal["unit"], disposal["passed"]) == (14, "work_hour", 2)
    assert (disposal["rule"], disposal["rule_version"], disposal["official"]) == (
        "event-01",
        1,
        True,
    )
    assert (clocks["lamp"], clocks["desk"]) == ("green", None)
    names = live.BY_NAME["cases"].columns
    told = dict(zip(names, sent.row, strict=True))
    due = datetime.fromisoformat(told["due_at"])
    # Fourteen hours of windows from 07:00 to 21:00; 30 % of them are 4.2.
    assert due == at(24)
    assert told["near_s"] == int(4.2 * 3600)
    assert told["desk_s"] is None
    tell(town, "handled", at(3), now=at(3))
    with town.read() as conn:
        (sent,) = live.rows(conn, "cases", None)
    assert dict(zip(names, sent.row, strict=True))["desk_s"] == 90 * 60
