"""Which scene a screen shows: what was sent, then the mode's, then routine; danger above all."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dashboard.domain.operations import Operation
from dashboard.domain.scenes import (
    Danger,
    Offer,
    Place,
    Sent,
    Showing,
    showing,
    wall_key,
)

CITY, WEST, EAST = "330100", "330100/330106", "330100/330102"
NOW = datetime(2026, 7, 19, 6, tzinfo=UTC)
ALL = frozenset({"1x1", "wide"})


def offer(name: str, mode: str = "any", **more) -> Offer:
    purpose = "mode" if mode != "any" else name
    told = {"edition": "1.1", "purpose": purpose, "mode": mode, "walls": ALL, **more}
    return Offer(id=name, **told)


OFFERS = [
    offer("routine", "routine"),
    offer("emergency", "emergency"),
    offer("flood", "emergency", scenario="flood-typhoon"),
    offer("flood-high", "emergency", scenario="flood-typhoon", levels=(1, 2)),
    offer("grave", "emergency", levels=(1,)),
    offer("event", "event"),
    offer("incident"),
    offer("cameras"),
    offer("reception"),
    offer("tale", purpose="sent"),
    offer("night", "routine", walls=frozenset({"2x4"})),
]
MAIN = Place(id="main", scope=CITY, wall="1x1", rooms=frozenset({"a", "e"}))
HOLE = Danger(id="cases/1", scope=f"{WEST}/330106005", drill=False, told={"id": "1"})


def operation(name: str = "a", **more) -> Operation:
    told = {
        "id": name,
        "kind": "emergency",
        "level": 4,
        "scenario": "flood-typhoon",
        "name": "",
        "area": CITY,
        "issuer": "city-flood-hq",
        "drill": False,
        "effective_at": NOW,
        "entered_at": NOW,
        "entered_by": "x",
        "needs_confirmation": False,
        "state": "in_force",
        "version": 1,
    }
    return Operation(**{**told, **more})


def shown(place: Place = MAIN, operations=(), dangers=(), offers=tuple(OFFERS)) -> Showing:
    return showing(place, operations, offers, dangers)


def said(it: Showing) -> tuple[str | None, str]:
    return it.scene, str(it.why)


@pytest.mark.parametrize(
    ("acting", "scene"),
    [
        ([], "routine"),
        ([operation()], "flood"),
        ([operation(level=2)], "flood-high"),
        ([operation(scenario="snow-freeze")], "emergency"),
        ([operation(scenario="snow-freeze", level=1)], "grave"),
        ([operation(level=1)], "flood-high"),  # the scenario says more than the level
        ([operation(kind="event", level=None, scenario=None)], "event"),
        ([operation("e", kind="event", level=None, scenario=None), operation()], "flood"),
        ([operation(drill=True, level=1), operation("b", scenario="incident")], "emergency"),
        ([operation(state="ended")], "routine"),
        ([operation(area=WEST)], "routine"),  # what runs only in a part is a chip in the band
    ],
)
def test_the_most_specific_scene_of_what_decides(acting, scene) -> None:
    assert shown(operations=acting).scene == scene


def test_a_district_follows_its_own_and_the_citys() -> None:
    west, east = replace(MAIN, scope=WEST), replace(MAIN, scope=EAST)
    acting = [operation(area=WEST)]
    assert said(shown(west, acting)) == ("flood", "mode")
    assert said(shown(east, acting)) == ("routine", "routine")
    assert said(shown(east, [operation()])) == ("flood", "mode")


def test_a_screen_of_an_event_follows_its_event_first() -> None:
    room = replace(MAIN, event="e")
    acting = [operation(), operation("e", kind="event", level=None, scenario=None)]
    assert shown(room, acting).scene == "event"


def test_an_event_is_shown_by_its_members_alone() -> None:
    acting = [operation("e", kind="event", level=None, scenario=None)]
    assert said(shown(MAIN, acting)) == ("event", "mode")
    assert said(shown(replace(MAIN, rooms=frozenset()), acting)) == ("routine", "routine")


def test_a_citys_own_scene_comes_before_ours_of_the_same_reach() -> None:
    own = offer("zz", "emergency", scenario="flood-typhoon", own=True)
    assert shown(operations=[operation()], offers=(*OFFERS, own)).scene == "zz"


def test_a_wall_for_which_nothing_was_made_falls_back() -> None:
    odd = replace(MAIN, wall="2x4")
    assert said(shown(odd, [operation()])) == ("night", "routine")
    assert said(shown(replace(MAIN, wall="9x9"))) == (None, "routine")


def test_its_own_scene_of_routine() -> None:
    assert shown(replace(MAIN, home="tale")).scene == "tale"
    assert shown(replace(MAIN, home="gone")).scene == "routine"
    assert shown(replace(MAIN, home="tale"), [operation()]).scene == "flood"


def test_what_was_sent_stands_above_the_mode() -> None:
    sent = replace(MAIN, sent=Sent(what="sent", scene="tale", target={"steps": []}))
    assert said(shown(sent, [operation()])) == ("tale", "sent")
    pinned = replace(MAIN, sent=Sent(what="sent", scene="tale", pinned=True))
    assert said(shown(pinned, [operation()])) == ("tale", "pinned")
    gone = replace(MAIN, sent=Sent(what="sent", scene="gone"))
    assert said(shown(gone, [operation()])) == ("flood", "mode")
    blank = replace(MAIN, sent=Sent(what="blank"))
    assert said(shown(blank, [operation()])) == (None, "blank")
    guests = replace(MAIN, sent=Sent(what="reception"))
    assert said(shown(guests, [operation()])) == ("reception", "reception")
    watched = replace(MAIN, sent=Sent(what="cameras", target={"cameras": ["c1"]}))
    assert shown(watched).target == {"cameras": ["c1"]}


def test_danger_to_life_takes_over_and_gives_back() -> None:
    sent = replace(MAIN, sent=Sent(what="sent", scene="tale"))
    taken = shown(sent, dangers=[HOLE, replace(HOLE, id="cases/2", told={"id": "2"})])
    assert said(taken) == ("incident", "preempted")
    assert taken.target == {"incident": {"id": "1"}}
    assert list(taken.strip) == [{"id": "2"}]
    assert said(shown(sent)) == ("tale", "sent")
    assert shown(replace(MAIN, scope=EAST), dangers=[HOLE]).why == "routine"


@pytest.mark.parametrize(
    "sent",
    [
        Sent(what="sent", scene="tale", pinned=True),
        Sent(what="blank"),
        Sent(what="reception"),
    ],
    ids=lambda sent: sent.what,
)
def test_what_is_not_to_be_taken_over_gets_a_strip(sent) -> None:
    before = shown(replace(MAIN, sent=sent))
    after = shown(replace(MAIN, sent=sent), dangers=[HOLE])
    assert said(after) == said(before)
    assert list(after.strip) == [{"id": "1"}]


def test_a_drills_danger_stays_in_the_drill() -> None:
    played = replace(HOLE, drill=True)
    assert shown(dangers=[played]).why == "routine"
    drill = operation(drill=True)
    assert shown(operations=[drill], dangers=[played]).why == "preempted"
    assert shown(operations=[drill], dangers=[HOLE]).why == "preempted"


@pytest.mark.parametrize(
    ("measures", "key"),
    [((1, 1, 16 / 9), "1x1"), ((1, 1, 3.55), "wide"), ((2, 4, 3.55), "2x4")],
)
def test_kinds_of_walls(measures, key) -> None:
    assert wall_key(*measures) == key
