"""Shapes of the city's divisions, for programs and for a map without a file of its own."""

from sqlalchemy import update

from callbacks import page_data
from data_access.tables import city, jurisdiction
from tests.dashboard.http.town import CITY, WEST, City

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[120.0, 30.0], [120.2, 30.0], [120.2, 30.2], [120.0, 30.0]]],
}


def _draw(town: City, name: str) -> None:
    with town.store.write() as writer:
        writer.conn.execute(
            update(jurisdiction).where(jurisdiction.c.id == name).values(polygon=SQUARE)
        )


def test_divisions_are_listed_within_the_callers_scope(town: City) -> None:
    ask = town.client().get
    whole = ask("/api/v1/jurisdictions", headers=town.bearer("leader")).json
    assert [item["id"] for item in whole["items"]] == [CITY, "330102", "330106"]
    part = ask("/api/v1/jurisdictions?level=district", headers=town.bearer("leader", WEST)).json
    assert [item["id"] for item in part["items"]] == ["330106"]
    wrong = ask("/api/v1/jurisdictions?level=street", headers=town.bearer("leader"))
    assert wrong.status_code == 400


def test_shapes_are_a_feature_collection(town: City) -> None:
    _draw(town, "330102")
    for path, more in (("", {"Accept": "application/geo+json"}), ("?format=geojson", {})):
        answer = town.client().get(
            f"/api/v1/jurisdictions{path}", headers={**town.bearer("leader"), **more}
        )
        assert answer.mimetype == "application/geo+json"
        (feature,) = answer.json["features"]
        assert feature["geometry"] == SQUARE
        assert feature["properties"]["level"] == "district"


def test_a_city_without_a_map_is_drawn_from_the_store(town: City, monkeypatch) -> None:
    class Who:
        scopes = (CITY,)

    with town.store.read() as conn:
        assert page_data._city(conn, town.services, Who()).shapes_url is None
    _draw(town, "330102")
    with town.store.read() as conn:
        url = page_data._city(conn, town.services, Who()).shapes_url
    assert url is not None
    shapes = town.client().get(url, headers=town.bearer("leader")).json
    assert len(shapes["features"]) == 1
    with town.store.write() as writer:
        writer.conn.execute(update(city).values(settings={"map": "hangzhou"}))
    with town.store.read() as conn:
        told = page_data._city(conn, town.services, Who())
    assert told.shapes_url == "/assets/map/hangzhou.geojson"
    assert told.base_url == "/assets/map/hangzhou-base.geojson"
