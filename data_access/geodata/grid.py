"""Owns the code of a unit grid 单元网格, computed from a position.

Real: 15 digits, six of the district, three of the subdistrict, three of the community and three
of a sequence; cells are numbered west to east, then north to south; one is about 10,000 m².
Ours: the cells are squares in line with north, laid from the community's north-west corner, and
only those that touch the community count. Their side is 100 m as long as 999 are enough for the
community, else the next hundred metres that make three digits suffice (rural communities).
"""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import shapely

from data_access.geodata.cells import SEED, communities
from data_access.geodata.flat import METRES_LAT, METRES_LON, to_metres

SIDE_M = 100
MOST = 999


@dataclass(frozen=True)
class _Grid:
    west: float
    north: float
    side: int
    numbers: npt.NDArray[np.int64]  # by row and column; 0 where the community is not


def cell_code(lon: float, lat: float, community_id: str, *, seed: int = SEED) -> str:
    """Give the 15-digit code of the grid cell at a place in a community.

    A place beyond the community's border gets its nearest cell. Raises KeyError for a community
    that this seed does not have.
    """
    grid = _grid(community_id, seed)
    rows, columns = grid.numbers.shape
    row = min(max(int((grid.north - lat * METRES_LAT) // grid.side), 0), rows - 1)
    column = min(max(int((lon * METRES_LON - grid.west) // grid.side), 0), columns - 1)
    number = int(grid.numbers[row, column])
    if not number:
        inside = np.argwhere(grid.numbers)
        near = inside[np.argmin(np.abs(inside - (row, column)).sum(axis=1))]
        number = int(grid.numbers[near[0], near[1]])
    return f"{community_id}{number:03d}"


@lru_cache(maxsize=1024)
def _grid(community_id: str, seed: int) -> _Grid:
    polygon = to_metres(_polygon(community_id, seed))
    shapely.prepare(polygon)
    west, south, east, north = polygon.bounds
    side = max(SIDE_M, math.ceil(math.sqrt(polygon.area / MOST) / SIDE_M) * SIDE_M)
    while True:
        lefts = np.arange(west, east, side)
        tops = np.arange(north, south, -side)
        x, y = np.meshgrid(lefts, tops)
        touched = shapely.intersects(polygon, shapely.box(x, y - side, x + side, y))
        if touched.sum() <= MOST:
            numbers = np.where(touched, touched.ravel().cumsum().reshape(touched.shape), 0)
            return _Grid(west, north, side, numbers)
        side += SIDE_M


def _polygon(community_id: str, seed: int) -> shapely.Polygon:
    return _by_id(seed)[community_id]


@lru_cache(maxsize=4)
def _by_id(seed: int) -> dict[str, shapely.Polygon]:
    return {cell.id: cell.polygon for cell in communities(seed)}
