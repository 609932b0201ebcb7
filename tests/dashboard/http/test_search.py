"""Live cases by a part of their number or of what citizens wrote, as it is shown."""

import pytest

from tests.dashboard.http.town import EAST, WEST, City, a_case


@pytest.fixture
def filled(town: City) -> City:
    town.ingest(
        "cases",
        [
            a_case("20260701001", address="文三路 12 号", description="路面有积水"),
            a_case(
                "20260701002", description="来电 13812345678 反映井盖缺失", jurisdiction="330106"
            ),
        ],
    )
    return town


def _found(town: City, text: str, role: str = "supervisor", *scopes: str) -> list[str]:
    answer = town.client().get(
        "/api/v1/search", query_string={"q": text}, headers=town.bearer(role, *scopes)
    )
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json["items"]]


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("文三", ["20260701001"]),
        ("井盖", ["20260701002"]),
        ("01002", ["20260701002"]),
        ("%%", []),
        ("__", []),
    ],
)
def test_a_part_finds_a_case(filled: City, text, ids) -> None:
    assert _found(filled, text) == ids


def test_nothing_outside_the_scope_is_found(filled: City) -> None:
    assert _found(filled, "井盖", "supervisor", EAST) == []
    assert _found(filled, "井盖", "supervisor", WEST) == ["20260701002"]


def test_a_masked_number_cannot_be_guessed(filled: City) -> None:
    assert _found(filled, "13812345678") == []
    assert _found(filled, "1234567") == []


def test_a_wall_finds_numbers_alone(filled: City) -> None:
    assert _found(filled, "井盖", "wall") == []
    assert _found(filled, "01002", "wall") == ["20260701002"]


def test_one_character_is_too_few(filled: City) -> None:
    headers = filled.bearer("leader")
    assert filled.client().get("/api/v1/search?q=%E8%B7%AF", headers=headers).status_code == 400
    assert filled.client().get("/api/v1/search", headers=headers).status_code == 400
