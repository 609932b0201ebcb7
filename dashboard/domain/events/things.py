"""Owns the things of an event: zones, routes, venue points, posts 岗位, phases, pinned cameras.

A pinned camera's id is that of the camera. A thing comes as one flat record, from the API, a
GeoJSON feature or a row of a table, and is read here without its geometry. Entry forms and imports
say 严禁录入涉密信息 (``NO_SECRETS``).
"""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum, unique
from itertools import pairwise
from typing import Any, NamedTuple

from dashboard.domain.records import checks
from dashboard.domain.words import Words

NO_SECRETS = Words("严禁录入涉密信息", "Enter no classified information")

MOST_THINGS = 500
MOST_ID = 40
MOST_NEEDED = 10_000
MOST_MINUTES = 30 * 24 * 60
WATCH_M = 100
"""Within how many metres of a route a camera is taken to see it, unless the route says another."""
MOST_WATCH_M = 2_000


@unique
class Kind(StrEnum):
    """What a thing is."""

    ZONE = "zone"
    ROUTE = "route"
    POINT = "point"
    POST = "post"
    PHASE = "phase"
    CAMERA = "camera"


KINDS: dict[str, Words] = {
    Kind.ZONE: Words("区域", "Zone"),
    Kind.ROUTE: Words("路线", "Route"),
    Kind.POINT: Words("场馆点位", "Venue point"),
    Kind.POST: Words("岗位", "Post"),
    Kind.PHASE: Words("议程", "Phase"),
    Kind.CAMERA: Words("锁定视频", "Pinned camera"),
}

GEOMETRIES: Mapping[str, tuple[str, ...]] = {
    Kind.ZONE: ("Polygon", "MultiPolygon"),
    Kind.ROUTE: ("LineString",),
    Kind.POINT: ("Point",),
    Kind.POST: ("Point",),
}
"""What lies on the map, and as what; a phase does not, a pinned camera lies where it is."""


@unique
class ZoneLevel(StrEnum):
    """How strictly a zone is guarded, the strictest first."""

    CORE = "core"
    CONTROL = "control"
    WATCH = "watch"


ZONE_LEVELS: dict[str, Words] = {
    ZoneLevel.CORE: Words("核心区", "Core zone"),
    ZoneLevel.CONTROL: Words("管控区", "Control zone"),
    ZoneLevel.WATCH: Words("警戒区", "Watch zone"),
}

SORTS: dict[str, Words] = {
    "venue": Words("场馆", "Venue"),
    "gate": Words("出入口", "Gate"),
    "stand": Words("看台", "Stand"),
    "command": Words("现场指挥部", "Site command"),
    "medical": Words("医疗点", "Medical point"),
    "parking": Words("停车场", "Car park"),
    "transit": Words("公交地铁站", "Transit stop"),
    "supply": Words("物资点", "Supply point"),
    "other": Words("其他", "Other"),
}
"""What a venue point is."""

KEY_CLASSES: dict[str, Words] = {
    "covers": Words("井盖", "Manhole covers"),
    "roads": Words("市政道路", "Roads"),
    "cleaning": Words("环卫保洁", "Cleaning"),
}
"""The classes of cases that a zone's rule tightens; which codes they are is data."""

FIELDS = (
    *("kind", "id", "name", "name_en", "level", "sort", "unit", "needed", "starts_at", "ends_at"),
    *("watch_m", "covers_min", "roads_min", "cleaning_min", "alerts_up", "remove"),
)
"""Members of a record beside its geometry (``geometry``, or ``lon`` and ``lat``)."""

_BY_WORD = {
    **{words.zh: code for table in (KINDS, ZONE_LEVELS, SORTS) for code, words in table.items()},
    **{code: code for table in (KINDS, ZONE_LEVELS, SORTS) for code in table},
}
_TRUE, _FALSE = ("true", "1", "yes", "是"), ("false", "0", "no", "否", "")


class Key(NamedTuple):
    """What a thing is called within its event."""

    kind: str
    id: str


class Fault(NamedTuple):
    """What is wrong with one record: its place from 0, its id, the field and why."""

    place: int
    id: str | None
    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing as it is to hold.

    ``geometry``: GeoJSON in WGS84, None for a phase. ``body``: what its kind has besides, ready for
    JSON: ``level``, ``limits`` (minutes by key class), ``alerts_up``; ``watch_m``; ``sort``;
    ``unit``, ``needed``; ``starts_at``, ``ends_at`` (ISO 8601, UTC).
    """

    key: Key
    name: str
    name_en: str
    geometry: Mapping[str, Any] | None = None
    body: Mapping[str, Any] = field(default_factory=dict)

    def moment(self, name: str) -> datetime:
        """Give ``starts_at`` or ``ends_at``."""
        return datetime.fromisoformat(self.body[name])


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One record read: a thing without its geometry, or the removal of one."""

    key: Key
    thing: Thing | None


