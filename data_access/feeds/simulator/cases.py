"""Simulated cases: what is reported in an hour, and the road of each case, follow from the seed.

So the state at any moment is the same however it was reached, and a restart goes on with the cases
that it left.
"""

import math
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any

from data_access import reference
from data_access.feeds.simulator.world import World, unit_for

PER_DAY = 1_500
BACK = timedelta(days=15)  # no simulated case stays open for longer
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
CITY_OFFSET_H = 8

# Share of a day's cases in each hour of the city: few at night, most on the collectors' shifts.
_BY_HOUR = (
    *(0.5, 0.4, 0.3, 0.3, 0.4, 0.8, 2.0, 5.0, 8.5, 9.0, 8.5, 6.5),
    *(5.0, 7.0, 8.5, 8.5, 7.5, 6.0, 4.5, 3.5, 2.8, 2.0, 1.5, 1.0),
)
_SOURCES = ("collector", "12345", "12319", "app", "video", "96310", "community", "sensing")
_SOURCE_WEIGHTS = tuple(accumulate((68, 8, 7, 5, 6, 3, 2, 1)))
_HOTLINES = frozenset({"12345", "12319", "96310", "app", "community"})

# How often each subcategory is filed: a district's published month, the rest rarely.
_MIX = {
    "非机动车乱停放": 613,
    "违规标语宣传品": 367,
    "乱堆物堆料": 307,
    "暴露垃圾": 275,
    "沿街晾挂": 191,
    "无照经营游商": 184,
    "非法小广告": 107,
    "垃圾箱": 102,
    "道路不洁": 90,
    "店外经营": 71,
    "违章接坡": 55,
    "占道经营": 45,
    "积存垃圾渣土": 44,
    "占道废品收购": 28,
    "废弃家具设备": 23,
    "绿化弃料": 21,
    "道路破损": 16,
    "绿地脏乱": 12,
    "道路积水": 5,
    "机动车乱停放": 14,
    "路灯": 14,
    "上水井盖": 6,
    "雨水井盖": 8,
    "交通护栏": 6,
}
_RARE = 1.5

# Hours until the unit must have answered, and the share that is answered too late.
_LIMITS_H = {
    ("event", "01"): 8.0,
    ("event", "02"): 24.0,
    ("event", "03"): 48.0,
    ("event", "04"): 4.0,
    ("event", "05"): 4.0,
    ("event", "21"): 48.0,
}
_COMPONENT_LIMIT_H = 96.0
_LATE_SHARE = 0.012
_DECLINED_SHARE = 0.02
_SUSPENDED_SHARE = 0.04
_SAID = ("巡查发现", "市民反映", "路面可见", "影响通行", "需尽快处置", "已现场拍照")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a case: a stage reached, or a mark set, and the case's marks from then on."""

    at: datetime
    stage: str
    mark: str | None
    marks: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class Case:
    """One case with its whole road, of which only the part up to now is told."""

    fields: Mapping[str, Any]
    due_at: datetime
    steps: tuple[Step, ...]

    @property
    def last(self) -> datetime:
        """When its road ends."""
        return self.steps[-1].at

    def record(self, number: int) -> dict[str, Any]:
        """What is known when step ``number`` is reached."""
        step = self.steps[number]
        stage_at = next(s.at for s in self.steps if s.stage == step.stage and s.mark is None)
        known = {one.stage for one in self.steps[: number + 1]}
        record = dict(self.fields)
        if "dispatched" not in known:
            del record["unit"]
        else:
            record["due_at"] = self.due_at
        event: dict[str, Any] = {"at": step.at, "by": step.by}
        event |= {"mark": step.mark} if step.mark else {"stage": step.stage}
        record |= {"stage": step.stage, "stage_at": stage_at, "updated_at": step.at}
        return record | {"marks": list(step.marks), "events": [event]}


