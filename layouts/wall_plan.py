"""A scene as it lies on one wall: steps, their seconds, and where panels are, for scripts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.domain.scenes import edition
from layouts.wall_geometry import Geometry, Rect
from layouts.wall_scenes import KEYS, THRESHOLDS, Scene, SceneError, arrange, can_show, parse

DIGITS = 6
"""Of a share of the wall: a hundredth of a pixel on the largest."""


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A scene that a screen may show; ``edition`` changes with its content."""

    scene: Scene
    edition: str


def fitting(rows: Iterable[Mapping[str, Any]], geometry: Geometry) -> Iterable[Shown]:
    """Give those scenes that can be shown on such a wall; one that cannot be read is left out."""
    for row in rows:
        try:
            scene = parse({key: row[key] for key in KEYS})
        except SceneError:
            continue
        if can_show(scene, geometry):
            yield Shown(scene=scene, edition=edition(row["version"], row["content"]))


def outline(scene: Scene, geometry: Geometry) -> dict[str, Any]:
    """Return a scene as it lies on a screen: its steps, their seconds, and where panels are."""
    usual = {name: value for name, (_, _, value) in THRESHOLDS.items()}
    return {
        "name": [scene.name, scene.name_en],
        "purpose": str(scene.purpose),
        "thresholds": {**usual, **scene.content.thresholds},
        "steps": [
            {
                "name": [step.name, step.name_en],
                "seconds": step.seconds,
                "layers": list(step.layers),
                "view": step.view,
                "when": step.when,
                "places": {
                    name: _shares(place, geometry)
                    for name, place in arrange(step, geometry).items()
                },
            }
            for step in scene.content.steps
        ],
    }


def _shares(place: Rect, geometry: Geometry) -> list[float]:
    wide, high = geometry.width_mm, geometry.height_mm
    return [
        round(share, DIGITS)
        for share in (place.x / wide, place.y / high, place.width / wide, place.height / high)
    ]
