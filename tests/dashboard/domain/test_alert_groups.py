"""Alerts of one cause are one group; groups join upward, and part again only at a real crossing."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.alerts import groups

NOW = datetime(2016, 9, 4, tzinfo=UTC)


class Desk:
    """Groups, and what the rows show that follow them."""

    def __init__(self) -> None:
        self.groups = groups.Groups()
        self.rows: dict = {}
        self.writes = 0

    def put(self, name, chain, *, topic="stations", priority=2, minute=0.0) -> None:
        since = NOW + timedelta(minutes=minute)
        order = groups.order(topic, chain, priority, since, name)
        self.groups.put(("f", topic, name), groups.Member(chain, order))

    def settle(self) -> None:
        changed = self.groups.settle()
        self.writes += len(changed)
        self.rows |= changed

    def drop(self, name, topic="stations") -> None:
        self.groups.drop(("f", topic, name))
        self.rows.pop(("f", topic, name))

    def shown(self) -> Counter:
        return Counter(group for group, _ in self.rows.values())

    def leads(self) -> dict:
        return {group: key[2] for key, (group, cause) in self.rows.items() if cause}


def river(name, basin="运河"):
    return groups.of_station(
        "level_line", scope="3301/330106", river=name, basin=basin, feed="hydrology"
    )


def rain(district):
    return groups.of_station(
        "rain_sum", scope=f"3301/{district}", river=None, basin=None, feed="rain"
    )


def test_rivers_join_to_their_basin_and_part_when_hardly_any_is_left() -> None:
    desk = Desk()
    for n in range(3):
        desk.put(f"s{n}", river(f"河{n}"))
    desk.settle()
    assert set(desk.shown()) == {f"level/river/河{n}" for n in range(3)}
    desk.put("s3", river("河3"))
    desk.settle()
    assert desk.shown() == {"level/basin/运河": 4}
    for n in (3, 2):
        desk.drop(f"s{n}")
        desk.settle()
    assert desk.shown() == {"level/basin/运河": 2}  # nothing moves in between
    desk.drop("s1")
    desk.settle()
    assert desk.shown() == {"level/river/河0": 1}


def test_the_storm_takes_all_and_the_warning_leads_it() -> None:
    desk = Desk()
    desk.put("w", groups.of_warning("暴雨", "3301"), topic="warnings", minute=5)
    desk.put("s0", river("河0"), priority=1)
    for n in range(4):
        desk.put(f"p{n}", rain(f"33010{n}"), minute=n)
    desk.settle()
    assert desk.shown() == {"storm/city/3301": 6}
    assert desk.leads() == {"storm/city/3301": "w"}


def test_a_warning_makes_no_storm_of_itself() -> None:
    desk = Desk()
    for n, event in enumerate(("暴雨", "洪水", "台风", "雷雨大风", "山洪")):
        desk.put(f"w{n}", groups.of_warning(event, "3301"), topic="warnings")
    desk.settle()
    assert len(desk.shown()) == 5


def test_a_unit_with_many_overdue_cases_is_a_cause_and_the_few_of_many_are_their_district() -> None:
    desk = Desk()
    for n in range(12):
        desk.put(f"big{n}", groups.of_case("case_overdue", "U1", "3301/330106/1"), topic="cases")
    for n in range(5):
        desk.put(f"c{n}", groups.of_case("case_overdue", f"V{n}", "3301/330106/2"), topic="cases")
    desk.settle()
    assert desk.shown() == {"overdue/unit/U1": 12, "overdue/district/330106": 5}


def test_658_stations_within_ten_minutes_are_few_groups_and_few_writes() -> None:
    desk = Desk()
    desk.put("w", groups.of_warning("暴雨", "3301"), topic="warnings", priority=1, minute=-5)
    everyone = [
        *((f"r{n}", river(f"河{n % 24}", f"流域{n % 3}")) for n in range(109)),
        *((f"p{n}", rain(f"33{n % 13:04}")) for n in range(149)),
        *(
            (
                f"e{n}",
                groups.of_station(
                    "emission_mean", scope=f"3301/33{n % 13:04}", river=None, basin=None, feed="e"
                ),
            )
            for n in range(400)
        ),
    ]
    for n in range(658):
        name, chain = everyone[(n * 257) % 658]
        desk.put(name, chain, minute=10 * n / 658)
        desk.settle()
    assert len(desk.rows) == 659  # none lost
    assert len(desk.shown()) <= 10
    first = sorted(desk.leads().items(), key=lambda it: desk.groups._members[_key(it[1])].order)
    assert "w" in [name for _, name in first[:3]]
    assert desk.writes < 3 * 658


def _key(name):
    return ("f", "warnings" if name == "w" else "stations", name)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.booleans(), st.integers(0, 11), st.integers(0, 2), st.integers(1, 3)),
        max_size=60,
    )
)
def test_every_row_has_a_group_and_every_group_one_lead(told) -> None:
    desk = Desk()
    present = set()
    for comes, n, basin, priority in told:
        name = f"s{n}-{basin}"
        if comes:
            desk.put(name, river(f"河{n}-{basin}", f"流域{basin}"), priority=priority)
            present.add(name)
        elif name in present:
            desk.drop(name)
            present.discard(name)
        desk.settle()
        assert {key[2] for key in desk.rows} == present
        leads = Counter(group for group, cause in desk.rows.values() if cause)
        assert leads == dict.fromkeys(desk.shown(), 1)


@given(st.lists(st.tuples(st.integers(0, 11), st.integers(0, 2)), min_size=1, max_size=40))
@settings(max_examples=40, deadline=None)
def test_what_the_rows_show_is_taken_up_by_a_restart_without_a_write(told) -> None:
    desk = Desk()
    for n, basin in told:
        desk.put(f"s{n}-{basin}", river(f"河{n}-{basin}", f"流域{basin}"))
        desk.settle()
    again = Desk()
    again.groups.restore(desk.rows)
    for n, basin in told:
        again.put(f"s{n}-{basin}", river(f"河{n}-{basin}", f"流域{basin}"))
    assert again.groups.settle() == {}
