"""What a page is told when it is built: the city, the viewer, the build, the words of codes.

Plain data made by ``callbacks.shell``; layouts read it and scripts get it as JSON.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from dashboard.domain import (
    cameras,
    cases,
    deadlines,
    drills,
    jurisdictions,
    lamp,
    operations,
    places,
    responders,
    roles,
    scenes,
    stations,
    treatments,
    typhoons,
    warnings,
)
from dashboard.domain.alerts import ACTS_KEPT
from dashboard.domain.alerts import groups as alert_groups
from dashboard.domain.alerts.rules import PRIORITIES
from dashboard.domain.events import hazards, reports, things, versions
from dashboard.domain.matters import Matter, wet
from dashboard.domain.words import Words
from layouts import words
from layouts.feed_words import FEED_WORDS

NO_WORDS = Words("", "")
_EMPTY: Mapping[str, Words] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class City:
    """A city as its pages show it. ``bounds``: west, south, east, north."""

    id: str
    name: Words
    time_zone: str
    lon: float
    lat: float
    bounds: tuple[float, float, float, float] | None = None
    shapes_url: str | None = None
    base_url: str | None = None
    tiles: tuple[Mapping[str, Any], ...] = ()
    source: Words = NO_WORDS
    approval: str = ""
    notes: tuple[Words, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Viewer:
    """Who looks.

    ``rights``: values of ``dashboard.domain.roles.Right``; ``areas``: the jurisdictions whose mode
    is the viewer's.
    """

    name: str
    display_name: str
    role: str
    rights: frozenset[str]
    areas: tuple[str, ...] = ()

    def may(self, right: str) -> bool:
        """Say whether the viewer has a right; the server asks again whenever it counts."""
        return right in self.rights

    def may_in_city(self, right: str) -> bool:
        """Say whether it reaches beyond an event's room: a member's rights end at its ground."""
        return bool(self.areas) and right in self.rights


@dataclass(frozen=True, kw_only=True)
class Page:
    """All that the shell needs.

    ``session`` is a public name of the session; ``classes``: 大类 → its subcategories
    (``event/01`` → ``0101``, …); ``matters``: the common ones of a call; ``districts``:
    jurisdiction → its district; ``sound_on``: screens beside the console on which alerts sound.
    ``modes``: what profiles tell screens.
    """

    city: City
    viewer: Viewer
    build: str
    session: str
    categories: Mapping[str, Words] = field(default_factory=lambda: _EMPTY)
    classes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    matters: tuple[Matter, ...] = ()
    jurisdictions: Mapping[str, Words] = field(default_factory=lambda: _EMPTY)
    units: Mapping[str, Words] = field(default_factory=lambda: _EMPTY)
    posts: Mapping[str, Words] = field(default_factory=lambda: _EMPTY)
    ladders: Mapping[str, Words] = field(default_factory=lambda: _EMPTY)
    people: Mapping[str, Words] = field(default_factory=lambda: _EMPTY)
    rules: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    districts: Mapping[str, str] = field(default_factory=dict)
    sound_on: tuple[str, ...] = ()
    modes: tuple[Mapping[str, Any], ...] = ()
    drill_inputs: Mapping[str, Words] = field(default_factory=lambda: drills.INPUTS)


def for_scripts(page: Page) -> dict[str, Any]:
    """Return the page's data as the scripts in ``assets/`` read it."""
    city = page.city
    return {
        "build": page.build,
        "session": page.session,
        "city": {
            "id": city.id,
            "name": list(city.name),
            "time_zone": city.time_zone,
            "lon": city.lon,
            "lat": city.lat,
            "bounds": list(city.bounds) if city.bounds else None,
            "shapes": city.shapes_url,
            "base": city.base_url,
            "tiles": [dict(tile) for tile in city.tiles],
        },
        "words": words.for_scripts(words.CATALOGUE),
        "codes": {
            "stage": words.for_scripts(cases.STAGES),
            "mark": words.for_scripts(cases.MARKS),
            "lamp": words.for_scripts(lamp.LAMPS),
            "clock": words.for_scripts(deadlines.CLOCKS),
            "limit_unit": words.for_scripts(deadlines.UNITS),
            "treatment": words.for_scripts(treatments.TREATMENTS),
            "treated": words.for_scripts(treatments.TREATED),
            "source": words.for_scripts(cases.SOURCES),
            "kind": words.for_scripts(cases.KINDS),
            "station": words.for_scripts(stations.KINDS),
            "factor": {code: list(f.words) for code, f in stations.FACTORS.items()},
            "threshold": words.for_scripts(stations.THRESHOLDS),
            "flag": words.for_scripts(stations.FLAGS),
            "camera": words.for_scripts(cameras.STATUSES),
            "camera_source": words.for_scripts(cameras.SOURCES),
            "place": words.for_scripts(places.KINDS),
            "place_state": words.for_scripts(places.STATES),
            "responder": words.for_scripts(responders.KINDS),
            "responder_status": words.for_scripts(responders.STATUSES),
            "category": words.for_scripts(page.categories),
            "jurisdiction": words.for_scripts(page.jurisdictions),
            "unit": words.for_scripts(page.units),
            "feed": words.for_scripts(FEED_WORDS),
            "event_kind": words.for_scripts(things.KINDS),
            "event_state": words.for_scripts(versions.STATES),
            "event_change": words.for_scripts(versions.CHANGES),
            "zone_level": words.for_scripts(things.ZONE_LEVELS),
            "point_sort": words.for_scripts(things.SORTS),
            "key_class": words.for_scripts(things.KEY_CLASSES),
            "report_state": words.for_scripts(reports.STATES),
            "hazard_state": words.for_scripts(hazards.STATES),
            "operation_kind": words.for_scripts(operations.KINDS),
            "scenario": words.for_scripts(operations.SCENARIOS),
            "drill_input": words.for_scripts(page.drill_inputs),
            "timeline_kind": words.for_scripts(operations.TIMELINE_KINDS),
            "approval": words.for_scripts(operations.APPROVALS),
            "screen_why": words.for_scripts(scenes.WHYS),
            "typhoon_issuer": words.for_scripts(typhoons.ISSUERS),
            "typhoon_grade": words.for_scripts(typhoons.GRADES),
            "warning_colour": words.for_scripts(warnings.COLOURS),
            "priority": {str(n): list(it) for n, it in PRIORITIES.items()},
            "alert_group": words.for_scripts(alert_groups.KINDS),
            "alert_act": words.for_scripts(ACTS_KEPT),
            "person": words.for_scripts(page.people),
            "post": words.for_scripts(page.posts),
            "ladder": words.for_scripts(page.ladders),
        },
        "ponds": list(places.PONDS),
        "modes": [dict(each) for each in page.modes],
        "typhoons": {
            "grades": [list(each) for each in typhoons.GRADE_FROM_MS],
            "forces": list(typhoons.FORCE_FROM_MS),
        },
        "operations": {
            "issuers": [[it.name.zh, it.name.en, it.numbering] for it in operations.ISSUERS],
            "levels": {
                "roman": list(operations.ROMAN),
                "han": list(operations.HAN),
                "en": list(operations.ROMAN_EN),
            },
        },
        "matters": {
            "common": [
                [matter.kind, matter.code, matter.words.zh, matter.words.en]
                for matter in page.matters
            ],
            "wet": sorted(wet(page.matters)),
        },
        "classes": {name: list(codes) for name, codes in page.classes.items()},
        "districts": dict(page.districts),
        "sound_on": list(page.sound_on),
        "rules": {name: dict(rule) for name, rule in page.rules.items()},
        "viewer": {
            "name": page.viewer.display_name,
            "account": page.viewer.name,
            "rights": sorted(page.viewer.rights),
            "areas": list(page.viewer.areas),
        },
        "units": {code: factor.unit for code, factor in stations.FACTORS.items()},
        "answered": sorted(cases.ANSWERED),
        "terminal": sorted(cases.TERMINAL),
        "pausing": sorted(cases.PAUSING),
        "desk_clocks": dict(deadlines.DESK_CLOCKS),
        "not_judged": sorted(stations.NOT_JUDGED),
        "sums": dict(stations.SUMS),
    }


