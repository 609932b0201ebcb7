"""Commanding screens over the API: what each shows, why, by whom, and what is refused."""

from typing import Any

import pytest

from dashboard.accounts import enrol
from dashboard.shipped import write_shipped
from data_access.commands import screens as commands
from data_access.commands.screens import put_shipped_scene
from data_access.queries import screens as queries
from layouts.wall_geometry import Geometry
from tests.dashboard.http.town import CITY, EAST, WEST, City, a_case, csrf_of

NIGHT = {"scenario": "flood-typhoon", "level": 4, "issuer": "city-flood-hq", "reason": "暴雨"}


def copy_of(routine: Any, name: str, **told: Any) -> dict[str, Any]:
    kept = ("name", "name_en", "screen_kind", "content", "scenario", "levels")
    return {"id": name, **{key: routine[key] for key in kept}, **told}


@pytest.fixture
def hall(anytown: City) -> City:
    """Screens of a city and of two districts, with a scene of each purpose."""
    write_shipped(anytown.store, scope=CITY)
    with anytown.store.write() as writer:
        routine = dict(queries.find_scene(writer.conn, scene_id="routine") or {})
        for name, told in {
            "zz-flood": {"mode": "emergency", "purpose": "mode", "scenario": "flood-typhoon"},
            "zz-hand": {"mode": "any", "purpose": "sent"},
            "zz-incident": {"mode": "any", "purpose": "incident"},
            "zz-cameras": {"mode": "any", "purpose": "cameras"},
            "zz-guests": {"mode": "any", "purpose": "reception"},
        }.items():
            content = {**routine["content"], "shipped": 0}
            put_shipped_scene(writer, copy_of(routine, name, **told, content=content))
        for name, scope in (("east", EAST), ("west", WEST)):
            commands.put_screen(
                writer,
                screen_id=name,
                name=name,
                scope=scope,
                scene_id=None,
                geometry=Geometry().as_json(),
            )
    anytown.ingest("cases", [a_case("C1", jurisdiction="330102", subcategory="0101")])
    camera = {"name": "x", "lon": 120.2, "lat": 30.3, "source": "city", "status": "on"}
    anytown.ingest(
        "cameras",
        [
            {"id": "K1", "jurisdiction": "330102", **camera},
            {"id": "K2", "jurisdiction": "330102", "wall_allowed": False, **camera},
        ],
    )
    return anytown


class Desk:
    def __init__(self, hall: City, role: str = "commander", *scopes: str, **more: Any) -> None:
        self.client, self.headers = hall.client(), hall.bearer(role, *scopes, **more)

    def put(self, screen: str, body: dict[str, Any], **headers: str) -> Any:
        told = {**self.headers, **headers}
        return self.client.put(f"/api/v1/screens/{screen}", json=body, headers=told)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.post(f"/api/v1/{path}", json=body, headers=self.headers)

    def get(self, screen: str) -> dict[str, Any]:
        return self.client.get(f"/api/v1/screens/{screen}", headers=self.headers).json


def shows(row: dict[str, Any]) -> tuple[str | None, str]:
    return row["scene"], row["why"]


def test_a_screen_follows_the_mode_and_what_is_sent(hall: City) -> None:
    desk = Desk(hall)
    assert shows(desk.get("main")) == ("routine", "routine")
    started = desk.post("operations", {"kind": "emergency", **NIGHT, "area": "330102"})
    assert started.status_code == 201
    assert shows(desk.get("main")) == ("routine", "routine"), "a part's is a chip in the band"
    assert shows(desk.get("east")) == ("zz-flood", "mode")
    assert shows(desk.get("west")) == ("routine", "routine")
    row = desk.put("east", {"scene": "zz-hand", "version": desk.get("east")["version"]}).json
    assert (*shows(row), row["by"]) == ("zz-hand", "sent", desk_name(row))
    assert row["since"] is not None
    ended = desk.post(f"operations/{started.json['id']}/end", {"reason": "雨停"})
    assert ended.status_code == 200
    assert shows(desk.get("east")) == ("zz-hand", "sent")
    assert shows(desk.put("east", {"scene": None}).json) == ("routine", "routine")


def desk_name(row: dict[str, Any]) -> str:
    assert row["by"].startswith("token:")
    return row["by"]


