"""Simulated cases of the whole city: who reports what in an hour, and when each step of it comes.

Each hour's cases follow from the seed alone, so the state at any moment is the same however it was
reached. Three streams: ``daily`` work, ``long`` ones that fill the store of open cases, and those
that a storm brings.
"""

import heapq
import math
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from data_access.feeds.simulator.hangzhou import roads, worktime
from data_access.feeds.simulator.hangzhou.categories import Category, categories
from data_access.feeds.simulator.hangzhou.ground import Ground, Spot, drawn
from data_access.feeds.simulator.hangzhou.roads import LONGEST, Lot, Step
from data_access.feeds.simulator.hangzhou.storm import FLOOD_CASES, Storm
from data_access.feeds.simulator.hangzhou.units import unit_for
from data_access.feeds.simulator.hangzhou.worktime import Limit

LONG_PER_DAY = {"long": 215.0, "extended": 52.0, "suspended": 27.0}
_LONG_KINDS, _LONG_TOTALS = tuple(LONG_PER_DAY), tuple(accumulate(LONG_PER_DAY.values()))
DAILY_PER_DAY = 3_000.0 - sum(LONG_PER_DAY.values())
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
_WEEKDAY, _WEEKEND = 1.07, 0.825
LONG_FROM, STORM_FROM = 5_000, 8_000  # numbers of the other streams within an hour

# Share of a day's cases in each hour of the city: few at night, most on the collectors' shifts.
_BY_HOUR = (
    *(0.5, 0.4, 0.3, 0.3, 0.4, 0.8, 2.0, 5.0, 8.5, 9.0, 8.5, 6.5),
    *(5.0, 7.0, 8.5, 8.5, 7.5, 6.0, 4.5, 3.5, 2.8, 2.0, 1.5, 1.0),
)
_SOURCES = {
    "collector": 660,
    "12345": 80,
    "12319": 60,
    "app": 55,
    "video": 60,
    "96310": 25,
    "community": 20,
    "sensing": 12,
    "wechat": 10,
    "survey": 6,
    "transfer": 4,
    "weibo": 3,
    "portal": 3,
    "leader": 1,
    "media": 1,
}
_SOURCE_NAMES = tuple(_SOURCES)
_SOURCE_TOTALS = tuple(accumulate(_SOURCES.values()))
_STORM_SOURCES = {"12345": 34, "collector": 22, "12319": 14, "sensing": 10, "app": 9, "video": 8}
_LONG = {
    "私搭乱建": 30,
    "道路破损": 16,
    "建筑物外立面不洁": 8,
    "水域不洁": 9,
    "河堤破损": 4,
    "违章接坡": 8,
    "广告招牌破损": 6,
    "违规户外广告": 7,
    "废弃车辆": 5,
    "油烟污染": 6,
    "架空线缆损坏": 4,
}
_FLOOD = {"道路积水": 62, "下水道堵塞或破损": 20, "树木倒伏": 14, "架空线缆损坏": 4}
_SAID = ("巡查发现", "市民反映", "路面可见", "影响通行", "需尽快处置", "已现场拍照", "多次反映")
_FLOOD_LIMIT = Limit(urgent_hours=2)
_HARD_DAYS = 8
HARD = "疑难"  # the condition under which cases are filed that end 延期 or 挂账
DUE_BY_SOURCE = frozenset({"12345", "leader", "media", "transfer"})
"""Sources whose cases come with a deadline of their own, set where they come from."""


class Case:
    """One case with its whole road, of which only the part up to now is told."""

    __slots__ = ("_fields", "detail", "ground", "kind", "number", "source", "spot", "steps", "what")

    def __init__(
        self,
        ground: Ground,
        what: Category,
        spot: Spot,
        source: str,
        number: int,
        steps: tuple[Step, ...],
        detail: float,
        kind: str = "flood",
    ) -> None:
        """``number``: its place within its hour; ``detail``: what everything else is drawn from.

        ``kind``: of its road.
        """
        self.kind = kind
        self.ground = ground
        self.what = what
        self.spot = spot
        self.source = source
        self.number = number
        self.steps = steps
        self.detail = detail
        self._fields: dict[str, Any] | None = None

    @property
    def id(self) -> str:
        """Its number: the city's hour in which it was reported, and its place within it."""
        local = self.steps[0].at + worktime.OFFSET
        return f"{local:%Y%m%d%H}{self.number:04}"

    @property
    def fields(self) -> dict[str, Any]:
        """What does not change on its road."""
        if self._fields is None:
            self._fields = self._describe()
        return self._fields

    @property
    def told_due(self) -> bool:
        """Say whether its platform gives its deadline; that of the others follows from rules.

        Given are those of long works and of a storm, set one by one, and those of some sources.
        """
        return self.kind in ("long", "flood") or (
            self.kind == "daily" and self.source in DUE_BY_SOURCE
        )

    @property
    def last(self) -> datetime:
        """When its road ends."""
        return self.steps[-1].at

    def reached(self, moment: datetime) -> int:
        """How many of its steps were taken by a moment."""
        return sum(step.at <= moment for step in self.steps)

    def record(self, first: int, last: int) -> dict[str, Any]:
        """What is told when step ``last`` is reached and those from ``first`` on are news."""
        step = self.steps[last]
        record = dict(self.fields)
        if step.due_at is None:
            del record["unit"]
        return record | {
            "stage": step.stage,
            "stage_at": step.stage_at,
            "updated_at": step.at,
            "due_at": step.due_at if self.told_due else None,
            "marks": step.marks,
            "events": [_event(it) for it in self.steps[first : last + 1]],
        }

    def _describe(self) -> dict[str, Any]:
        what, community = self.what, self.spot.community
        rng = random.Random(self.detail)  # noqa: S311 - a simulated city, not a secret
        urgent = what.kind == "event" and what.class_code == "04"
        critical = urgent and self.number >= STORM_FROM and rng.random() < 0.08
        return {
            "id": self.id,
            "kind": what.kind,
            "source": self.source,
            "subcategory": what.code,
            "reported_at": self.steps[0].at,
            "description": f"{what.name}，{rng.choice(_SAID)}（模拟数据）",
            "address": f"{community.area_name}{community.subdistrict_name}{community.name}"
            f"{rng.randint(1, 399)}号附近，单元网格 {self.ground.cell(self.spot)}",
            "lon": self.spot.lon,
            "lat": self.spot.lat,
            "jurisdiction": community.id,
            "unit": unit_for(rng, what.kind, what.class_code, community),
            "urgency": urgent + critical,
            "condition": HARD if self.kind in ("extended", "suspended") else None,
        }


