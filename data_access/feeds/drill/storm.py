"""A storm after "19 July" over a drill's area: rain, levels, ponding, closures, cases, signals.

The physics are those of the simulated city, moved so that the storm falls on the area's middle;
which twin is hit how hard follows from the drill's number and the twin's id.
"""

import math
import random
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from dashboard.domain.drills import named, titled
from data_access.feeds.drill.twins import LEVELS, Area, twin_of_place, twin_of_station
from data_access.feeds.simulator.hangzhou import storm
from data_access.feeds.simulator.hangzhou.storm import SIGNALS, Flooding, Rise
from data_access.queries.nearby import metres

EVERY_S = {"rain": 300, "ponding": 120, **dict.fromkeys(LEVELS, 300)}
PLACE_S = 120
SHARES = {"low_point": 0.28, "underpass": 0.67}
"""How many of a kind of place a storm floods: those nearest to its middle."""
BESIDE_M = 150.0
CASES_EACH = 3
WIDE_CASES = 30
_HALF = timedelta(hours=12)
_EVENTS = {"rain": "暴雨", "flood": "洪水"}
_ROAD_MIN = (("accepted", 2), ("filed", 3), ("dispatched", 3), ("handling", 12))

Told = tuple[str, list[dict[str, Any]]]


class Step(NamedTuple):
    """One step of a case: when, and what stage it then has."""

    at: datetime
    stage: str


