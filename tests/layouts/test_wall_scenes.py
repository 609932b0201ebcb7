"""Scenes are data: read strictly, and laid out so that no panel lies across a seam."""

import copy
from itertools import combinations

import pytest

from layouts.panels.wall import PANELS as BUILT
from layouts.wall_geometry import Geometry
from layouts.wall_scenes import (
    CLOCK,
    MAP,
    PANELS,
    TITLE,
    SceneError,
    arrange,
    can_show,
    layout_key,
    parse,
    shipped,
)

WALLS = {
    "4K": Geometry(),
    "HD": Geometry(pixels=(1920, 1080), width_mm=3000, seat_m=5),
    "LED": Geometry(width_mm=12000, pixels=(7680, 2160)),
    "1x2": Geometry(width_mm=2422, pixels=(3840, 1080), columns=2, seam_mm=3.5, seat_m=4),
    "1x3": Geometry(width_mm=3633, pixels=(5760, 1080), columns=3, seam_mm=3.5, seat_m=6),
    "1x4": Geometry(width_mm=4844, pixels=(7680, 1080), columns=4, seam_mm=3.5, seat_m=6),
    "2x2": Geometry(width_mm=2422, pixels=(3840, 2160), rows=2, columns=2, seam_mm=3.5, seat_m=6),
    "2x3": Geometry(width_mm=3633, pixels=(5760, 2160), rows=2, columns=3, seam_mm=3.5, seat_m=6),
    "2x4": Geometry(width_mm=4844, pixels=(7680, 2160), rows=2, columns=4, seam_mm=3.5, seat_m=6),
    "3x3": Geometry(width_mm=3633, pixels=(5760, 3240), rows=3, columns=3, seam_mm=3.5, seat_m=6),
}
ROUTINE = next(scene for scene in shipped() if scene.id == "routine")


def test_every_panel_that_a_scene_may_name_is_built() -> None:
    assert set(BUILT) == set(PANELS)


def test_what_we_ship_is_right() -> None:
    scenes = shipped()
    assert len({scene.id for scene in scenes}) == len(scenes)
    assert all(scene.content.shipped > 0 for scene in scenes)
    assert {TITLE, CLOCK, MAP, "figures"} <= arrange(ROUTINE.content.steps[0], Geometry()).keys()


@pytest.mark.parametrize("wall", WALLS)
@pytest.mark.parametrize("scene", shipped(), ids=lambda scene: scene.id)
def test_every_step_lies_on_every_usual_wall(scene, wall) -> None:
    geometry = WALLS[wall]
    assert can_show(scene, geometry)
    edge = 0.3 * geometry.em_mm
    for step in scene.content.steps:
        places = arrange(step, geometry)
        for name, place in places.items():
            assert place.width > 10 * geometry.em_mm, name
            assert place.x >= edge, name
            assert place.y >= edge, name
            assert place.right <= geometry.width_mm - edge, name
            assert place.bottom <= geometry.height_mm - edge, name
        for (one, a), (other, b) in combinations(places.items(), 2):
            apart = a.right <= b.x or b.right <= a.x or a.bottom <= b.y or b.bottom <= a.y
            assert apart, (one, other)


@pytest.mark.parametrize("wall", WALLS)
@pytest.mark.parametrize("scene", shipped(), ids=lambda scene: scene.id)
def test_no_panel_but_the_map_lies_across_a_seam(scene, wall) -> None:
    geometry = WALLS[wall]
    upright, level = geometry.seams()
    half = geometry.seam_mm / 2
    for step in scene.content.steps:
        for name, place in arrange(step, geometry).items():
            if name == MAP:
                continue
            assert not any(place.x < x + half and place.right > x - half for x in upright), name
            assert not any(place.y < y + half and place.bottom > y - half for y in level), name


def test_a_wall_that_no_step_knows_is_said_to_be() -> None:
    odd = Geometry(rows=5, columns=5)
    assert layout_key(odd) == "5x5"
    assert not can_show(ROUTINE, odd)
    with pytest.raises(SceneError, match="5x5"):
        arrange(ROUTINE.content.steps[0], odd)


def broken(change) -> dict:
    told = copy.deepcopy(ROUTINE.model_dump(mode="json"))
    change(told)
    return told


BREAKS = {
    "no steps": lambda t: t["content"].update(steps=[]),
    "unknown panel": lambda t: t["content"]["steps"][0]["layouts"]["1x1"][0]["columns"][0][
        "panels"
    ].update(photos=1),
    "too quick": lambda t: t["content"]["steps"][0].update(seconds=1),
    "unknown layer": lambda t: t["content"]["steps"][0].update(layers=["faces"]),
    "unknown threshold": lambda t: t["content"].update(thresholds={"fun": 3}),
    "wild threshold": lambda t: t["content"].update(thresholds={"rain_heavy_mm": 900}),
    "routine of a level": lambda t: t.update(levels=[1]),
    "routine of a scenario": lambda t: t.update(scenario="flood-typhoon"),
    "no such level": lambda t: t.update(mode="emergency", levels=[5]),
    "chosen by no mode": lambda t: t.update(mode="any"),
    "a purpose with a mode": lambda t: t.update(purpose="reception"),
    "no such key": lambda t: t.update(colour="red"),
    "twice": lambda t: t["content"]["steps"][0]["layouts"]["1x1"][0]["columns"][0]["panels"].update(
        map=1
    ),
    "text across a seam": lambda t: t["content"]["steps"][0]["layouts"]["1x2"][0].update(
        at=[0, 0, 1, 2]
    ),
    "bad id": lambda t: t.update(id="../x"),
}


@pytest.mark.parametrize("change", BREAKS.values(), ids=BREAKS)
def test_a_wrong_scene_is_refused(change) -> None:
    with pytest.raises(SceneError):
        parse(broken(change))


def test_a_scene_naming_a_missing_panel_says_which_and_where() -> None:
    with pytest.raises(
        SceneError, match=r"场景 routine：第 1 步「城市运行」：1x1：没有面板 photos"
    ):
        parse(broken(BREAKS["unknown panel"]))


def test_a_scene_edited_before_there_were_layers_is_read() -> None:
    told = broken(lambda t: t["content"]["steps"][1].pop("layers"))
    told["content"]["steps"][1]["map"] = "water"
    assert parse(told).content.steps[1].layers == ("rivers", "rain")
