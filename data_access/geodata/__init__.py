"""The ground of the simulated city: areas, cells, water and streets, all from files and a seed.

Pure look-ups and geometry: no store, no clock, no network. Positions are WGS84 (lon, lat).
Subdistricts and communities are seeded Voronoi cells and carry ``simulated``; only the districts
have real (coarse) borders. See ``assets/map/NOTICE.md`` for where each shape comes from.
"""

from data_access.geodata.areas import Area, areas
from data_access.geodata.cells import SEED, Cell, communities, locate, subdistricts
from data_access.geodata.grid import cell_code
from data_access.geodata.ground import on_land, over_water, point_on_land
from data_access.geodata.streets import (
    Spot,
    Street,
    along_streets,
    street_point,
    street_track,
    streets,
)

__all__ = [
    "SEED",
    "Area",
    "Cell",
    "Spot",
    "Street",
    "along_streets",
    "areas",
    "cell_code",
    "communities",
    "locate",
    "on_land",
    "over_water",
    "point_on_land",
    "street_point",
    "street_track",
    "streets",
    "subdistricts",
]
