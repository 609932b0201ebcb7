"""In which jurisdiction a position lies: the polygons of the store, indexed once a process."""

import time
from threading import Lock

import shapely
from shapely.geometry import shape
from sqlalchemy import Connection, func, select

from data_access.store import Store
from data_access.tables import city, jurisdiction

REREAD_S = 30.0
SHAPES = "shapes"  # the city's setting that counts how often its polygons were written
_LEVELS = ("city", "district", "subdistrict", "community", "grid")


class Locator:
    """Finds the lowest jurisdiction whose polygon holds a point."""

    def __init__(self, found: list[tuple[str, str, str, object]]) -> None:
        """Index (id, scope path, level, GeoJSON geometry) rows."""
        ordered = sorted(found, key=lambda row: _LEVELS.index(row[2]) if row[2] in _LEVELS else 0)
        self._rows = [(row[0], row[1]) for row in ordered]
        self._shapes = [shape(row[3]) for row in ordered]  # type: ignore[arg-type]
        self._tree = shapely.STRtree(self._shapes) if self._shapes else None
        for polygon in self._shapes:
            shapely.prepare(polygon)

    def find(self, lon: float, lat: float) -> tuple[str, str] | None:
        """Give (id, scope path) of the lowest level that holds the point; None outside all."""
        if self._tree is None:
            return None
        hits = self._tree.query(shapely.Point(lon, lat), predicate="intersects")
        return self._rows[int(hits.max())] if len(hits) else None


_lock = Lock()
_made: dict[str, tuple[float, tuple[int, str | None, int], Locator]] = {}


def locator(store: Store, conn: Connection) -> Locator:
    """Give the locator of a store; built again when its jurisdictions were written anew."""
    with _lock:
        made = _made.get(store.url)
        if made is not None and time.monotonic() - made[0] < REREAD_S:
            return made[2]
        count, last = conn.execute(
            select(func.count(), func.max(jurisdiction.c.id)).where(
                jurisdiction.c.polygon.is_not(None)
            )
        ).one()
        settings = conn.execute(select(city.c.settings).limit(1)).scalar() or {}
        stamp = (int(count), last, int(settings.get(SHAPES, 0)))
        if made is not None and made[1] == stamp:
            _made[store.url] = (time.monotonic(), stamp, made[2])
            return made[2]
        query = select(
            jurisdiction.c.id, jurisdiction.c.scope, jurisdiction.c.level, jurisdiction.c.polygon
        ).where(jurisdiction.c.polygon.is_not(None))
        built = Locator([(row[0], row[1], row[2], row[3]) for row in conn.execute(query)])
        _made[store.url] = (time.monotonic(), stamp, built)
        return built


def forget(store: Store) -> None:
    """Build the locator anew at its next use: jurisdictions were written."""
    with _lock:
        _made.pop(store.url, None)
