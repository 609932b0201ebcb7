"""Deadline rules and holidays come in by file: bad rows are named, good ones land, in versions."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from dashboard.domain.records import Limits
from data_access.clock import set_clock
from data_access.deadlines import SHIPPED, own_days
from data_access.feeds.lists import write_categories, write_city, write_jurisdictions
from data_access.imports import Source, import_file
from data_access.ingest import Policy, ingest
from data_access.store import Store
from data_access.tables import case, deadline_rule, deadline_version, holiday, jurisdiction
from tests.conftest import NOW


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
        write_jurisdictions(writer, [{"id": "330100", "name": "杭州市"}], root="330100")
        write_categories(
            writer,
            [
                {
                    "kind": "event",
                    "code": "0102",
                    "class_code": "01",
                    "class_name": "市容环境",
                    "name": "暴露垃圾",
                }
            ],
        )
    return store


def take(store: Store, kind: str, tmp_path: Path, text: str):
    path = tmp_path / f"{kind}.csv"
    path.write_text(text, "utf-8")
    return import_file(store, kind, Source(path=path, given={}))


HEAD = "id,clock,kind,subcategory,condition,zone,mode,limit,unit,extension,opens,closes,days\n"


def test_rules_are_judged_row_by_row_and_become_a_version(town: Store, tmp_path) -> None:
    text = HEAD + (
        "a,,event,0102,,,,4,工作时,,8:00,18:00,每天\n"
        "b,处置,事件,01,严重,一类,应急,1.5,work_day,3,,,\n"
        "c,accept,,,,,,10,分钟,,,,\n"
        "d,near_share,,,,,,0.3,share,,,,\n"
        "bad-limit,,,,,,,0,hour,,,,\n"
        "bad-unit,,,,,,,4,fortnight,,,,\n"
        "bad-code,,event,0999,,,,4,hour,,,,\n"
        "bad-window,,,,,,,4,work_hour,,18:00,8:00,\n"
        "bad-half,,,,,,,4,work_hour,,18:00,,\n"
        "bad-days,,,,,,,4,work_day,,,,all\n"
        "bad-share,,,,,,,0.3,share,,,,\n"
        "bad-mode,,,,,,never,4,hour,,,,\n"
        "bad-clock,lunch,,,,,,4,hour,,,,\n"
        ",,,,,,,4,hour,,,,\n"
        "a,,,,,,,5,hour,,,,\n"
    )
    outcome = take(town, "deadlines", tmp_path, text)
    assert (outcome.read, outcome.accepted) == (15, 4)
    assert {(it.index + 1, it.field) for it in outcome.rejected} == {
        (5, "limit"),
        (6, "unit"),
        (7, "subcategory"),
        (8, "closes"),
        (9, "opens"),
        (10, "days"),
        (11, "unit"),
        (12, "mode"),
        (13, "clock"),
        (14, "id"),
        (15, "id"),
    }
    assert all(it.reason for it in outcome.rejected)
    with town.read() as conn:
        found = {it.id: it for it in conn.execute(select(deadline_rule))}
        versions = conn.execute(select(deadline_version)).all()
    assert set(found) == set("abcd")
    assert (found["a"].unit, found["a"].opens, found["a"].days) == ("work_hour", "08:00", "all")
    assert (found["b"].clock, found["b"].mode, found["b"].extension) == (
        "disposal",
        "emergency",
        3,
    )
    assert [(it.version, it.since) for it in versions] == [(1, None)]


def test_the_same_rules_again_are_no_version_and_others_are_the_next(town: Store, tmp_path) -> None:
    first = HEAD + "a,,,,,,,4,hour,,,,\nb,,,,,,,5,hour,,,,\n"
    assert take(town, "deadlines", tmp_path, first).accepted == 2
    again = take(town, "deadlines", tmp_path, first)
    assert (again.accepted, again.unchanged) == (0, 2)
    less = take(town, "deadlines", tmp_path, HEAD + "a,,,,,,,4,hour,,,,\n")
    assert less.unchanged == 1
    with town.read() as conn:
        versions = conn.execute(select(deadline_version.c.version, deadline_version.c.since)).all()
        rules = conn.execute(select(deadline_rule.c.version, deadline_rule.c.id)).all()
    assert [it.version for it in versions] == [1, 2]
    assert versions[0].since is None
    assert versions[1].since is not None
    assert sorted(tuple(it) for it in rules) == [(1, "a"), (1, "b"), (2, "a")]


def test_the_shipped_rules_pass_the_same_judgement(town: Store) -> None:
    outcome = import_file(town, "deadlines", Source(path=SHIPPED, given={}, learn=True))
    assert outcome.rejected == []
    assert outcome.accepted == outcome.read


def test_holidays_of_a_site_come_in_and_are_replaced(town: Store, tmp_path) -> None:
    text = (
        "day,work,name,source\n"
        "2027-01-01,休,元旦,国办发明电\n"
        "2027/2/6,班,春节调休,\n"
        "2027年2月8日,false,春节,\n"
        "2027-02-30,休,,\n"
        "2027-03-01,maybe,,\n"
        ",休,,\n"
    )
    outcome = take(town, "holidays", tmp_path, text)
    assert (outcome.read, outcome.accepted) == (6, 3)
    assert [(it.index + 1, it.field) for it in outcome.rejected] == [
        (4, "day"),
        (5, "work"),
        (6, "day"),
    ]
    assert take(town, "holidays", tmp_path, text).unchanged == 3
    changed = take(town, "holidays", tmp_path, "day,work\n2027-01-01,上班\n")
    assert changed.accepted == 1
    with town.read() as conn:
        days = own_days(conn)
        name = conn.execute(select(holiday.c.name).where(holiday.c.day == "2027-01-01")).scalar()
    assert {day.isoformat(): work for day, work in days.items()} == {
        "2027-01-01": True,
        "2027-02-06": True,
        "2027-02-08": False,
    }
    assert name == "元旦"


def test_open_cases_follow_a_list_of_holidays(town: Store, tmp_path) -> None:
    rules = HEAD + "a,,,,,,,1,work_day,,,,\n"
    take(town, "deadlines", tmp_path, rules)
    thursday = datetime(2027, 3, 4, 2, tzinfo=UTC)
    told = {"kind": "event", "subcategory": "0102", "source": "collector", "description": "x"}
    times = {"reported_at": thursday, "stage_at": thursday, "updated_at": thursday}
    own = {"id": "own", "stage": "dispatched", **told, **times}
    given = {**own, "id": "given", "due_at": thursday + timedelta(days=1)}
    policy = Policy(limits=Limits(unknown="learn"))
    assert not ingest(town, "cases", [own, given], feed="t", now=thursday, policy=policy).rejected

    def due() -> dict[str, datetime]:
        with town.read() as conn:
            return {name: at for name, at in conn.execute(select(case.c.id, case.c.due_at))}  # noqa: C416

    before = due()
    take(town, "holidays", tmp_path, "day,work\n2027-03-05,休\n2027-03-08,休\n")
    assert due()["own"] - before["own"] == timedelta(days=4)  # Tuesday for Friday
    assert due()["given"] == before["given"]
    take(town, "holidays", tmp_path, "day,work\n2027-03-05,班\n2027-03-08,班\n")
    assert due() == before


def test_jurisdictions_bring_their_timing_zone(town: Store, tmp_path) -> None:
    text = "id,name,level,timing_zone\n330106,西湖区,district,一类\n330108,滨江区,district,\n"
    take(town, "jurisdictions", tmp_path, text)
    with town.read() as conn:
        query = select(jurisdiction.c.id, jurisdiction.c.timing_zone)
        found = {name: zone for name, zone in conn.execute(query)}  # noqa: C416
    assert (found["330106"], found["330108"]) == ("一类", None)
