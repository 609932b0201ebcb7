"""What a case brings to the indicators, and the figures that follow."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.bases import Basis, BasisError, basis, plain, read
from dashboard.domain.indicators import MEASURES, Case, Event, brought, day_number, facts_of
from dashboard.domain.periods import Period, Span, before, period_of, points, year_before
from dashboard.domain.published import number, span
from dashboard.domain.rates import figures
from dashboard.domain.words import Words
from data_access.bases import shipped

ZONE = ZoneInfo("Asia/Shanghai")
LIVE = shipped().main
AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)
DUE = AT + timedelta(hours=8)


def case(**values) -> Case:
    told = {
        "path": "c/d/s",
        "kind": "event",
        "subcategory": "0102",
        "source": "collector",
        "unit": "u",
        "stage": "dispatched",
        "marks": (),
        "reported_at": AT,
        "due_at": DUE,
        "ended_at": None,
    }
    return Case(**{**told, **values})


def stage(code: str, hours: float) -> Event:
    return Event(kind="stage", code=code, at=AT + timedelta(hours=hours))


def row(**values: int) -> tuple[int, ...]:
    return tuple(values.get(name, 0) for name in MEASURES)


def test_the_published_month_comes_out() -> None:
    """Filed 996, due 972, closed 911, closed in time 737: 93.72 % and 75.82 %."""
    sums = {0: row(filed=996, reported=996, due=972, due_closed=911, closed_in_time=737)}
    found = figures(sums, LIVE)
    assert round(100 * found["closing_rate"], 2) == 93.72
    assert round(100 * found["in_time_rate"], 2) == 75.82


def test_what_is_left_out_is_counted_beside() -> None:
    sums = {0: row(due=90, timely=80, unanswered=4), 1: row(due=6), 2: row(due=3, timely=1)}
    sums[8] = row(due=1)
    found = figures(sums, LIVE)
    assert (found["due"], found["timely"], found["left_out"]) == (93, 81, 7)
    assert found["extension_rate"] == pytest.approx(3 / 99)
    strict = Basis(id="x", name=Words("", ""), left_out=("suspended", "extended"))
    assert figures(sums, strict)["due"] == 91


def test_a_basis_decides_numerator_and_denominator() -> None:
    sums = {0: row(due=90, timely=80, closed_in_time=60, unanswered=4, filed=50, closed=40)}
    in_time = basis({"id": "a", "name": "按期结案口径", "numerator": "closed_in_time"})
    found = figures(sums, in_time)
    assert (found["due"], found["timely"], found["late"]) == (90, 60, 26)
    flow = basis(
        {"id": "b", "name": "结案口径", "numerator": "期内结案", "denominator": "期内立案"}
    )
    found = figures(sums, flow)
    assert (found["rate"], found["unanswered"], found["late"]) == (0.8, None, None)
    assert flow.said().zh == "期内结案 ÷ 期内立案"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "name"),
        ({"id": "Ä"}, "id"),
        ({"numerator": "luck"}, "numerator"),
        ({"numerator": "closed"}, "numerator"),
        ({"denominator": "everything"}, "denominator"),
        ({"left_out": ["漏报"]}, "left_out"),
        ({"period": "decade"}, "period"),
        ({"month_from": 29}, "month_from"),
        ({"imported": "perhaps"}, "imported"),
    ],
)
def test_a_basis_that_cannot_be_is_refused_with_its_member(wrong: dict, field: str) -> None:
    with pytest.raises(BasisError) as caught:
        basis({"id": "a", "name": "口径", **wrong})
    assert caught.value.field == field


def test_a_list_of_bases_counts_at_least_one_and_names_each_once() -> None:
    for items in (
        [{"id": "a", "name": "导入", "imported": True}],
        [{"id": "a", "name": "甲"}, {"id": "a", "name": "乙"}],
    ):
        with pytest.raises(BasisError):
            read(items)
    ours = [plain(it) for it in shipped().every.values()]
    assert [plain(it) for it in read(ours).every.values()] == ours


def test_an_empty_denominator_gives_no_rate() -> None:
    assert figures({}, LIVE)["rate"] is None


def test_a_case_is_due_only_when_its_time_has_come() -> None:
    early = facts_of(case(), (), DUE - timedelta(seconds=1), ZONE)
    assert (early.due_on, early.next_at) == (None, DUE)
    late = facts_of(case(), (), DUE, ZONE)
    assert (late.due_on, late.unanswered, late.next_at) == (20260701, True, None)


def test_rework_takes_the_answer_back() -> None:
    record = [
        stage("dispatched", 1),
        stage("handled", 2),
        stage("handling", 5),
        stage("handled", 9),
    ]
    open_again = facts_of(case(stage="handling"), record[:3], DUE, ZONE)
    assert (open_again.timely, open_again.unanswered) == (False, True)
    second = facts_of(case(stage="handled"), record, DUE + timedelta(hours=2), ZONE)
    assert (second.timely, second.unanswered) == (False, False)
    assert second.answered_on == 20260701


def test_a_drill_brings_nothing() -> None:
    assert facts_of(case(drill=True), (), DUE, ZONE) is None


def test_stage_times_add_up_to_the_life_of_a_case() -> None:
    record = [stage("filed", 1), stage("dispatched", 2), stage("handled", 5), stage("closed", 6)]
    ended = case(stage="closed", ended_at=AT + timedelta(hours=6))
    facts = facts_of(ended, record, DUE, ZONE)
    seconds = [int(word.split(":")[1]) for word in facts.stage_s.split()]
    assert sum(seconds) == 6 * 3600
    assert facts.worked_s == 3 * 3600


def test_a_day_is_the_citys() -> None:
    midnight = datetime(2026, 6, 30, 16, 0, tzinfo=UTC)
    assert day_number(midnight, ZONE) == 20260701
    assert day_number(midnight - timedelta(seconds=1), ZONE) == 20260630


def test_facts_are_counted_once_each() -> None:
    facts = facts_of(case(), [stage("filed", 30)], DUE, ZONE)
    days = [day for day, _ in brought(facts)]
    assert len(days) == len(set(days))


@given(first=st.dates(date(2020, 1, 1), date(2030, 1, 1)), days=st.integers(0, 800))
def test_numbers_make_up_a_period_exactly(first: date, days: int) -> None:
    period = Period(first, first + timedelta(days=days))
    covered: list[date] = []
    for found in period.numbers():
        if found > 999_999:
            covered.append(date(found // 10_000, found // 100 % 100, found % 100))
        else:
            day = date(found // 100, found % 100, 1)
            while day.month == found % 100:
                covered.append(day)
                day += timedelta(days=1)
    assert covered == [first + timedelta(days=n) for n in range(days + 1)]


def test_periods_are_compared_with_their_like() -> None:
    month = period_of(Span.MONTH, date(2026, 3, 31))
    assert before(Span.MONTH, month) == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert year_before(Span.MONTH, month) == Period(date(2025, 3, 1), date(2025, 3, 31))
    week = period_of(Span.WEEK, date(2026, 3, 31))
    assert week.first.weekday() == 0
    assert year_before(Span.WEEK, week).first.weekday() == 0
    leap = period_of(Span.TODAY, date(2028, 2, 29))
    assert year_before(Span.TODAY, leap).first == date(2027, 2, 28)


def test_a_month_may_begin_on_another_day() -> None:
    july = period_of(Span.MONTH, date(2026, 7, 25), 26)
    assert july == Period(date(2026, 6, 26), date(2026, 7, 25))
    assert period_of(Span.MONTH, date(2026, 7, 26), 26).first == date(2026, 7, 26)
    assert before(Span.MONTH, july, 26) == Period(date(2026, 5, 26), date(2026, 6, 25))
    assert year_before(Span.MONTH, july, 26) == Period(date(2025, 6, 26), date(2025, 7, 25))
    year = period_of(Span.YEAR, date(2026, 12, 26), 26)
    assert year == Period(date(2026, 12, 26), date(2027, 12, 25))
    assert before(Span.YEAR, year, 26).last == date(2026, 12, 25)
    months = points(Span.YEAR, year, date(2027, 1, 3), 26)
    assert months[-1].first == date(2026, 12, 26)
    assert all(a.last + timedelta(days=1) == b.first for a, b in pairwise(months))


def test_published_periods_and_values_are_read() -> None:
    assert span("2006-03/2016") == (date(2006, 3, 1), date(2016, 12, 31))
    assert span("2016-02") == (date(2016, 2, 1), date(2016, 2, 29))
    assert number("1126.80万") == 11_268_000
    assert number("99.33 %") == 99.33
    for wrong in ("", "2016-13", "2017/2016", "autumn"):
        with pytest.raises(ValueError):
            span(wrong)
