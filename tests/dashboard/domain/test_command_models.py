"""Whom 催办 and 督办 reach: a test a model."""

import pytest

from dashboard.domain.command_models import Part, Seat, model_of, recipients

UNIT = Seat("u1", "养护所", "unit")


def chain(model: str | None, *, depth: int = 4) -> list[Seat]:
    seats = [
        Seat("330100", "杭州市", "city"),
        Seat("330106", "西湖区", "district", model),
        Seat("330106005", "北山街道", "subdistrict"),
        Seat("330106005012", "曙光社区", "community"),
    ]
    return seats[:depth]


def reached(seats: list[Seat], unit: Seat | None) -> list[tuple[str, str]]:
    return [(one.id, one.part) for one in recipients(seats, unit)]


def test_in_the_main_city_the_unit_acts_and_the_city_supervises() -> None:
    assert reached(chain("main"), UNIT) == [("u1", Part.TO_ACT), ("330100", Part.SUPERVISES)]


def test_in_a_sub_city_the_district_acts_and_the_city_sees_and_supports() -> None:
    assert reached(chain("sub"), UNIT) == [("330106", Part.TO_ACT), ("330100", Part.SUPPORTS)]


def test_in_a_town_the_town_acts_and_the_district_supervises() -> None:
    assert reached(chain("town"), UNIT) == [
        ("330106005", Part.TO_ACT),
        ("330106", Part.SUPERVISES),
    ]


def test_the_lowest_model_on_the_way_counts() -> None:
    seats = chain("main")
    seats[2] = Seat("330106005", "双浦镇", "subdistrict", "town")
    assert model_of(seats) == "town"
    assert reached(seats, UNIT)[0] == ("330106005", Part.TO_ACT)


@pytest.mark.parametrize("model", ["main", "sub", "town", None])
@pytest.mark.parametrize("unit", [UNIT, None], ids=["unit", "no unit"])
@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_somebody_acts_and_nobody_is_named_twice(model, unit, depth) -> None:
    told = reached(chain(model, depth=depth), unit)
    assert [part for _, part in told].count(Part.TO_ACT) == 1
    assert told[0][1] == Part.TO_ACT
    assert len({name for name, _ in told}) == len(told)


def test_without_anything_known_nobody_is_reached() -> None:
    assert recipients([], None) == ()