def code_lists() -> dict[str, Mapping[str, Words]]:
    """Return the code lists that a screen may show, for the test of their completeness."""
    return {
        "cases.stages": cases.STAGES,
        "cases.marks": cases.MARKS,
        "lamp.lamps": lamp.LAMPS,
        "deadlines.clocks": deadlines.CLOCKS,
        "deadlines.units": deadlines.UNITS,
        "treatments.treatments": treatments.TREATMENTS,
        "treatments.treated": treatments.TREATED,
        "cases.sources": cases.SOURCES,
        "cases.kinds": cases.KINDS,
        "stations.kinds": stations.KINDS,
        "stations.thresholds": stations.THRESHOLDS,
        "stations.flags": stations.FLAGS,
        "roles": roles.ROLES,
        "scenes.whys": scenes.WHYS,
        "scenes.purposes": scenes.PURPOSES,
        "events.kinds": things.KINDS,
        "events.changes": versions.CHANGES,
        "events.states": versions.STATES,
        "events.zone_levels": things.ZONE_LEVELS,
        "events.sorts": things.SORTS,
        "events.key_classes": things.KEY_CLASSES,
        "events.reports": reports.STATES,
        "events.hazards": hazards.STATES,
        "jurisdictions.levels": jurisdictions.LEVELS,
        "cameras.states": cameras.STATUSES,
        "cameras.sources": cameras.SOURCES,
        "places.states": places.STATES,
        "responders.kinds": responders.KINDS,
        "responders.statuses": responders.STATUSES,
    }
