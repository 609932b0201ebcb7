"""A flat local grid in metres for Hangzhou, so that 100 m are 100 m in both directions.

Equirectangular about 30.25° N: within 1 % from 建德 (29.2°) to 余杭 (30.6°), enough for a
simulated city.
"""

import math
from typing import TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

METRES_LAT = 110_900.0
METRES_LON = METRES_LAT * math.cos(math.radians(30.25))

Shape = TypeVar("Shape", bound=BaseGeometry)


def to_metres(geometry: Shape) -> Shape:
    """Degrees to metres."""
    return shapely.transform(geometry, lambda xy: xy * (METRES_LON, METRES_LAT))


def to_degrees(geometry: Shape) -> Shape:
    """Metres to degrees."""
    return shapely.transform(geometry, lambda xy: xy / (METRES_LON, METRES_LAT))