def test_who_comes_second_is_told_the_state(hall: City) -> None:
    desk = Desk(hall)
    version = desk.get("main")["version"]
    key = {"Idempotency-Key": "one"}
    first = desk.put("main", {"blank": True, "version": version}, **key)
    assert shows(first.json) == (None, "blank")
    again = desk.put("main", {"blank": True, "version": version}, **key)
    assert again.headers["Idempotency-Replayed"] == "true"
    late = desk.put("main", {"scene": "zz-hand", "version": version})
    assert late.status_code == 409
    assert shows(late.json["state"][0]) == (None, "blank")


def test_a_pinned_screen_changes_only_by_an_act_that_says_so(hall: City) -> None:
    desk = Desk(hall)
    assert shows(desk.put("main", {"pinned": True}).json) == ("routine", "pinned")
    refused = desk.put("main", {"blank": True})
    assert (refused.status_code, refused.json["field"]) == (409, "pinned")
    desk.post("operations", {"kind": "emergency", **NIGHT})
    assert shows(desk.get("main")) == ("routine", "pinned")
    assert shows(desk.put("main", {"pinned": False}).json) == ("zz-flood", "mode")


def test_steps_rotate_as_told(hall: City) -> None:
    desk = Desk(hall)
    steps = [{"step": 1, "seconds": 40}, {"step": 0, "seconds": 10}]
    row = desk.put("main", {"steps": steps}).json
    assert (*shows(row), row["target"]) == ("routine", "sent", {"steps": steps})
    assert shows(desk.put("main", {"steps": []}).json) == ("routine", "routine")
    for bad in ([{"step": 9, "seconds": 10}], [{"step": 0, "seconds": 1}], "all", [3]):
        assert desk.put("main", {"steps": bad}).status_code == 422


def test_an_incident_is_told_without_free_text(hall: City) -> None:
    desk = Desk(hall)
    row = desk.put("main", {"incident": {"topic": "cases", "id": "C1"}}).json
    assert shows(row) == ("zz-incident", "sent")
    told = row["target"]["incident"]
    assert (told["id"], told["subcategory"], told["jurisdiction"]) == ("C1", "0101", "330102")
    assert "积水" not in str(row)
    assert desk.put("west", {"incident": {"topic": "cases", "id": "C1"}}).status_code == 422
    assert desk.put("main", {"incident": {"topic": "cases", "id": "no"}}).status_code == 404
    assert desk.put("main", {"incident": {"topic": "faces", "id": "C1"}}).status_code == 422


def test_only_cameras_marked_for_walls_are_sent(hall: City) -> None:
    desk = Desk(hall)
    row = desk.put("east", {"cameras": ["K1", "K1"], "seconds": 20, "pinned": True}).json
    assert (*shows(row), row["target"]) == (
        "zz-cameras",
        "pinned",
        {"cameras": ["K1"], "seconds": 20},
    )
    refused = desk.put("main", {"cameras": ["K1", "K2"]})
    assert (refused.status_code, refused.json["field"]) == (422, "cameras")
    assert desk.put("west", {"cameras": ["K1"]}).status_code == 422
    assert desk.put("main", {"cameras": ["gone"]}).status_code == 404


def test_several_screens_change_together_or_not_at_all(hall: City) -> None:
    desk = Desk(hall)
    now = {name: desk.get(name)["version"] for name in ("main", "east", "west")}
    named = [{"id": name, "version": version} for name, version in now.items()]
    done = desk.post("screens/show", {"screens": named, "scene": "zz-hand"})
    assert {shows(row) for row in done.json["items"]} == {("zz-hand", "sent")}
    late = desk.post("screens/show", {"screens": named, "blank": True})
    assert late.status_code == 409
    assert len(late.json["state"]) == 3
    assert shows(desk.get("west")) == ("zz-hand", "sent")


