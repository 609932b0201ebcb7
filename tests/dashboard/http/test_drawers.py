"""What the drawers ask: within one's scope, thinned, masked, and in the audit where it must be."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from dashboard import demo_video
from tests.dashboard.http.test_lists import CAMERA, PLACE, RESPONDER, STATION, fill, get
from tests.dashboard.http.town import EAST, NOW, City, a_case

FACTOR = "/api/v1/stations/e/readings?factor="


def _readings(town: City, values: dict[int, float], factor: str = "level", **more: Any) -> None:
    """Values by minutes before now."""
    told = [
        {
            "station": "e",
            "factor": factor,
            "at": (NOW - timedelta(minutes=minutes)).isoformat(),
            "value": value,
            **more,
        }
        for minutes, value in values.items()
    ]
    assert town.ingest("readings", told)["rejected"] == []


def _audit(town: City) -> list[dict[str, Any]]:
    lines = get(town, "/api/v1/audit", town.bearer("administrator"))["items"]
    return [line for line in lines if line["act"].startswith("watch-") or line["act"] == "unmask"]


def test_a_line_is_the_newest_revision_of_each_moment(anytown: City) -> None:
    anytown.ingest("stations", [{"id": "e", **STATION}])
    _readings(anytown, {30: 1.0, 20: 2.0, 10: 3.0})
    _readings(anytown, {20: 2.5})
    told = get(anytown, FACTOR + "level", anytown.bearer("leader"))
    assert told["value"] == [1.0, 2.5, 3.0]
    assert told["at"][0] == "2026-07-01T03:30:00Z"
    assert (told["told"], told["step_s"]) == (3, None)


def test_doubtful_readings_stand_apart(anytown: City) -> None:
    anytown.ingest("stations", [{"id": "e", **STATION}])
    _readings(anytown, {30: 1.0, 10: 3.0})
    _readings(anytown, {20: 99.0}, flag="suspect")
    told = get(anytown, FACTOR + "level", anytown.bearer("leader"))
    assert told["value"] == [1.0, 3.0]
    assert told["suspect"] == {"at": ["2026-07-01T03:40:00Z"], "value": [99.0]}


def test_a_long_line_is_thinned_and_keeps_its_peak(anytown: City) -> None:
    anytown.ingest("stations", [{"id": "e", **STATION}])
    _readings(anytown, {n: 1.0 + n % 3 / 10 for n in range(1, 1200)} | {777: 9.0})
    told = get(anytown, FACTOR + "level&points=100", anytown.bearer("leader"))
    assert told["told"] == 1199
    assert len(told["value"]) <= 110
    assert max(told["value"]) == 9.0


def test_a_silence_breaks_the_line(town: City) -> None:
    town.ingest("stations", [{"id": "e", **STATION}])
    _readings(town, dict.fromkeys((100, 99, 98, 97, 20, 19, 18), 1.0))
    told = get(town, FACTOR + "level", town.bearer("leader"))
    assert told["value"] == [1.0] * 4 + [None] + [1.0] * 3


def test_rain_is_summed_and_loses_no_drop(anytown: City) -> None:
    anytown.ingest("stations", [{"id": "e", **STATION, "kind": "rain"}])
    _readings(anytown, {10: 1.5, 30: 2.5, 60: 4.0, 90: 0.0}, factor="rain")
    told = get(anytown, FACTOR + "rain", anytown.bearer("leader"))
    assert told["step_s"] == 3600
    columns = dict(zip(told["at"], told["value"], strict=True))
    assert columns["2026-07-01T03:00:00Z"] == 4.0
    assert columns["2026-07-01T02:00:00Z"] == 4.0  # what is told at 03:00 fell before
    assert columns["2026-07-01T01:00:00Z"] is None
    week = get(anytown, FACTOR + "rain&from=2026-06-24T04:00:00Z", anytown.bearer("leader"))
    assert week["step_s"] == 6 * 3600
    assert sum(value or 0 for value in week["value"]) == 8.0
    assert all(at[11:13] in ("00", "06", "12", "18") for at in week["at"])  # 08:00 in the city


@pytest.mark.parametrize(
    "query",
    ["", "factor=level&from=x", "factor=level&from=2026-07-02T00:00:00Z", "factor=level&points=x",
     "factor=level&from=2020-01-01T00:00:00Z"],
)  # fmt: skip
def test_a_question_that_cannot_be_is_refused(town: City, query: str) -> None:
    town.ingest("stations", [{"id": "e", **STATION}])
    path = f"/api/v1/stations/e/readings?{query}"
    assert town.client().get(path, headers=town.bearer("leader")).status_code == 400


def test_readings_of_another_district_are_not_there(town: City) -> None:
    fill(town)
    headers = town.bearer("supervisor", EAST)
    path = "/api/v1/stations/{}/readings?factor=level"
    assert town.client().get(path.format("e"), headers=headers).status_code == 200
    assert town.client().get(path.format("w"), headers=headers).status_code == 404


def test_the_nearest_comes_first_and_within_scope(anytown: City) -> None:
    fill(anytown)
    near = "/api/v1/nearby?lon=120.1&lat=30.2&within_m=20000"
    everything = get(anytown, near, anytown.bearer("leader"))
    assert set(everything) == {"cameras", "stations", "responders", "places"}
    in_east = get(anytown, near + "&topics=cameras,places", anytown.bearer("supervisor", EAST))
    assert [item["id"] for item in in_east["cameras"]] == ["e"]
    anytown.ingest("cameras", [{"id": "n", **CAMERA, "lon": 120.1001, "lat": 30.2}])
    found = get(anytown, near + "&topics=cameras&limit=2", anytown.bearer("leader"))["cameras"]
    assert found[0]["id"] == "n"
    assert found[0]["distance_m"] == 10
    assert found[1]["distance_m"] > 10_000


def test_a_wall_is_near_to_no_camera_that_it_may_not_show(town: City) -> None:
    town.ingest("cameras", [{"id": "secret", **CAMERA, "wall_allowed": False}])
    path = "/api/v1/nearby?lon=120.2&lat=30.3&topics=cameras"
    assert get(town, path, town.bearer("leader"))["cameras"]
    assert get(town, path, town.bearer("wall"))["cameras"] == []
    answer = town.client().get("/api/v1/cameras/secret", headers=town.bearer("wall"))
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "query", ["lon=1", "lon=x&lat=1", "lon=200&lat=1", "lon=1&lat=1&topics=cases", "lon=nan&lat=1"]
)
def test_nowhere_is_near_nothing(town: City, query: str) -> None:
    path = f"/api/v1/nearby?{query}"
    assert town.client().get(path, headers=town.bearer("leader")).status_code == 400


def test_earlier_cases_of_one_spot(anytown: City) -> None:
    early = {"reported_at": "2026-06-20T08:00:00+08:00", "stage_at": "2026-06-20T08:00:00+08:00"}
    anytown.ingest(
        "cases",
        [
            a_case("now"),
            a_case("before", lon=120.2002, **early),
            a_case("far", lon=120.21, **early),
            a_case("other", kind="component", **early),
            a_case("later", reported_at="2026-07-01T09:00:00+08:00"),
        ],
    )
    told = get(anytown, "/api/v1/cases/now/before", anytown.bearer("leader"))
    assert (told["count"], [item["id"] for item in told["items"]]) == (1, ["before"])
    assert told["items"][0]["distance_m"] == 19
    headers = anytown.bearer("supervisor", "330100/330106")
    assert anytown.client().get("/api/v1/cases/now/before", headers=headers).status_code == 404


@pytest.mark.parametrize(
    ("topic", "thing", "act"),
    [("cameras", CAMERA, "watch-camera"), ("responders", RESPONDER, "watch-responder")],
)
def test_opening_a_live_picture_is_in_the_audit(town: City, topic, thing, act) -> None:
    streams = [{"kind": "hls", "url": "https://cctv.test/a.m3u8"}]
    town.ingest(topic, [{"id": "c", **thing, "streams": streams}])
    headers = town.bearer("leader")
    for path in ("", "/c"):
        assert "cctv.test" not in town.client().get(f"/api/v1/{topic}{path}", headers=headers).text
    geo = {**headers, "Accept": "application/geo+json"}
    assert "cctv.test" not in town.client().get(f"/api/v1/{topic}", headers=geo).text
    around = f"/api/v1/nearby?lon={thing['lon']}&lat={thing['lat']}"
    near = get(town, around, headers)
    assert near[topic]
    assert "streams" not in near[topic][0]
    assert _audit(town) == []
    answer = town.client().post(f"/api/v1/{topic}/c/watch?for=case-1", headers=headers)
    assert answer.json["streams"] == streams
    (line,) = _audit(town)
    assert (line["act"], line["subject"], line["detail"]) == (act, "c", {"for": "case-1"})


def test_a_browser_needs_its_csrf_token_to_watch(town: City) -> None:
    town.ingest("cameras", [{"id": "c", **CAMERA}])
    browser = town.signed_in()
    assert browser.post("/api/v1/cameras/c/watch").status_code == 403
    token = browser.get_cookie("_csrf_token").value
    answer = browser.post("/api/v1/cameras/c/watch", headers={"X-CSRFToken": token})
    assert answer.status_code == 200


def test_a_number_is_masked_and_unmasking_is_in_the_audit(town: City) -> None:
    town.ingest("responders", [{"id": "r", **RESPONDER}])
    path = "/api/v1/responders/r"
    headers = town.bearer("commander")
    assert get(town, path, headers)["phone"] == "138****5678"
    told = town.client().post(f"{path}/phone", headers=headers)
    assert told.json["phone"] == "13812345678"
    assert [(line["act"], line["subject"]) for line in _audit(town)] == [("unmask", "r")]
    assert "phone" not in get(town, path, town.bearer("wall"))


def test_texts_of_citizens_are_masked(town: City) -> None:
    text = "请找王女士13812345678，车牌浙A12345"
    note = {"stage": "accepted", "at": "2026-07-01T08:05:00+08:00", "note": "回电13812345678"}
    town.ingest("cases", [a_case("c", description=text, events=[note])])
    headers = town.bearer("supervisor")
    record = get(town, "/api/v1/cases/c", headers)
    assert record["description"] == "请找王女士138****5678，车牌浙A***45"
    assert "回电138****5678" in [event["note"] for event in record["events"]]
    assert "13812345678" not in str(record)
    plain = town.client().post("/api/v1/cases/c/plain", headers=headers).json
    assert plain["description"] == text
    assert [line["act"] for line in _audit(town)] == ["unmask"]


def test_a_place_tells_of_cameras_and_supplies(town: City) -> None:
    supplies = [{"name": "沙袋", "count": 200}]
    town.ingest("places", [{"id": "p", **PLACE, "cameras": ["c"], "supplies": supplies}])
    told = get(town, "/api/v1/places/p", town.bearer("leader"))
    assert (told["state"], told["depth_cm"], told["cameras"]) == ("ponding", 27, ["c"])
    assert told["supplies"]


def test_only_a_demonstration_has_pictures_of_its_own(make_town: Any, tmp_path: Any) -> None:
    town = make_town(demonstration=True)
    folder = demo_video.folder(tmp_path)
    folder.mkdir()
    (folder / demo_video.PLAYLIST).write_text("#EXTM3U\n")
    headers = town.bearer("leader")
    loop = town.client().get("/video/demo/loop.m3u8", headers=headers, buffered=True)
    assert (loop.status_code, loop.mimetype) == (200, "application/vnd.apple.mpegurl")
    frame = town.client().get("/video/demo/frame/a", headers=headers)
    assert frame.mimetype == "image/svg+xml"
    assert demo_video.WORDS in frame.text
    assert town.client().get("/video/demo/pingji.sqlite", headers=headers).status_code == 404
    town.ingest("cameras", [{"id": "real", **CAMERA}])
    told = town.client().post("/api/v1/cameras/real/watch", headers=headers).json
    assert told["streams"] == []  # what a real feed told of never shows a drawn picture


def test_elsewhere_there_are_none(town: City) -> None:
    headers = town.bearer("leader")
    for path in ("/video/demo/loop.m3u8", "/video/demo/frame/a"):
        assert town.client().get(path, headers=headers).status_code == 404


def test_a_frame_moves_with_the_clock() -> None:
    at = datetime(2026, 7, 1, tzinfo=UTC)
    assert demo_video.frame("a", at) != demo_video.frame("a", at + timedelta(seconds=1))
    assert demo_video.frame("a", at) == demo_video.frame("a", at)
