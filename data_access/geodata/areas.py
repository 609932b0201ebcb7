"""Owns the top level of the simulated city: districts and management areas, without overlap."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from shapely import Polygon

FOLDER = Path(__file__).resolve().parent.parent / "data" / "geography"


@dataclass(frozen=True)
class Area:
    """A district, or a management area cut out of one (its id ends in X, its border is 示意)."""

    id: str
    name: str
    name_en: str
    district: str
    polygon: Polygon
    managed: bool


def areas() -> list[Area]:
    """Give the thirteen districts and the two management areas; together they cover the city."""
    return list(_areas())


def features(name: str) -> list[dict[str, Any]]:
    """Give the GeoJSON features of one of the files drawn by ``scripts/draw_base_map.py``."""
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.geojson").read_text("utf-8"))[
        "features"
    ]
    return found


@cache
def _areas() -> tuple[Area, ...]:
    return tuple(
        Area(
            id=row["properties"]["id"],
            name=row["properties"]["name"],
            name_en=row["properties"]["name_en"],
            district=row["properties"]["district"],
            polygon=Polygon(*_rings(row["geometry"]["coordinates"])),
            managed=row["properties"]["what"] != "district",
        )
        for row in features("areas")
    )


def _rings(rings: list[Any]) -> tuple[Any, list[Any]]:
    return rings[0], rings[1:]