class Cases:
    """All simulated cases of a city and an agenda of what comes next."""

    def __init__(self, ground: Ground, storms: tuple[Storm, ...], wet: list[Spot]) -> None:
        """``wet``: spots that flood, around which a storm's cases gather."""
        self.ground = ground
        self.storms = storms
        self.wet = wet
        self.categories = categories()
        self._totals = list(accumulate(category.weight for category in self.categories))
        by_name = {it.name: it for it in self.categories if it.kind == "event"}
        components = [it for it in self.categories if it.kind == "component"]
        self._long = [*(by_name[name] for name in _LONG), *components]
        self._long_totals = list(accumulate([*_LONG.values(), *(0.25 for _ in components)]))
        self._flood = [by_name[name] for name in _FLOOD]
        self._agenda: list[tuple[datetime, str, int, Case]] = []
        self._stands: datetime | None = None
        self._hours: dict[datetime, list[Case]] = {}
        self._flooded: dict[datetime, dict[datetime, list[Case]]] = {}

    # ── sets of cases ────────────────────────────────────────────────────────────────────────

    def reported(self, after: datetime, until: datetime) -> Iterator[Case]:
        """All cases reported after one moment up to another."""
        hour = after.replace(minute=0, second=0, microsecond=0)
        while hour <= until:
            for case in self._hour(hour):
                if after < case.steps[0].at <= until:
                    yield case
            hour += HOUR

    def unfinished(self, at: datetime) -> Iterator[Case]:
        """Cases reported by a moment whose road was not at its end."""
        hour = (at - max(LONGEST.values())).replace(minute=0, second=0, microsecond=0)
        recent = at - LONGEST["daily"]
        while hour <= at:
            found = self._long_ones(hour, at)
            if hour >= recent:
                found = [*self._daily(hour, at), *found, *self._floods(hour)]
            for case in found:
                if case.steps[0].at <= at < case.last:
                    yield case
            hour += HOUR

    def past(self, begin: datetime, end: datetime) -> Iterator[Case]:
        """Cases reported after one moment up to another; their hours are not kept."""
        hour = begin.replace(minute=0, second=0, microsecond=0)
        while hour <= end:
            for case in [*self._daily(hour), *self._long_ones(hour), *self._floods(hour)]:
                if begin < case.steps[0].at <= end:
                    yield case
            hour += HOUR

    # ── what happens ─────────────────────────────────────────────────────────────────────────

    def events(self, after: datetime, until: datetime) -> list[tuple[datetime, dict[str, Any]]]:
        """Everything that happened after ``after`` up to ``until``, in order of time."""
        if self._stands != after:
            self.stand(after)
        for case in self.reported(after, until):
            heapq.heappush(self._agenda, (case.steps[0].at, case.id, 0, case))
        found = []
        while self._agenda and self._agenda[0][0] <= until:
            at, name, number, case = heapq.heappop(self._agenda)
            found.append((at, case.record(number, number)))
            if number + 1 < len(case.steps):
                heapq.heappush(self._agenda, (case.steps[number + 1].at, name, number + 1, case))
        self._stands = until
        return found

    def stand(self, at: datetime, known: list[Case] | None = None) -> None:
        """Fill the agenda with the next step of each case that was under way at a moment."""
        self._agenda = []
        for case in self.unfinished(at) if known is None else known:
            number = case.reached(at)
            if 0 < number < len(case.steps):
                self._agenda.append((case.steps[number].at, case.id, number, case))
        heapq.heapify(self._agenda)
        self._stands = at

    def _hour(self, hour: datetime) -> list[Case]:
        """All cases of an hour; the last hours asked for are kept."""
        if hour not in self._hours:
            found = [*self._daily(hour), *self._long_ones(hour), *self._floods(hour)]
            self._hours = {it: self._hours[it] for it in list(self._hours)[-1:]} | {hour: found}
        return self._hours[hour]

    # ── the streams ──────────────────────────────────────────────────────────────────────────

    def _daily(self, hour: datetime, open_at: datetime | None = None) -> list[Case]:
        rng = self.ground.rng("cases", f"{hour:%Y%m%d%H}")
        found = []
        for number, at in enumerate(_moments(rng, hour, DAILY_PER_DAY), 1):
            category = drawn(rng, self.categories, self._totals)
            lot, seed = roads.lot(rng, "daily"), rng.random()
            if open_at is None or at + lot.bound("daily", category.limit) >= open_at:
                found.append(self._case("daily", at, number, category, category.limit, lot, seed))
        return found

    def _long_ones(self, hour: datetime, open_at: datetime | None = None) -> list[Case]:
        """Cases with a long road; those that ended before ``open_at`` may be left out."""
        rng = self.ground.rng("long", f"{hour:%Y%m%d%H}")
        found = []
        for number, at in enumerate(_moments(rng, hour, sum(LONG_PER_DAY.values())), LONG_FROM):
            kind = drawn(rng, _LONG_KINDS, _LONG_TOTALS)
            category = drawn(rng, self._long, self._long_totals)
            days = rng.choice((15, 20, 30, 45)) if kind == "long" else _HARD_DAYS
            lot, seed = roads.lot(rng, kind), rng.random()
            if open_at is None or at + lot.bound(kind, Limit(days=days)) >= open_at:
                limit = Limit(days=days)
                found.append(self._case(kind, at, number, category, limit, lot, seed))
        return found

    def _case(
        self,
        kind: str,
        at: datetime,
        number: int,
        category: Category,
        limit: Limit,
        lot: Lot,
        seed: float,
    ) -> Case:
        rng = random.Random(seed)  # noqa: S311 - a simulated city, not a secret
        spot = self.ground.spot(rng, self.ground.pick(rng))
        source = drawn(rng, _SOURCE_NAMES, _SOURCE_TOTALS)
        detail = rng.random()  # before the road, which a storm may change
        storms = self.storms if kind == "daily" else ()
        steps = roads.road(rng, kind, at, source, limit, lot, storms)
        return Case(self.ground, category, spot, source, number, steps, detail, kind)

    def _floods(self, hour: datetime) -> list[Case]:
        return [
            case
            for storm in self.storms
            if storm.begin - HOUR < hour < storm.begin + timedelta(hours=7)
            for case in self._of_storm(storm).get(hour, ())
        ]

    def _of_storm(self, storm: Storm) -> dict[datetime, list[Case]]:
        """The cases of a storm by the hour in which they were reported."""
        if storm.begin in self._flooded:
            return self._flooded[storm.begin]
        rng = self.ground.rng("storm", storm.begin.isoformat())
        minutes = sorted(12 + rng.gammavariate(2.2, 42) for _ in range(FLOOD_CASES))
        made: dict[datetime, list[Case]] = {}
        for minute in minutes:
            at = storm.begin + timedelta(seconds=round(min(minute, 380) * 60))
            hour = at.replace(minute=0, second=0, microsecond=0)
            number = STORM_FROM + len(made.setdefault(hour, []))
            made[hour].append(self._flood_case(rng, at, number))
        self._flooded[storm.begin] = made
        return made

    def _flood_case(self, rng: random.Random, at: datetime, number: int) -> Case:
        category = rng.choices(self._flood, list(_FLOOD.values()))[0]
        community = rng.choice(self.wet).community
        if rng.random() < 0.5:
            community = self.ground.pick(rng)
        spot = self.ground.spot(rng, community)
        source = rng.choices(list(_STORM_SOURCES), list(_STORM_SOURCES.values()))[0]
        steps = roads.flood_road(rng, at, source, _FLOOD_LIMIT)
        return Case(self.ground, category, spot, source, number, steps, rng.random())


def _event(step: Step) -> dict[str, Any]:
    """Write one line of a record; 延期 says which deadline it sets."""
    if not step.mark:
        return {"at": step.at, "by": step.by, "stage": step.stage}
    until = step.due_at if step.mark == "extended" else None
    return {"at": step.at, "by": step.by, "mark": step.mark, "until": until}


def _moments(rng: random.Random, hour: datetime, per_day: float) -> list[datetime]:
    """When cases are reported in an hour: more by day and on working days."""
    local = hour + worktime.OFFSET
    week = _WEEKEND if local.weekday() > 4 else _WEEKDAY
    mean = per_day * week * _BY_HOUR[local.hour] / sum(_BY_HOUR)
    count = max(0, round(rng.gauss(mean, math.sqrt(mean))))
    seconds = sorted(rng.randrange(3600) for _ in range(count))
    return [hour + timedelta(seconds=second) for second in seconds]
