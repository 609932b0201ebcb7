"""The full-size simulated city: its figures agree, a storm comes and goes."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import shapely

from dashboard.domain.cases import TERMINAL, is_overdue
from data_access import geodata
from data_access.feeds.simulator.hangzhou import opening, units, warnings
from data_access.feeds.simulator.hangzhou.categories import rows as category_rows
from data_access.feeds.simulator.hangzhou.parts import Parts
from data_access.feeds.simulator.hangzhou.responders import EVERY_S
from data_access.feeds.simulator.hangzhou.storm import Storm

SEED = 7
NOW = datetime(2026, 7, 20, 6, 0, tzinfo=UTC)  # a Monday, 14:00 in the city
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def calm():
    return Parts(SEED, ())


@pytest.fixture(scope="module")
def stormy(calm):
    parts = Parts(SEED, (Storm(NOW),))
    parts.__dict__["ground"] = calm.ground
    return parts


def standing(cases, now):
    """Open cases and overdue ones of a moment."""
    state = Counter()
    for case in cases.unfinished(now):
        step = case.steps[case.reached(now) - 1]
        if step.stage in TERMINAL:
            continue
        state["open"] += 1
        state["work"] += not 5_000 <= case.number < 8_000
        state["overdue"] += is_overdue(step.stage, step.due_at, now, step.marks)
        state["suspended"] += "suspended" in step.marks
    return state


# ── what the city is made of ─────────────────────────────────────────────────────────────────


def test_units_and_categories_are_as_many_as_the_city_says(calm):
    made = units.rows(calm.ground)
    assert Counter(row["level"] for row in made) == {
        "city": 48,
        "district": 665,
        "subdistrict": 99,
        "community": 568,
    }
    assert len({row["id"] for row in made}) == 1_380
    assert all(row["phone"].startswith("0571-8xxx") for row in made)
    listed = category_rows()
    assert len({(row["kind"], row["code"]) for row in listed}) == len(listed) == 202
    own = [row for row in listed if row["source"] == "own"]
    assert len(own) == 40
    assert not any(row["verified"] for row in own)
    classes = {
        (row["kind"] if row["class_code"] != "21" else "", row["class_code"]) for row in listed
    }
    assert len(classes) == 12


def test_every_unit_that_is_named_exists(calm):
    known = {row["id"] for row in units.rows(calm.ground)}
    rng = calm.ground.rng("test")
    classes = {(row["kind"], row["class_code"]) for row in category_rows()}
    for community in calm.ground.communities[::7]:
        for kind, class_code in classes:
            assert units.unit_for(rng, kind, class_code, community) in known
    assert {beat.unit for beat in calm.responders.beats} <= known


def test_stations_have_lines_and_datum(calm):
    stations = calm.stations
    kinds = Counter(record["kind"] for record in stations.records)
    assert (kinds["river"], kinds["rain"], kinds["emission"]) == (109, 149, 400)
    assert all(kinds[kind] >= 4 for kind in ("tide", "reservoir", "gate", "pump", "ponding"))
    for record in stations.records:
        if record["kind"] in ("river", "tide", "reservoir"):
            assert "模拟" in record["datum"]
            assert record["thresholds"]["level"]["warning"] > 0
    assert len({record["id"] for record in stations.records}) == len(stations.records)
    bridge = next(record for record in stations.records if record["name"] == "拱宸桥")
    assert bridge["thresholds"]["level"]["warning"] == 2.66


def test_nobody_stands_over_water_or_outside(calm):
    city = shapely.union_all([area.polygon for area in calm.ground.areas])
    shapely.prepare(city)
    for beat in calm.responders.beats:
        for lon, lat in beat.track:
            assert not geodata.over_water(lon, lat), beat.name
            assert shapely.intersects_xy(city, lon, lat), beat.name
    for place in calm.places.all:
        assert not geodata.over_water(place.spot.lon, place.spot.lat), place.name
    kinds = Counter(place.kind for place in calm.places.all)
    assert (kinds["low_point"], kinds["underpass"]) == (76, 24)
    assert set(EVERY_S) == {beat.kind for beat in calm.responders.beats}


def test_the_same_seed_gives_the_same_city(calm):
    again = Parts(SEED, ())
    until = NOW + timedelta(minutes=30)

    def told(parts):
        cases = parts.more_cases().reported(NOW, until)
        return [case.record(n, n) for case in cases for n in range(len(case.steps))]

    assert told(again) == told(calm)
    assert [*again.readings.between(NOW, until)] == [*calm.readings.between(NOW, until)]
    assert again.stations.records == calm.stations.records
    assert told(Parts(SEED + 1, ())) != told(calm)


# ── figures that agree ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hours", [0, 57])
def test_open_cases_agree(calm, hours):
    state = standing(calm.more_cases(), NOW + hours * HOUR)
    assert 9_000 <= state["open"] <= 11_000
    assert 1_400 <= state["work"] <= 2_600
    assert 60 <= state["overdue"] <= 150
    assert 1_500 <= state["suspended"] <= 2_500


@pytest.mark.slow
def test_a_week_brings_three_thousand_a_day_of_which_nearly_all_are_answered_in_time(calm):
    cases = calm.more_cases()
    week = list(cases.reported(NOW - timedelta(days=21), NOW - timedelta(days=14)))
    assert 2_850 <= len(week) / 7 <= 3_150
    by_day = Counter((case.steps[0].at + 8 * HOUR).weekday() for case in week)
    assert by_day[6] < by_day[2] * 0.9
    night = sum((case.steps[0].at + 8 * HOUR).hour < 6 for case in week)
    assert night < len(week) * 0.05
    due = timely = 0
    for case in week:
        answered = next((it for it in case.steps if it.stage == "handled"), None)
        if answered and answered.at <= NOW and answered.due_at:
            due += 1
            timely += answered.at <= answered.due_at
    assert 0.98 <= timely / due <= 0.995


@pytest.mark.slow
def test_steps_come_in_order_and_one_by_one_or_all_at_once(calm):
    cases = calm.more_cases()
    for case in list(cases.reported(NOW - HOUR, NOW)):
        moments = [step.at for step in case.steps]
        assert moments == sorted(set(moments))
    until = NOW + timedelta(minutes=10)
    other = calm.more_cases()
    cases.stand(NOW, known := list(cases.unfinished(NOW)))
    other.stand(NOW, known)
    whole = other.events(NOW, until)
    pieces = [
        event
        for minute in range(10)
        for event in cases.events(
            NOW + timedelta(minutes=minute), NOW + timedelta(minutes=minute + 1)
        )
    ]
    assert whole == pieces


# ── the storm ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_the_storm_overdue_is_three_to_five_times_the_calm(calm, stormy):
    at = NOW + 5 * HOUR
    quiet, loud = standing(calm.more_cases(), at), standing(stormy.more_cases(), at)
    assert 2.8 <= loud["overdue"] / quiet["overdue"] <= 5.2


@pytest.mark.slow
def test_nothing_before_the_storm_depends_on_it(calm, stormy):
    before = NOW - 3 * HOUR
    assert calm.more_cases().events(before, NOW) == stormy.more_cases().events(before, NOW)


def test_places_flood_and_clear(stormy):
    def states(minutes):
        records = stormy.places.records(NOW + timedelta(minutes=minutes), stormy.storms)
        return Counter((record["kind"], record["state"]) for record in records)

    highest = states(110)
    assert highest["low_point", "ponding"] == 21
    assert highest["underpass", "closed"] == 16
    assert set(states(0)) == {(kind, "normal") for kind in ("low_point", "underpass", "shelter")}
    assert set(states(12 * 60)) == set(states(0))
    told = {
        record["id"]
        for minute in range(0, 480, 2)
        for record in stormy.places.changes(
            NOW + timedelta(minutes=minute), NOW + timedelta(minutes=minute + 2), stormy.storms
        )
    }
    assert len(told) == 37


def test_rain_first_then_the_rivers_then_all_clears(stormy):
    def told(minutes):
        at = NOW + timedelta(minutes=minutes)
        found = {}
        for record in stormy.readings.between(at - timedelta(minutes=5), at):
            found[record["station"], record["factor"]] = record["value"]
        return found

    lines = {
        record["id"]: record["thresholds"]["level"]["warning"]
        for record in stormy.stations.records
        if record["kind"] == "river"
    }

    def over(values):
        silent = float("-inf")
        return sum(values.get((name, "level"), silent) >= line for name, line in lines.items())

    values = {minutes: told(minutes) for minutes in (-30, 50, 150, 1_500)}
    rain = {
        minutes: sum(value for (_, factor), value in found.items() if factor == "rain")
        for minutes, found in values.items()
    }
    assert rain[50] > 100 > 10 * rain[1_500]
    assert over(values[-30]) == over(values[1_500]) == 0
    assert over(values[50]) < over(values[150])
    assert 8 <= over(values[150]) <= 45
    total = sum(
        record["value"]
        for record in stormy.readings.between(NOW, NOW + 4 * HOUR)
        if record["factor"] == "rain"
    )
    assert 30 <= total / 149 <= 120


def test_signals_follow_the_nineteenth_of_july():
    storm = Storm(NOW)
    told = warnings.records((storm,), None, NOW + 10 * HOUR)
    rain = [
        ((at - NOW).total_seconds() / 60, record.get("colour"))
        for at, record in told
        if record["event"] == "暴雨"
    ]
    assert rain[:3] == [(0, "yellow"), (20, "orange"), (40, "red")]
    assert rain[-1][1] is None
    assert told[1][1]["references"] == [told[0][1]["id"]]


def test_a_storm_is_begun_once_and_at_its_hour():
    known = opening.Known({})
    (begun,) = opening.storms_for(known, "storm", None, NOW)
    assert begun.begin - NOW < timedelta(seconds=5)
    (later,) = opening.storms_for(known, "storm", "18:00", NOW)
    assert later.begin == NOW.replace(hour=10)
    assert opening.storms_for(known, "calm", None, NOW) == ()
    held = opening.Known({"simulated": True, "simulator": {"storms": [NOW.isoformat()]}})
    assert opening.storms_for(held, "storm", None, NOW + HOUR) == (Storm(NOW),)
    assert len(opening.storms_for(held, "storm", None, NOW + 50 * HOUR)) == 2