class Storm:
    """One storm over one area; every answer is a function of time."""

    def __init__(self, operation: str, area: Area, begin: datetime) -> None:
        """Decide who is hit how hard."""
        self.operation = operation
        self.area = area
        self.begin = begin
        self.base = {it["id"]: self._usual(it) for it in area.stations if it["kind"] in LEVELS}
        self.centre = _middle([*area.places, *area.stations])
        self.floods = self._floods()
        self.rises = {it["id"]: self._rise(it) for it in area.stations if it["kind"] in LEVELS}
        self.beside = {
            it["id"]: self._flooding_beside(it) for it in area.stations if it["kind"] == "ponding"
        }
        self.cases = self._cases()

    @property
    def stations(self) -> list[dict[str, Any]]:
        """The twins of all stations."""
        return [twin_of_station(self.operation, it) for it in self.area.stations]

    def places(self, at: datetime) -> list[dict[str, Any]]:
        """The twins of all places as they are at a moment."""
        return [self._place(it, at) for it in self.area.places]

    def opening(self, _until: datetime) -> Iterator[Told]:
        """What stands when the drill begins."""
        yield "stations", self.stations
        yield "places", self.places(self.begin)

    def told(self, after: datetime, until: datetime) -> Iterator[Told]:
        """What was told after one moment up to another, kind by kind, each in order of time."""
        yield "warnings", self._warnings(after, until)
        yield "readings", sorted(self._readings(after, until), key=lambda it: it["at"])
        yield "places", list(self._changes(after, until))
        yield "cases", self._records(after, until)

    # ── who is hit ───────────────────────────────────────────────────────────────────────────

    def _rng(self, *parts: object) -> random.Random:
        return random.Random(":".join(map(str, (self.operation, *parts))))  # noqa: S311 - no secret

    def _usual(self, row: Mapping[str, Any]) -> float:
        """The level before the storm: as last measured, else a metre below its warning line."""
        known = self.area.base.get(row["id"])
        if known is not None:
            return round(float(known), 3)
        return max(0.0, (_line(row, "warning") or 2.0) - 1.0)

    def _rise(self, row: Mapping[str, Any]) -> Rise:
        rng, line = self._rng("rise", row["id"]), _line(row, "warning")
        if row["kind"] in ("tide", "reservoir") or line is None:
            return Rise(0.3, 60.0, 300.0)
        room = max(0.2, line - self.base[row["id"]])
        return Rise(
            round(room * rng.uniform(0.7, 1.45), 2), rng.uniform(15, 50), rng.uniform(80, 180)
        )

    def _floods(self) -> dict[str, Flooding]:
        found: dict[str, Flooding] = {}
        for kind, share in SHARES.items():
            mine = [it for it in self.area.places if it["kind"] == kind]
            mine.sort(key=lambda it: (metres(dict(it), *self.centre), it["id"]))
            for it in mine[: math.ceil(len(mine) * share)]:
                rng = self._rng("flood", it["id"])
                deep = rng.uniform(32, 75) if kind == "underpass" else rng.uniform(15, 40)
                found[it["id"]] = Flooding(
                    rng.uniform(14, 45), rng.uniform(70, 105), rng.uniform(160, 330), deep
                )
        return found

    def _flooding_beside(self, row: Mapping[str, Any]) -> Flooding | None:
        """How the flooded place floods beside which a station measures the depth."""
        near = [it for it in self.area.places if it["id"] in self.floods]
        best = min(near, key=lambda it: metres(dict(it), row["lon"], row["lat"]), default=None)
        if best is None or metres(dict(best), row["lon"], row["lat"]) > BESIDE_M:
            return None
        return self.floods[best["id"]]

    def _cases(self) -> list[tuple[dict[str, Any], tuple[Step, ...]]]:
        """All cases of the storm with their whole roads, by the moment of the report."""
        if not self.area.matters:
            return []
        made = []
        for row in [it for it in self.area.places if it["id"] in self.floods]:
            begins = self.floods[row["id"]].begins_min
            for n in range(CASES_EACH):
                rng = self._rng("case", row["id"], n)
                made.append((begins + rng.uniform(2, 45), row, self.area.matters[0], rng))
        spots = [it for it in self.area.stations if it["kind"] == "rain"][:WIDE_CASES]
        for row in spots:
            rng = self._rng("case", row["id"])
            made.append((rng.uniform(20, 150), row, rng.choice(self.area.matters), rng))
        made.sort(key=lambda it: (it[0], it[1]["id"]))
        return [self._case(n, *it) for n, it in enumerate(made, 1)]

    def _case(
        self,
        number: int,
        minutes: float,
        row: Mapping[str, Any],
        matter: tuple[str, str, str],
        rng: random.Random,
    ) -> tuple[dict[str, Any], tuple[Step, ...]]:
        at = self._at(minutes)
        steps = [Step(at, "reported")]
        for stage, takes in _ROAD_MIN:
            at += timedelta(seconds=round(rng.uniform(0.5, 1.5) * takes * 60))
            steps.append(Step(at, stage))
        dispatched = steps[3].at
        late = rng.random() < 0.15
        at += timedelta(minutes=round(rng.uniform(130, 260) if late else rng.uniform(25, 100)))
        steps += [Step(at, "handled"), Step(at + timedelta(minutes=9), "checking")]
        steps.append(Step(at + timedelta(minutes=round(rng.uniform(20, 50))), "closed"))
        kind, code, called = matter
        fields = {
            "id": named(self.operation, f"C{number:04}"),
            "kind": kind,
            "source": rng.choice(("12345", "collector", "12319", "video")),
            "subcategory": code,
            "reported_at": steps[0].at,
            "description": titled(f"{called}，{row['name']}附近（推演数据）"),
            "address": f"{row['name']}附近",
            "lon": round(row["lon"] + rng.uniform(-8e-4, 8e-4), 6),
            "lat": round(row["lat"] + rng.uniform(-8e-4, 8e-4), 6),
            "jurisdiction": row["jurisdiction"],
            "unit": self._unit(row["scope"], rng),
            "urgency": 1,
            "due_at": dispatched + timedelta(hours=2),
        }
        return fields, tuple(steps)

    def _unit(self, scope: str, rng: random.Random) -> str | None:
        """A unit whose business it is: of the narrowest jurisdiction that has any."""
        near = [it for it in self.area.units if scope == it[1] or scope.startswith(it[1] + "/")]
        deepest = max((len(path) for _, path in near), default=0)
        mine = [name for name, path in near if len(path) == deepest]
        return rng.choice(mine) if mine else None

    # ── what is told ─────────────────────────────────────────────────────────────────────────

    def _at(self, minutes: float) -> datetime:
        return (self.begin + timedelta(minutes=minutes)).replace(microsecond=0)

    def _minutes(self, at: datetime) -> float:
        return (at - self.begin).total_seconds() / 60

    def _readings(self, after: datetime, until: datetime) -> Iterator[dict[str, Any]]:
        for row in self.area.stations:
            every = EVERY_S[row["kind"]]
            second = self._rng("second", row["id"]).randrange(every)
            for at in _moments(after, until, every, second):
                factor, value = self._value(row, at, every)
                name = named(self.operation, row["id"])
                yield {"station": name, "factor": factor, "at": at, "value": value}

    def _value(self, row: Mapping[str, Any], at: datetime, every_s: int) -> tuple[str, float]:
        minutes = self._minutes(at)
        if row["kind"] == "rain":
            lon = row["lon"] - self.centre[0] + storm.CENTRE[0]
            lat = row["lat"] - self.centre[1] + storm.CENTRE[1]
            fell = sum(storm.rain_mm_min(lon, lat, minutes - n) for n in range(every_s // 60))
            return "rain", round(fell, 1)
        if row["kind"] == "ponding":
            flooding = self.beside[row["id"]]
            return "depth", 0.0 if flooding is None else flooding.depth_cm(minutes)
        return "level", round(
            self.base[row["id"]] + storm.rise_m(self.rises[row["id"]], minutes), 3
        )

    def _changes(self, after: datetime, until: datetime) -> Iterator[dict[str, Any]]:
        """Each state that a place came into, looked at every two minutes."""
        for row in self.area.places:
            if row["id"] not in self.floods:
                continue
            second = self._rng("second", row["id"]).randrange(PLACE_S)
            before = self._state(row, after)
            for at in _moments(after, until, PLACE_S, second):
                state = self._state(row, at)
                if state != before:
                    yield twin_of_place(self.operation, row, at, *state)
                before = state

    def _place(self, row: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        return twin_of_place(self.operation, row, at, *self._state(row, at))

    def _state(self, row: Mapping[str, Any], at: datetime) -> tuple[str, float | None]:
        flooding = self.floods.get(row["id"])
        if flooding is None:
            return "normal", 0.0 if row["kind"] in SHARES else None
        return storm.state_of(row["kind"], flooding, self._minutes(at))

    def _records(self, after: datetime, until: datetime) -> list[dict[str, Any]]:
        found = [
            (step.at, fields["id"], _record(fields, steps[: n + 1]))
            for fields, steps in self.cases
            for n, step in enumerate(steps)
            if after < step.at <= until
        ]
        return [record for _, _, record in sorted(found, key=lambda it: it[:2])]

    def _warnings(self, after: datetime, until: datetime) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        last: dict[str, str] = {}
        for number, signal in enumerate(SIGNALS, 1):
            name = named(self.operation, f"W{number:02}")
            sent = self._at(signal.minutes)
            if after <= sent <= until:
                record: dict[str, Any] = {
                    "id": name,
                    "event": _EVENTS[signal.key],
                    "headline": titled(signal.headline),
                    "description": titled(signal.description),
                    "sender": titled(f"{self.area.city}推演"),
                    "sent": sent,
                    "effective_at": sent,
                    "status": "exercise",
                    "msg_type": signal.msg_type,
                    "references": [last[signal.key]] if signal.key in last else [],
                    "areas": [{"desc": self.area.id, "jurisdiction": self.area.id}],
                }
                if signal.colour:
                    record |= {"colour": signal.colour, "expires_at": sent + _HALF}
                found.append(record)
            last[signal.key] = name
        return found


def _record(fields: Mapping[str, Any], steps: tuple[Step, ...]) -> dict[str, Any]:
    """What is known of a case when the last of ``steps`` is reached."""
    last = steps[-1]
    record = dict(fields)
    if "dispatched" not in {step.stage for step in steps}:
        del record["unit"], record["due_at"]
    return {
        **record,
        "stage": last.stage,
        "stage_at": last.at,
        "updated_at": last.at,
        "events": [{"stage": last.stage, "at": last.at, "by": "推演"}],
    }


def _moments(after: datetime, until: datetime, every_s: int, second: int) -> Iterator[datetime]:
    """The moments after one up to another at which something tells that does so every so often."""
    stamp = (math.floor((after.timestamp() - second) / every_s) + 1) * every_s + second
    while stamp <= until.timestamp():
        yield datetime.fromtimestamp(stamp, after.tzinfo)
        stamp += every_s


def _line(row: Mapping[str, Any], name: str) -> float | None:
    found = ((row["thresholds"] or {}).get("level") or {}).get(name)
    return float(found) if isinstance(found, int | float) else None


def _middle(things: list[Mapping[str, Any]]) -> tuple[float, float]:
    """The middle of what stands there; nothing there, nothing to be hit."""
    if not things:
        return storm.CENTRE
    return (
        sum(it["lon"] for it in things) / len(things),
        sum(it["lat"] for it in things) / len(things),
    )
