"""How the desk is doing, on spans whose figures can be told by hand."""

from datetime import UTC, datetime, timedelta

from dashboard.domain.performance import Line, Standing, figures

UNTIL = datetime(2026, 7, 1, 12, tzinfo=UTC)
SINCE = UNTIL - timedelta(hours=8)
MINUTE = timedelta(minutes=1)


def line(minute: float, alert: str = "a", act: str = "raised", **more: object) -> Line:
    told = {"rule": "level", "subject": ("stations", alert), "priority": 2} | more
    return Line(alert=alert, act=act, at=SINCE + MINUTE * minute, **told)


def standing(hours: float, alert: str = "a", **more: object) -> Standing:
    told = {"active": True, "acknowledged": True, "shelved": False, "priority": 3} | more
    since = UNTIL - timedelta(hours=hours)
    return Standing(alert=alert, rule="level", subject=("stations", alert), since=since, **told)


def test_a_calm_span_is_one_alert_in_ten_minutes() -> None:
    told = figures([line(10 * n, f"a{n}") for n in range(48)], [], since=SINCE, until=UNTIL)
    assert told["rate"] == {
        "raised": 48, "per_period": 1.0, "most": 1, "most_at": SINCE, "aim": 1,
    }  # fmt: skip
    assert told["flood"] == {"periods": 0, "of": 48, "share": 0.0, "above": 10}


def test_more_than_ten_in_ten_minutes_is_a_flood() -> None:
    calm = [line(5, f"c{n}") for n in range(10)]
    flood = [line(25, f"f{n}") for n in range(11)]
    told = figures([*calm, *flood], [], since=SINCE, until=UNTIL)
    assert told["flood"]["periods"] == 1
    assert told["rate"]["most"] == 11
    assert told["rate"]["most_at"] == SINCE + 20 * MINUTE
    assert told["bars"]["most"][:4] == [10, 0, 11, 0]


def test_a_bar_of_a_long_span_shows_its_worst_ten_minutes() -> None:
    since = UNTIL - timedelta(days=30)
    lines = [
        Line(
            alert=f"a{n}",
            act="raised",
            at=since + timedelta(days=10),
            rule="r",
            subject=("stations", "s"),
            priority=1,
        )
        for n in range(40)
    ]
    told = figures(lines, [], since=since, until=UNTIL)
    assert len(told["bars"]["most"]) <= 150
    assert max(told["bars"]["most"]) == 40


def test_the_time_to_acknowledge_is_from_the_last_raising() -> None:
    lines = [
        line(-5, "before"),
        line(1, "before", "acknowledged"),
        line(10, "twice"),
        line(12, "twice", "acknowledged"),
        line(20, "twice", "returned"),
        line(21, "twice", "acknowledged"),
        line(22, "twice", "acknowledged"),
        line(30, "waits"),
    ]
    waits = standing(1, "waits", acknowledged=False)
    told = figures(lines, [waits], since=SINCE, until=UNTIL)["acknowledge"]
    assert (told["n"], told["median_s"]) == (3, 120.0)
    assert told["by_priority"]["2"]["n"] == 3
    assert (told["waiting"], told["oldest_s"]) == (1, 3600.0)


def test_what_stands_over_a_day_is_counted_but_not_what_is_shelved_or_over() -> None:
    stand = [
        standing(25, "old"),
        standing(23, "young"),
        standing(90, "shelved", shelved=True),
        standing(90, "over", active=False),
    ]
    told = figures([], stand, since=SINCE, until=UNTIL)["standing"]
    assert (told["n"], [item["alert"] for item in told["items"]]) == (1, ["old"])


def test_a_source_that_comes_and_goes_chatters() -> None:
    often = [line(n * 3, "flaps", "returned" if n else "raised") for n in range(4)]
    seldom = [line(n * 100, "steady", "returned" if n else "raised") for n in range(4)]
    told = figures([*often, *seldom], [], since=SINCE, until=UNTIL)
    assert [item["subject"]["id"] for item in told["chattering"]["items"]] == ["flaps"]
    assert told["worst"]["share"] == 1.0
    assert {item["times"] for item in told["worst"]["items"]} == {4}


def test_the_mix_is_shares_beside_their_aim() -> None:
    lines = [line(n, f"a{n}", priority=3 if n < 8 else 2 if n < 9 else 1) for n in range(10)]
    told = figures(lines, [], since=SINCE, until=UNTIL)["mix"]
    assert {key: (it["share"], it["aim"]) for key, it in told.items()} == {
        "1": (0.1, 0.05), "2": (0.1, 0.15), "3": (0.8, 0.8),
    }  # fmt: skip


def test_nothing_at_all_is_told_as_nothing() -> None:
    told = figures([], [], since=SINCE, until=UNTIL)
    assert told["rate"]["raised"] == 0
    assert told["acknowledge"]["median_s"] is None
    assert told["worst"] == {"share": None, "items": []}