class Cases:
    """All simulated cases of a city, by the hour in which they were reported."""

    def __init__(self, world: World) -> None:
        """Weigh the categories once."""
        self.world = world
        self.categories = [row for row in reference.categories() if row["class_code"] != "99"]
        self.weights = list(accumulate(_MIX.get(row["name"], _RARE) for row in self.categories))
        self._kept: dict[datetime, list[Case]] = {}

    def events(self, after: datetime, until: datetime) -> list[tuple[datetime, dict[str, Any]]]:
        """Everything that happened after ``after`` up to ``until``, in order of time."""
        found = [
            (step.at, case.fields["id"], number, case)
            for case in self._around(after, until)
            for number, step in enumerate(case.steps)
            if after < step.at <= until
        ]
        found.sort(key=lambda item: item[:3])
        return [(at, case.record(number)) for at, _, number, case in found]

    def opening(self, now: datetime) -> list[tuple[datetime, dict[str, Any]]]:
        """The whole road so far of every case that is open, or ended in the last day."""
        found = [
            (step.at, case.fields["id"], number, case)
            for case in self._around(now - DAY, now)
            if case.last > now - DAY
            for number, step in enumerate(case.steps)
            if step.at <= now
        ]
        found.sort(key=lambda item: item[:3])
        return [(at, case.record(number)) for at, _, number, case in found]

    def _around(self, after: datetime, until: datetime) -> Iterator[Case]:
        first = (after - BACK).replace(minute=0, second=0, microsecond=0)
        self._kept = {hour: cases for hour, cases in self._kept.items() if hour >= first}
        hour = first
        while hour <= until:
            if hour not in self._kept:
                self._kept[hour] = self._hour(hour)
            for case in self._kept[hour]:
                if case.last > after:
                    yield case
            hour += HOUR
        # A case whose road has ended long ago is told; keep those that may still be asked for.
        for kept in self._kept:
            if kept < until - HOUR:
                self._kept[kept] = [case for case in self._kept[kept] if case.last > after - DAY]

    def _hour(self, hour: datetime) -> list[Case]:
        rng = self.world.rng("cases", f"{hour:%Y%m%d%H}")
        mean = PER_DAY * _BY_HOUR[(hour.hour + CITY_OFFSET_H) % 24] / sum(_BY_HOUR)
        count = max(0, round(rng.gauss(mean, math.sqrt(mean))))
        moments = sorted(rng.uniform(0, 3600) for _ in range(count))
        return [
            self._case(rng, hour + timedelta(seconds=round(second)), number)
            for number, second in enumerate(moments, 1)
        ]

    def _case(self, rng: random.Random, reported_at: datetime, number: int) -> Case:
        world = self.world
        category = rng.choices(self.categories, cum_weights=self.weights)[0]
        district = world.pick(rng)
        lon, lat = world.point(rng, district)
        source = rng.choices(_SOURCES, cum_weights=_SOURCE_WEIGHTS)[0]
        kind, class_code = category["kind"], category["class_code"]
        local = reported_at + timedelta(hours=CITY_OFFSET_H)
        limit_h = _LIMITS_H.get((kind, class_code), _COMPONENT_LIMIT_H)
        due_at, steps = _road(rng, reported_at, source, limit_h)
        fields = {
            "id": f"{local:%Y%m%d%H}{number:04}",
            "kind": kind,
            "source": source,
            "subcategory": category["code"],
            "reported_at": reported_at,
            "description": f"{category['name']}，{rng.choice(_SAID)}（模拟数据）",
            "address": f"{district.name}模拟路{rng.randint(1, 999)}号附近",
            "lon": lon,
            "lat": lat,
            "unit": unit_for(district, kind, class_code),
            "urgency": int(class_code == "04" and kind == "event"),
        }
        return Case(fields, due_at, steps)


def _road(
    rng: random.Random, reported_at: datetime, source: str, limit_h: float
) -> tuple[datetime, tuple[Step, ...]]:
    """The stages of a case in order, with marks where something is remarkable."""
    at = reported_at
    steps = [Step(at, "reported", None, (), source)]

    def go(stage: str, low_min: float, high_min: float, by: str) -> None:
        nonlocal at
        at += timedelta(seconds=round(rng.uniform(low_min, high_min) * 60))
        steps.append(Step(at, stage, None, steps[-1].marks, by))

    go("accepted", 1, 8, "受理员")
    if source in _HOTLINES:
        go("verifying", 1, 5, "受理员")
        at += timedelta(minutes=round(rng.uniform(15, 50)))
    if rng.random() < _DECLINED_SHARE:
        go("declined", 2, 15, "值班长")
        return at, tuple(steps)
    go("filed", 2, 15, "值班长")
    go("dispatched", 1, 10, "派遣员")
    dispatched = at
    due_at = dispatched + timedelta(hours=limit_h)
    go("handling", 2, 20, "责任单位")
    late = rng.random() < _LATE_SHARE
    share = rng.uniform(1.05, 2.2) if late else min(0.97, rng.betavariate(2, 3))
    answered = max(at + timedelta(minutes=5), dispatched + timedelta(hours=limit_h * share))
    answered = answered.replace(microsecond=0)
    if limit_h > 24 and rng.random() < _SUSPENDED_SHARE:
        held = at + timedelta(minutes=30)
        steps.append(Step(held, "handling", "suspended", ("suspended",), "责任单位"))
        answered = held + timedelta(days=rng.uniform(2, 10))
        answered = answered.replace(microsecond=0)
    elif late:
        urged = due_at.replace(microsecond=0) + timedelta(minutes=10)
        if urged < answered:
            steps.append(Step(urged, "handling", "urged", ("urged",), "监督员"))
    marks = tuple(mark for mark in steps[-1].marks if mark != "suspended")
    steps.append(Step(answered, "handled", None, marks, "责任单位"))
    at = answered
    go("checking", 2, 15, "派遣员")
    go("closed", 8, 60, "核查员")
    return due_at, tuple(steps)
