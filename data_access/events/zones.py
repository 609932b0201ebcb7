"""Which zone of an event holds a position."""

from collections.abc import Iterable

import shapely
from shapely.geometry import shape

from dashboard.domain.events.things import Kind, Thing, ZoneLevel

_ORDER = {level: place for place, level in enumerate(ZoneLevel)}


class Zones:
    """Zones of one moment, the strictest first; says which holds a position."""

    def __init__(self, things: Iterable[Thing]) -> None:
        """Take the zones among ``things``."""
        zones = [it for it in things if it.key.kind == Kind.ZONE]
        self.zones = sorted(zones, key=lambda it: (_ORDER[it.body["level"]], it.key.id))
        self._shapes = [shape(dict(it.geometry or {})) for it in self.zones]
        for made in self._shapes:
            shapely.prepare(made)

    def __bool__(self) -> bool:
        """Say whether there is any."""
        return bool(self.zones)

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of all together."""
        if not self._shapes:
            return None
        west, south, east, north = shapely.total_bounds(self._shapes)
        return float(west), float(south), float(east), float(north)

    def at(self, lon: float | None, lat: float | None) -> Thing | None:
        """Give the strictest zone that holds a position, its edge included."""
        if lon is None or lat is None:
            return None
        point = shapely.Point(lon, lat)
        for zone, made in zip(self.zones, self._shapes, strict=True):
            if made.covers(point):
                return zone
        return None
