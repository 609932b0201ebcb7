"""Cases and things by a part of their number, name or what citizens wrote, as it is shown."""

import pytest

from tests.dashboard.http.test_lists import CAMERA, PLACE, STATION
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
        ("文三 积水", ["20260701001"]),
        ("文三路１２号", ["20260701001"]),
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


@pytest.mark.parametrize("asked", ["?q=%E8%B7%AF", "", "?q=%25%25", "?q=__", "?q=ab&topics=feeds"])
def test_too_little_and_the_unknown_are_refused(filled: City, asked) -> None:
    headers = filled.bearer("leader")
    assert filled.client().get(f"/api/v1/search{asked}", headers=headers).status_code == 400


def test_an_ended_case_is_found_long_after(filled: City) -> None:
    long_ago = "2026-01-10T08:00:00+08:00"
    ended = {"stage": "closed", "stage_at": long_ago, "reported_at": long_ago}
    filled.ingest("cases", [a_case("20260110009", description="路灯不亮", **ended)])
    told = filled.client().get("/api/v1/search?q=路灯", headers=filled.bearer("leader")).json
    (item,) = told["items"]
    assert (item["id"], item["topic"], item["live"]) == ("20260110009", "cases", False)
    assert item["ended_at"]


def test_things_are_found_by_name_and_only_by_the_topics_asked_for(filled: City) -> None:
    filled.ingest("cameras", [{"id": "c1", **CAMERA, "name": "文三路口"}])
    filled.ingest("stations", [{"id": "s1", **STATION, "name": "文三桥"}])
    filled.ingest("places", [{"id": "p1", **PLACE, "name": "文三下穿"}])
    assert _found(filled, "文三") == ["20260701001", "s1", "c1", "p1"]
    assert _found(filled, "文三&topics=places") == []
    headers = filled.bearer("supervisor")
    asked = {"q": "文三", "topics": "places,cameras"}
    told = filled.client().get("/api/v1/search", query_string=asked, headers=headers).json
    assert [item["id"] for item in told["items"]] == ["p1", "c1"]
