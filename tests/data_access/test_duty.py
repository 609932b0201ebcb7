"""The duty list: imported row by row, across midnight, and asked for whoever is on now."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.duty import DutyError, clock_time, day, span
from dashboard.domain.ladders import ladder
from data_access.clock import set_clock
from data_access.feeds.lists import write_city, write_jurisdictions
from data_access.feeds.simulator.duty import keep_list
from data_access.imports import Source, import_file
from data_access.queries.duty import ladder_of, newest, on_duty

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def city(store):
    with store.write() as writer:
        write_city(
            writer,
            path="330100",
            name="杭州市",
            name_en=None,
            time_zone="Asia/Shanghai",
            centre=(120.15, 30.27),
            settings={},
        )
        write_jurisdictions(
            writer,
            [
                {"id": "330100", "name": "杭州市", "level": "city"},
                {"id": "330106", "name": "西湖区", "level": "district", "parent": "330100"},
                {"id": "330105", "name": "拱墅区", "level": "district", "parent": "330100"},
                {"id": "330106005", "name": "灵隐街道", "level": "subdistrict", "parent": "330106"},
            ],
            root="330100",
        )
    return store


def _import(store, tmp_path, text, kind="duty", name="list.csv"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return import_file(store, kind, Source(path=path, given={}))


LIST = """date,shift,post,jurisdiction,name,phone,account,deputy,deputy_phone
2016-09-04,白班,值班监督员,,张三,13800000001,supervisor,李四,13800000002
2016/9/4,night,supervisor,,王五,13800000003,,赵六,
2016-09-04,day,区值班,西湖区,钱七,13800000004,,孙八,13800000005
2016-09-04,day,district,330105,周九,,,,
2016-09-04,day,leader,,吴十,13800000006,leader,,
"""


def _names(store, at, *which):
    with store.read() as conn:
        return [row["name"] for row in on_duty(conn, at, *which)]


def _local(*parts):
    return datetime(*parts, tzinfo=ZONE).astimezone(UTC)


def test_a_list_is_imported_and_finds_todays_person(city, tmp_path):
    outcome = _import(city, tmp_path, LIST)
    assert (outcome.read, outcome.accepted, outcome.rejected) == (5, 5, [])
    noon = _local(2016, 9, 4, 12)
    assert _names(city, noon, "supervisor") == ["张三"]
    assert _names(city, noon, "district", "330106005") == ["钱七"]
    assert _names(city, noon, "district", "330105") == ["周九"]
    assert _names(city, noon, "leader", "330105") == ["吴十"]
    assert _names(city, noon, "commander") == []
    with city.read() as conn:
        (person,) = on_duty(conn, noon, "supervisor")
    assert (person["account"], person["deputy"], person["deputy_phone"]) == (
        "supervisor",
        "李四",
        "13800000002",
    )
    again = _import(city, tmp_path, LIST)
    assert (again.accepted, again.unchanged) == (0, 5)


def test_a_night_shift_goes_on_past_midnight_and_ends_where_the_next_begins(city, tmp_path):
    _import(city, tmp_path, LIST)
    assert _names(city, _local(2016, 9, 4, 19, 59), "supervisor") == ["张三"]
    assert _names(city, _local(2016, 9, 4, 20), "supervisor") == ["王五"]
    assert _names(city, _local(2016, 9, 5, 7, 59), "supervisor") == ["王五"]
    assert _names(city, _local(2016, 9, 5, 8), "supervisor") == []


def test_whoever_stands_in_a_new_file_takes_the_shift_over(city, tmp_path):
    _import(city, tmp_path, LIST)
    header = LIST.splitlines()[0]
    _import(city, tmp_path, f"{header}\n2016-09-04,day,supervisor,,冯一,1,,,\n")
    assert _names(city, _local(2016, 9, 4, 12), "supervisor") == ["冯一"]
    assert _names(city, _local(2016, 9, 4, 22), "supervisor") == ["王五"]


def test_a_bad_row_costs_no_good_one_and_is_named(city, tmp_path):
    header = LIST.splitlines()[0] + ",starts,ends"
    outcome = _import(
        city,
        tmp_path,
        f"{header}\n"
        "2016-13-04,day,supervisor,,甲,1,,,,,\n"
        "2016-09-04,noon,supervisor,,甲,1,,,,,\n"
        "2016-09-04,day,cook,,甲,1,,,,,\n"
        "2016-09-04,day,district,,甲,1,,,,,\n"
        "2016-09-04,day,district,999,甲,1,,,,,\n"
        "2016-09-04,day,supervisor,,,1,,,,,\n"
        "2016-09-04,早班,supervisor,,乙,1,,,,06:00,25:00\n"
        "2016-09-04,早班,supervisor,,丙,1,,,,06:00,9:30\n",
    )
    assert [(it.index, it.field) for it in outcome.rejected] == [
        (0, "date"),
        (1, "shift"),
        (2, "post"),
        (3, "jurisdiction"),
        (4, "jurisdiction"),
        (5, "name"),
        (6, "ends"),
    ]
    assert outcome.accepted == 1
    assert _names(city, _local(2016, 9, 4, 9), "supervisor") == ["丙"]


def test_a_shift_lasts_by_the_clock_on_the_wall_when_clocks_change():
    berlin = ZoneInfo("Europe/Berlin")
    night = clock_time({"starts": "20:00"}, "starts"), clock_time({"ends": "08:00"}, "ends")
    begins, ends = span(day("2016-10-29"), *night, berlin)
    assert (ends - begins).total_seconds() == 13 * 3600


def test_ladders_are_checked_whole_and_versioned(city, tmp_path):
    with city.read() as conn:
        assert newest(conn, "ladders").number == 0
        shipped = newest(conn, "ladders").items
        number, danger = ladder_of(conn, "danger")
    assert number == 0
    assert [step.post for step in danger.steps] == ["supervisor", "district", "leader"]
    changed = [{**shipped[0], "reminders": 1, "remind_every_s": 60}]
    assert _import(city, tmp_path, json.dumps(changed), "ladders", "l.json").accepted == 1
    with city.read() as conn:
        assert ladder_of(conn, "overdue")[0] == 1
        assert ladder_of(conn, "overdue")[1].reminders == 1
        assert ladder_of(conn, "overdue", 0)[1].reminders == 0
        assert ladder_of(conn, "danger") is None
    assert _import(city, tmp_path, json.dumps(changed), "ladders", "l.json").unchanged == 1
    bad = [changed[0], {**changed[0], "id": "x", "steps": [{"after_s": 0, "post": "cook"}]}]
    outcome = _import(city, tmp_path, json.dumps(bad), "ladders", "l.json")
    assert [(it.index, it.field) for it in outcome.rejected] == [(0, ""), (1, "steps[1].post")]
    with city.read() as conn:
        assert newest(conn, "ladders").number == 1


def test_shifts_and_posts_are_data(city, tmp_path):
    shifts = [{"id": "early", "name": "早班", "starts": "6:00", "ends": "14:00"}]
    assert _import(city, tmp_path, json.dumps(shifts), "shifts", "s.json").accepted == 1
    row = "date,shift,post,name\n2016-09-04,早班,supervisor,甲\n"
    assert _import(city, tmp_path, row).accepted == 1
    assert _names(city, _local(2016, 9, 4, 6, 30), "supervisor") == ["甲"]
    posts = [{"id": "supervisor", "name": "坐席"}]
    outcome = _import(city, tmp_path, json.dumps(posts), "posts", "p.json")
    assert "district" in outcome.rejected[0].reason


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"steps": []}, "steps"),
        ({"steps": [{"after_s": 9, "post": "a"}, {"after_s": 1, "post": "a"}]}, "steps"),
        ({"steps": [{"after_s": -1, "post": "a"}]}, "after_s"),
        ({"reminders": True}, "reminders"),
        ({"wake": 3}, "wake"),
        ({"id": "Ladder 1"}, "id"),
    ],
)
def test_a_wrong_ladder_is_refused_by_its_field(change, where):
    good = {"id": "l", "name": "阶梯", "steps": [{"after_s": 0, "post": "a"}]}
    ladder(good, frozenset("a"))
    with pytest.raises(DutyError) as error:
        ladder({**good, **change}, frozenset("a"))
    assert error.value.field == where


def test_a_demonstration_fills_the_days_from_now_on(city):
    now = _local(2016, 9, 4, 3)
    assert not keep_list(city, now)  # no clock yet
    with city.write() as writer:
        set_clock(writer, anchor_city=now, speed=1)
    assert keep_list(city, now)
    assert not keep_list(city, now)
    with city.read() as conn:
        (person,) = on_duty(conn, now, "supervisor")
        assert (person["date"], person["shift"]) == ("2016-09-03", "night")
        assert person["account"] == "supervisor"
        assert person["deputy"]
        (one,) = on_duty(conn, now, "district", "330106005")
        assert one["jurisdiction"] == "330106"
    later = now + timedelta(days=30)
    assert keep_list(city, later)
    assert _names(city, later, "leader")