def test_guests_come_and_go_by_one_key(hall: City) -> None:
    desk = Desk(hall)
    desk.put("east", {"blank": True, "pinned": True})
    done = desk.post("halls/main/reception", {"on": True})
    assert {shows(row) for row in done.json["items"]} == {("zz-guests", "reception")}
    assert desk.post("halls/main/reception", {"on": True}).json["items"] == []
    desk.post("halls/main/reception", {"on": False})
    assert [shows(desk.get(name)) for name in ("main", "east")] == [
        ("routine", "routine"),
        (None, "blank"),
    ]
    assert desk.post("halls/nowhere/reception", {"on": True}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"scene": "nothing"},
        {"scene": "zz-cameras"},
        {"scene": "routine", "blank": True},
        {"blank": False},
        {"cameras": []},
        {"incident": "C1"},
        {"pinned": "yes"},
    ],
    ids=str,
)
def test_what_cannot_be_shown_is_said(hall: City, body: dict[str, Any]) -> None:
    refused = Desk(hall).put("main", body)
    assert refused.status_code == 422, refused.text
    assert refused.json["detail"]


def test_nobody_commands_what_is_not_theirs(hall: City) -> None:
    west = Desk(hall, "supervisor", WEST)
    assert west.put("main", {"blank": True}).status_code == 404
    assert west.put("west", {"blank": True}).status_code == 200
    assert Desk(hall, "leader").put("main", {"blank": True}).status_code == 403
    event = Desk(hall).post("operations", {"kind": "event", "name": "夜跑", "reason": "保障"}).json
    with hall.store.write() as writer:
        commands.put_screen(
            writer,
            screen_id="room",
            name="room",
            scope=CITY,
            scene_id=None,
            geometry=Geometry().as_json(),
            event=event["id"],
        )
    member = Desk(hall, "event-member", CITY, events=[event["id"]])
    assert member.put("room", {"blank": True}).status_code == 200
    assert member.put("main", {"blank": True}).status_code == 404


def test_an_edited_scene_counts_at_once_and_no_edition_of_ours_overwrites_it(hall: City) -> None:
    admin, desk = Desk(hall, "administrator"), Desk(hall)
    listed = admin.client.get("/api/v1/scenes", headers=admin.headers).json["items"]
    routine = next(it for it in listed if it["id"] == "routine")
    before = desk.get("main")["edition"]
    body = {**routine, "name": "平时一屏", "version": 1}

    def put(told: dict[str, Any], who: Desk = admin) -> Any:
        return who.client.put("/api/v1/scenes/routine", json=told, headers=who.headers)

    assert put(body, desk).status_code == 403
    wrong = {**body, "content": {**body["content"], "steps": [{"name": "x"}]}}
    refused = put(wrong)
    assert (refused.status_code, "routine" in refused.json["detail"]) == (422, True)
    edited = put(body)
    assert (edited.status_code, edited.json["version"], edited.json["own"]) == (200, 2, True)
    assert desk.get("main")["edition"] != before
    assert put(body).status_code == 409
    write_shipped(hall.store, scope=CITY)
    listed = admin.client.get("/api/v1/scenes", headers=admin.headers).json["items"]
    assert next(it for it in listed if it["id"] == "routine")["name"] == "平时一屏"


def test_a_screen_speaks_for_itself_alone(hall: City) -> None:
    code = enrol.make_code(hall.store, hall.actor, "main").digits
    browser = hall.client()
    browser.get("/wall/main", headers={"Accept": "text/html"})
    browser.post("/enrol", data={"code": code, "_csrf_token": csrf_of(browser)})
    token = {"X-CSRFToken": csrf_of(browser)}
    told = {"scene": "routine", "step": 1, "fresh": True}
    assert browser.post("/api/v1/screens/main/seen", json=told, headers=token).status_code == 204
    refused = browser.post("/api/v1/screens/east/seen", json=told, headers=token)
    assert refused.status_code == 403
    other = browser.get("/wall/east", headers={"Accept": "text/html"})
    assert (other.status_code, "east" in other.text) == (403, True)
    row = live(hall, "main")
    assert (row["id"], row["seen_scene"], row["seen_step"]) == ("main", "routine", 1)
    enrol.unenrol(hall.store, hall.actor, "main")
    assert live(hall, "main")["seen_at"] is None


def live(hall: City, name: str) -> dict[str, Any]:
    """A screen as the stream tells it."""
    told = hall.client().get("/api/v1/snapshot/screens", headers=Desk(hall).headers).json
    row = next(row for row in told["rows"] if row[0] == name)
    return dict(zip(told["columns"], row, strict=True))
