"""Case records."""

from datetime import UTC, datetime

import pytest

from dashboard.domain.records import Limits, validate

from .samples import NOW, accept, made, reject

LEARN = Limits(unknown="learn")


def utc(hour, minute=0):
    return datetime(2026, 11, 23, hour, minute, tzinfo=UTC)


def test_a_full_case():
    case = accept(
        "cases",
        address="文二路 88 号", lon=120.1, lat=30.2, jurisdiction="330106", unit="330106-cg",
        marks=["urged", "supervised", "urged"], due_at="2026-11-30T00:00:00+08:00",
        urgency=1, photos=["/photos/1.jpg", {"url": "https://a.example/2.jpg", "tag": "上报"}],
        events=[
            {"stage": "reported", "at": "2026-11-23T01:00:00Z", "by": "张三", "note": ""},
            {"mark": "urged", "at": "2026-11-23T05:30:00Z"},
        ],
    )  # fmt: skip
    assert case.marks == ("urged", "supervised")
    assert case.due_at == datetime(2026, 11, 29, 16, tzinfo=UTC)
    assert case.photos == ("/photos/1.jpg", "https://a.example/2.jpg")
    assert [(event.stage, event.mark) for event in case.events] == [
        ("reported", None), (None, "urged"),
    ]  # fmt: skip
    assert case.updated_at == utc(5, 30)


def test_updated_at_is_the_latest_time_of_the_record_unless_said():
    assert accept("cases").updated_at == utc(2)
    assert accept("cases", due_at="2026-11-25T00:00:00Z").updated_at == utc(2)
    assert accept("cases", updated_at="2026-11-23T01:30:00Z").updated_at == utc(1, 30)


def test_history_holds_what_the_record_implies():
    case = accept("cases", events=[{"stage": "filed", "at": "2026-11-23T01:30:00Z"}])
    assert [(event.stage, event.at) for event in case.history()] == [
        ("reported", utc(1)), ("filed", utc(1, 30)), ("dispatched", utc(2)),
    ]  # fmt: skip


def test_history_repeats_nothing():
    events = [
        {"stage": "reported", "at": "2026-11-23T01:00:00Z"},
        {"stage": "dispatched", "at": "2026-11-23T02:00:00Z"},
    ]
    assert accept("cases", events=events).history() == accept("cases", events=events).events
    one = accept("cases", stage="reported", stage_at="2026-11-23T01:00:00Z")
    assert len(one.history()) == 1


@pytest.mark.parametrize("field", ["kind", "source", "stage"])
def test_unknown_codes_are_rejected(field):
    assert reject("cases", **{field: "mystery"}).field == field


@pytest.mark.parametrize("code", ["102", "123456789", "01o2", "０１０２", "0102 3", "Graffiti"])
def test_a_subcategory_is_four_to_eight_digits(code):
    assert reject("cases", subcategory=code).field == "subcategory"
    assert accept("cases", LEARN, subcategory=code).subcategory == code


def test_codes_of_the_store_are_checked_where_they_are_known():
    known = {"subcategory": {"event/0102"}, "unit": {"u1"}, "jurisdiction": {"330106"}}
    limits = Limits(known=known)
    assert accept("cases", limits, unit="u1", jurisdiction="330106")
    assert reject_one(limits, subcategory="0103").field == "subcategory"
    assert reject_one(limits, kind="component").field == "subcategory"
    assert reject_one(limits, unit="u2").field == "unit"
    assert reject_one(limits, jurisdiction="330105").field == "jurisdiction"
    assert accept("cases", Limits("learn", known), unit="u2", jurisdiction="330105")
    assert accept("cases", Limits(known={"subcategory": {"0102"}}))


def reject_one(limits, /, **changes):
    good, bad = validate("cases", [made("cases", **changes)], now=NOW, limits=limits)
    assert not good
    return bad[0]


def test_a_citys_own_source_is_known_by_its_list_or_learned():
    assert accept("cases", Limits(known={"source": {"drone"}}), source="drone").source == "drone"
    assert accept("cases", LEARN, source="Citizens Connect App").source
    assert reject("cases", source="drone").field == "source"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [(None, 0), (2, 2), ("1", 1), ("urgent", 1), ("critical", 2), ("normal", 0)],
)
def test_urgency_is_a_number(sent, kept):
    assert accept("cases", urgency=sent).urgency == kept


@pytest.mark.parametrize("urgency", [-1, 10, 1.5, "很急", True, 10**30])
def test_other_urgencies_are_rejected(urgency):
    assert reject("cases", urgency=urgency).field == "urgency"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"marks": ["mystery"]}, "marks[0]"),
        ({"marks": [["urged"]]}, "marks[0]"),
        ({"marks": "urged"}, "marks"),
        ({"events": [{"at": "2026-11-23T01:00:00Z"}]}, "events[0]"),
        ({"events": [{"stage": "filed", "mark": "urged", "at": "2026-11-23T01:00:00Z"}]}, "events[0]"),
        ({"events": [{"stage": "lost", "at": "2026-11-23T01:00:00Z"}]}, "events[0].stage"),
        ({"events": [{"mark": "lost", "at": "2026-11-23T01:00:00Z"}]}, "events[0].mark"),
        ({"events": [{"stage": "filed"}]}, "events[0].at"),
        ({"events": [{"stage": "filed", "at": "2027-01-01T00:00:00Z"}]}, "events[0].at"),
        ({"events": [{"stage": "filed", "at": "2026-11-23T01:00:00Z", "note": 1}]}, "events[0].note"),
        ({"events": ["filed"]}, "events[0]"),
        ({"events": [{}] * 201}, "events"),
        ({"photos": ["/p.jpg"] * 201}, "photos"),
        ({"photos": ["javascript:alert(1)"]}, "photos[0]"),
        ({"photos": ["//evil.example/p.jpg"]}, "photos[0]"),
        ({"photos": ["https://user:pass@a.example/p.jpg"]}, "photos[0]"),
        ({"photos": [{}]}, "photos[0]"),
        ({"jurisdiction": "330100/330106"}, "jurisdiction"),
    ],
)  # fmt: skip
def test_what_a_case_may_not_hold(changes, field):
    assert reject("cases", **changes).field == field
