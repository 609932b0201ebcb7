"""Figures over HTTP: their basis and moment, their ranking, and the cases behind each."""

from datetime import timedelta

import pytest

from data_access.indicators import Counter
from tests.dashboard.http.town import EAST, NOW, City, a_case

AT = NOW - timedelta(hours=5)


def iso(moment) -> str:
    return moment.isoformat()


def fill(town: City) -> None:
    """Due four: two answered in time, one late, one still open; one without deadline."""
    due = iso(NOW - timedelta(hours=1))
    answered = {"stage": "closed", "stage_at": iso(NOW - timedelta(hours=2)), "unit": "u1"}
    late = {"stage": "closed", "stage_at": iso(NOW - timedelta(minutes=10)), "unit": "u1"}
    told = [
        a_case("a", due_at=due, **answered),
        a_case("b", due_at=due, **{**answered, "jurisdiction": "330106"}),
        a_case("c", due_at=due, **late),
        a_case("d", due_at=due),
        a_case("e"),
        a_case("later", due_at=iso(NOW + timedelta(hours=2))),
        a_case("held", due_at=due, marks=["suspended"]),
        a_case("void", due_at=due, stage="voided"),
    ]
    town.ingest("cases", [{**it, "reported_at": iso(AT)} for it in told])
    counter = Counter(town.store, town.services.clock)
    while counter.count():
        pass


def asked(town: City, path: str = "", *scopes: str, role: str = "leader", **query):
    return town.client().get(
        f"/api/v1/indicators{path}", query_string=query, headers=town.bearer(role, *scopes)
    )


def test_every_figure_names_its_basis_and_its_moment(anytown: City) -> None:
    fill(anytown)
    told = asked(anytown, period="today", by="district").json
    assert (told["basis"]["id"], told["basis"]["version"]) == ("live", 0)
    assert told["basis"]["formula"][0].startswith("按时处置反馈 ÷ 期内到期")
    assert "挂账" in told["basis"]["note"][0]
    assert told["as_of"].startswith("2026-07-01T04:")
    total = told["total"]
    assert (total["due"], total["timely"], total["unanswered"], total["late"]) == (4, 2, 1, 1)
    assert total["rate"] == 0.5
    assert (total["undated"], total["left_out"]) == (1, 2)
    assert total["before"] is None
    assert not told["compared"]["before"]["comparable"]
    rates = {it["id"]: it["rate"] for it in told["items"]}
    assert rates == {"330106": 1.0, "330102": pytest.approx(1 / 3)}
    assert told["items"][0]["id"] == "330106"
    assert told["stages"][0]["stage"] == "reported"


@pytest.mark.parametrize("group", ["unit", "class", "subcategory", "source", "subdistrict"])
@pytest.mark.parametrize("period", ["today", "week", "month", "year"])
def test_what_is_ranked_adds_up_to_the_total(town: City, group: str, period: str) -> None:
    fill(town)
    told = asked(town, period=period, by=group).json
    assert told["total"]["due"] == 4
    if group != "subdistrict":
        assert sum(it["due"] for it in told["items"]) == 4
        assert sum(it["reported"] for it in told["items"]) == 8
    assert sum(it["due"] for it in told["trend"]) == 4


def test_the_cases_behind_every_number(anytown: City) -> None:
    fill(anytown)
    figures = asked(anytown, period="today").json["total"]
    for measure in (
        *("due", "timely", "late", "unanswered", "left_out", "undated", "reported", "closed"),
        *("filed", "answered"),
    ):
        found = asked(anytown, "/cases", period="today", measure=measure).json["items"]
        assert len(found) == figures[measure], measure
    one = asked(anytown, "/cases", period="today", measure="due", by="district", of="330106").json
    assert [it["id"] for it in one["items"]] == ["b"]
    one = asked(anytown, "/cases", period="today", measure="late", by="class", of="event/01").json
    assert [it["id"] for it in one["items"]] == ["c"]


def test_nobody_is_told_the_figures_of_others(town: City) -> None:
    fill(town)
    own = asked(town, "", EAST, period="today").json
    assert own["total"]["due"] == 3
    assert [it["id"] for it in own["items"]] == ["330102"]
    assert asked(town, "", EAST, scope="330106").status_code == 404
    assert asked(town, "", EAST, scope="330100").status_code == 404
    other = asked(town, "/cases", EAST, measure="due", by="district", of="330106")
    assert other.status_code == 404


def test_a_question_that_cannot_be_is_refused(town: City) -> None:
    for query in (
        {"period": "decade"},
        {"by": "weather"},
        {"basis": "mine"},
        {"first": "2026-07-01"},
        {"first": "2026-07-02", "last": "2026-07-01"},
    ):
        assert asked(town, **query).status_code == 400, query
    assert asked(town, "/cases", measure="secrets").status_code == 400
    assert asked(town, "/heat", cell_m="1").status_code == 400


def test_an_answer_is_kept_until_the_sums_change(town: City, monkeypatch) -> None:
    fill(town)
    headers = town.bearer("leader")
    made = []
    ask = lambda: town.client().get("/api/v1/indicators?period=today", headers=headers).json  # noqa: E731
    from dashboard.http import indicators as routes

    real = routes._figures
    monkeypatch.setattr(routes, "_figures", lambda *it: made.append(1) or real(*it))
    first = ask()
    assert ask()["total"] == first["total"]
    assert len(made) == 1
    town.ingest("cases", [{**a_case("new", due_at=iso(NOW)), "reported_at": iso(AT)}])
    Counter(town.store, town.services.clock).count()
    assert ask()["total"]["due"] == 5
    assert len(made) == 2


def test_heat_and_repeats_say_where_cases_lie(anytown: City) -> None:
    told = [a_case(f"r{n}", lon=120.2 + n * 1e-5, lat=30.3) for n in range(3)]
    told += [a_case("alone", lon=120.25, lat=30.3)]
    anytown.ingest("cases", [{**it, "reported_at": iso(AT)} for it in told])
    while Counter(anytown.store, anytown.services.clock).count():
        pass
    cells = asked(anytown, "/heat", period="today").json["cells"]
    assert [n for _, _, n in cells] == [3, 1]
    assert cells[0][0] == pytest.approx(120.2, abs=0.002)
    spots = asked(anytown, "/repeats").json
    assert [(it["n"], it["id"]) for it in spots["items"]] == [(3, "r0")]
    assert (spots["within_m"], spots["days"]) == (50, 30)


def test_a_repeat_lies_within_the_distance_wherever_a_grid_would_be_cut(anytown: City) -> None:
    """Every 7 m of a street a pair 40 m apart and a pair 60 m apart: the first are repeats."""
    metre = 1 / 111_320
    told = []
    for n in range(20):
        lat = 30.2 + (n * 200 + n * 7) * metre
        for name, far in (("near", 40), ("far", 60)):
            lon = 120.1 if name == "near" else 120.3
            at = {"reported_at": iso(AT), "lon": lon}
            told += [{**a_case(f"{name}{n}", lat=lat), **at}]
            told += [{**a_case(f"{name}{n}-again", lat=lat + far * metre), **at}]
            told[-1]["reported_at"] = iso(AT + timedelta(minutes=n + 1))
    anytown.ingest("cases", told)
    while Counter(anytown.store, anytown.services.clock).count():
        pass
    spots = asked(anytown, "/repeats").json["items"]
    assert {it["id"] for it in spots} == {f"near{n}-again" for n in range(20)}
    assert {it["n"] for it in spots} == {2}