def read(raw: Mapping[str, Any]) -> Told:
    """Read a record but for its geometry. Raises ``checks.Bad``."""
    told = dict(raw)
    kind = _word(told, "kind", KINDS) or checks.missing("kind")
    name = checks.needed_code(told, "id", MOST_ID)
    if set(name) & set("/@#"):
        raise checks.Bad("id", "不能含 / @ #。")
    key = Key(kind, name)
    if _truth(told, "remove"):
        return Told(key=key, thing=None)
    shown = checks.needed_text(told, "name", checks.MAX_NAME) or checks.missing("name")
    english = checks.text(told, "name_en", checks.MAX_NAME) or shown
    return Told(
        key=key, thing=Thing(key=key, name=shown, name_en=english, body=_BODIES[kind](told))
    )


def overlapping(phases: Iterable[Thing]) -> tuple[Thing, Thing] | None:
    """Give two phases of which the later begins before the earlier ends, or None."""
    ordered = sorted(phases, key=lambda it: (it.moment("starts_at"), it.moment("ends_at")))
    for before, after in pairwise(ordered):
        if after.moment("starts_at") < before.moment("ends_at"):
            return before, after
    return None


def _zone(told: dict[str, Any]) -> dict[str, Any]:
    level = _word(told, "level", ZONE_LEVELS) or checks.missing("level")
    limits = {
        name: minutes
        for name in KEY_CLASSES
        if (minutes := _whole(told, f"{name}_min", 1, MOST_MINUTES)) is not None
    }
    body: dict[str, Any] = {"level": level, "limits": limits}
    up = _whole(told, "alerts_up", 0, 2)
    if up is not None:
        body["alerts_up"] = up
    return body


def _route(told: dict[str, Any]) -> dict[str, Any]:
    return {"watch_m": _whole(told, "watch_m", 1, MOST_WATCH_M) or WATCH_M}


def _point(told: dict[str, Any]) -> dict[str, Any]:
    return {"sort": _word(told, "sort", SORTS) or "other"}


def _post(told: dict[str, Any]) -> dict[str, Any]:
    unit = checks.needed_text(told, "unit", checks.MAX_NAME) or checks.missing("unit")
    needed = _whole(told, "needed", 1, MOST_NEEDED)
    return {"unit": unit, "needed": checks.missing("needed") if needed is None else needed}


def _phase(told: dict[str, Any]) -> dict[str, Any]:
    starts, ends = _moment(told, "starts_at"), _moment(told, "ends_at")
    if ends <= starts:
        raise checks.Bad("ends_at", "须晚于开始时间 starts_at。")
    return {"starts_at": starts.isoformat(), "ends_at": ends.isoformat()}


_BODIES: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    Kind.ZONE: _zone,
    Kind.ROUTE: _route,
    Kind.POINT: _point,
    Kind.POST: _post,
    Kind.PHASE: _phase,
    Kind.CAMERA: lambda _told: {},
}


def _word(told: dict[str, Any], name: str, table: Mapping[str, Words]) -> str | None:
    value = checks.text(told, name, checks.MAX_CODE)
    if not value:
        return None
    code = _BY_WORD.get(value, value)
    if code not in table:
        allowed = "、".join(f"{it.zh} {code}" for code, it in table.items())
        raise checks.Bad(name, f"未知代码“{checks.shown(value)}”，应为 {allowed} 之一。")
    return code


def _whole(told: dict[str, Any], name: str, least: int, most: int) -> int | None:
    value = told.get(name)
    if value is None or value == "":
        return None
    try:
        number = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not number.is_integer():
        raise checks.Bad(name, f"应为整数，收到“{checks.shown(value)}”。")
    if not least <= number <= most:
        raise checks.Bad(name, f"应为 {least} 至 {most}。")
    return int(number)


def _moment(told: dict[str, Any], name: str) -> datetime:
    value = told.get(name)
    if isinstance(value, str) and value.strip():
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError as error:
            raise checks.Bad(name, f"不是 ISO 8601 时刻：“{checks.shown(value)}”。") from error
    if not isinstance(value, datetime):
        checks.missing(name)
    if value.tzinfo is None:
        raise checks.Bad(name, "须带时区，例如 2026-07-01T19:30:00+08:00。")
    return value.astimezone(UTC)


def _truth(told: Mapping[str, Any], name: str) -> bool:
    value = told.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    text = str(value).strip().lower()
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    raise checks.Bad(name, "应为 true 或 false。")
