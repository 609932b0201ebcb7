"""A calm working day of the simulated city at full size: how many alerts ask for the desk.

``python -m bench calm``. City and alert engine are the real ones; the day passes in steps of five
minutes, as fast as they go. It opens at night, so that what stands from before is told apart from
what comes: the first hour is not counted.
"""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bench.servers import sqlite
from dashboard.domain.clock import CityClock
from data_access.alerts.engine import Engine
from data_access.feeds.simulator import City
from data_access.queries import alert_performance
from data_access.queries.visible import Sight
from data_access.store import Store

SEED = 7
OPENS = datetime(2026, 7, 20, 22, 0, tzinfo=UTC)  # a Tuesday, 06:00 in the city
STEP = timedelta(minutes=5)
SETTLES = timedelta(hours=1)
HOURS = 12
TOLD = ("cases", "readings", "assets", "warnings")

Say = Callable[[str, str, str], None]


class Clock:
    """A city's clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        """Stand at ``at``."""
        self.at = at

    def now(self) -> datetime:
        """Give where it stands."""
        return self.at

    def current(self) -> CityClock:
        """Give it as the store would keep it."""
        return CityClock(anchor_city=self.at, anchor_real=datetime.now(UTC), speed=1.0)


def run(say: Say) -> None:
    """Let the day pass, and say how many alerts came in ten minutes."""
    with sqlite() as store:
        city = City(store, SEED)
        clock = Clock(city.open(OPENS))
        engine = Engine(store, clock)
        _look(engine)
        until = OPENS + SETTLES + timedelta(hours=HOURS)
        while clock.at < until:
            clock.at += STEP
            for feed, tell in city.steps():
                if feed.name.removeprefix("sim:") in TOLD:
                    tell(clock.at)
            _look(engine)
        by_rule = _raised(store, OPENS + SETTLES, until)
    each = by_rule.total() / (HOURS * 6)
    say("alerts for the desk in ten minutes of a calm day", f"{each:.2f}", "about 1")
    for rule, number in by_rule.most_common():
        say(f"  {rule}", f"{number} in {HOURS} h", "")


def _look(engine: Engine) -> None:
    while engine.step():
        pass


def _raised(store: Store, since: datetime, until: datetime) -> Counter[str]:
    sight = Sight(scopes=("330100",))
    with store.read() as conn:
        lines, _ = alert_performance.lines(conn, sight=sight, since=since, until=until)
    return Counter(it.rule for it in lines if it.act == "raised" and it.at >= since)
