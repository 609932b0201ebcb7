"""All parts of the simulated Hangzhou, drawn once from its seed, its storms and nothing else."""

from functools import cached_property
from threading import RLock

from data_access.feeds.simulator.hangzhou.cameras import Cameras
from data_access.feeds.simulator.hangzhou.cases import Cases
from data_access.feeds.simulator.hangzhou.ground import Ground
from data_access.feeds.simulator.hangzhou.places import Places
from data_access.feeds.simulator.hangzhou.readings import Readings
from data_access.feeds.simulator.hangzhou.responders import Responders
from data_access.feeds.simulator.hangzhou.stations import Stations
from data_access.feeds.simulator.hangzhou.storm import Storm


class Parts:
    """What the city is made of; each part is drawn when it is first needed, by one thread."""

    def __init__(self, seed: int, storms: tuple[Storm, ...]) -> None:
        """Draw nothing yet, so that a second start is quick."""
        self.seed = seed
        self.storms = storms
        self.lock = RLock()

    @cached_property
    def ground(self) -> Ground:
        """Areas, communities, spots."""
        with self.lock:
            return Ground(self.seed)

    @cached_property
    def places(self) -> Places:
        """Low points, underpasses, shelters."""
        with self.lock:
            return Places(self.ground)

    @cached_property
    def stations(self) -> Stations:
        """What measures."""
        with self.lock:
            return Stations(self.ground, self.places.all)

    @cached_property
    def readings(self) -> Readings:
        """What is measured."""
        with self.lock:
            return Readings(self.stations, self.seed, self.storms)

    @cached_property
    def cameras(self) -> Cameras:
        """What sees; tells the places which of them are near."""
        with self.lock:
            made = Cameras(self.ground)
            self.places.know_cameras(*made.positions())
            return made

    @cached_property
    def responders(self) -> Responders:
        """Who goes there."""
        with self.lock:
            return Responders(self.ground)

    @cached_property
    def cases(self) -> Cases:
        """What is reported."""
        with self.lock:
            return self.more_cases()

    def more_cases(self) -> Cases:
        """The same cases for another thread."""
        return Cases(self.ground, self.storms, self.places.wet)
