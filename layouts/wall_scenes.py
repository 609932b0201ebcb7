"""What a wall shows by turns: scenes as data, read strictly, and laid out on a screen.

A scene is a row of the store; those that Pingji ships are files in ``layouts/scenes``. It has
steps that follow each other by the real clock. A step says for each kind of wall which panels lie
where, in blocks of physical panels; only the map may lie across a seam, and it keeps its words
away from it.
"""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from layouts.wall_geometry import WIDE_ASPECT, Geometry, Rect, columns_of, rows_of

FOLDER = Path(__file__).parent / "scenes"
HEAD_EM = 2.6
"""Height of the band that holds city and clock."""
GAP_EM = 0.5
EDGE_EM = 0.6
"""Distance of everything from the edges of the physical panels; the picture moves within it."""

TITLE, CLOCK, MAP = "title", "clock", "map"
PANELS = ("figures", MAP, "districts", "rivers", "rain", "feeds")
"""Every panel that a scene may name; ``layouts.panels.wall`` builds them."""


class SceneError(ValueError):
    """A scene that cannot be shown; the message says where and why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


class Column(_Strict):
    """Panels one above the other: name → share of the height."""

    width: float = Field(gt=0, default=1)
    panels: dict[str, float] = Field(min_length=1)


class Block(_Strict):
    """Columns side by side on a block of physical panels: row, column, rows, columns."""

    at: tuple[int, int, int, int] = (0, 0, 1, 1)
    columns: tuple[Column, ...] = Field(min_length=1)


class Step(_Strict):
    """One turn. ``layouts``: ``rows x columns`` of the wall, or ``wide``, → its blocks."""

    name: str
    name_en: str
    seconds: int = Field(ge=5, le=3600)
    map: Literal["cases", "water"] = "cases"
    layouts: dict[str, tuple[Block, ...]] = Field(min_length=1)


class Content(_Strict):
    """What a scene's row holds. ``shipped``: which edition of ours it is."""

    shipped: int = 0
    steps: tuple[Step, ...] = Field(min_length=1)


class Scene(_Strict):
    """A scene as a row of the store."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    name: str
    name_en: str
    screen_kind: Literal["wall"]
    mode: Literal["routine", "emergency", "event"]
    content: Content


def parse(told: Mapping[str, Any], panels: Collection[str] = PANELS) -> Scene:
    """Read a scene; raises SceneError, also where it names a panel that is not there."""
    try:
        scene = Scene.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SceneError(f"{told.get('id', '?')}: {where}: {first['msg']}") from error
    for step in scene.content.steps:
        for key, blocks in step.layouts.items():
            _check(f"{scene.id}: {step.name}: {key}", blocks, panels)
    return scene


def _check(where: str, blocks: tuple[Block, ...], panels: Collection[str]) -> None:
    names = [name for block in blocks for column in block.columns for name in column.panels]
    unknown = sorted(set(names) - set(panels))
    if unknown:
        raise SceneError(f"{where}: no panel {unknown[0]}")
    if len(names) != len(set(names)):
        raise SceneError(f"{where}: a panel stands twice")
    for block in blocks:
        inside = [name for column in block.columns for name in column.panels]
        if block.at[2:] != (1, 1) and inside != [MAP]:
            raise SceneError(f"{where}: only the map may lie across a seam")


def shipped(panels: Collection[str] = PANELS, folder: Path = FOLDER) -> list[Scene]:
    """Read the scenes that Pingji ships; raises SceneError for a wrong one."""
    return [
        parse(json.loads(path.read_text("utf-8")), panels) for path in sorted(folder.glob("*.json"))
    ]


def layout_key(geometry: Geometry) -> str:
    """Name the kind of wall, as steps know it."""
    key = f"{geometry.rows}x{geometry.columns}"
    return "wide" if key == "1x1" and geometry.aspect >= WIDE_ASPECT else key


def can_show(scene: Scene, geometry: Geometry) -> bool:
    """Say whether every step knows this kind of wall."""
    return all(layout_key(geometry) in step.layouts for step in scene.content.steps)


def arrange(step: Step, geometry: Geometry) -> dict[str, Rect]:
    """Give where each panel of a step lies, city and clock too. Raises SceneError."""
    blocks = step.layouts.get(layout_key(geometry))
    if blocks is None:
        raise SceneError(f"{step.name}: no layout for a wall of {layout_key(geometry)}")
    places = _head(geometry)
    for block in blocks:
        row, column, rows, columns = block.at
        if row + rows > geometry.rows or column + columns > geometry.columns:
            raise SceneError(f"{step.name}: a block lies outside the wall")
        area = _room(geometry, geometry.cell(row, column, rows, columns), top=row == 0)
        gap = GAP_EM * geometry.em_mm
        widths = [part.width for part in block.columns]
        for part, place in zip(block.columns, columns_of(area, widths, gap), strict=True):
            stacked = rows_of(place, list(part.panels.values()), gap)
            places.update(zip(part.panels, stacked, strict=True))
    return places


def _head(geometry: Geometry) -> dict[str, Rect]:
    """City at the left end of the uppermost row of panels, the clock at its right end."""
    em = geometry.em_mm
    first, last = geometry.cell(0, 0), geometry.cell(0, geometry.columns - 1)
    edge, high = EDGE_EM * em, HEAD_EM * em
    if geometry.columns == 1:
        band = Rect(first.x + edge, first.y + edge, first.width - 2 * edge, high)
        left, right = columns_of(band, (1, 1), GAP_EM * em)
        return {TITLE: left, CLOCK: right}
    return {
        TITLE: Rect(first.x + edge, first.y + edge, first.width - 2 * edge, high),
        CLOCK: Rect(last.x + edge, last.y + edge, last.width - 2 * edge, high),
    }


def _room(geometry: Geometry, cell: Rect, *, top: bool) -> Rect:
    edge = EDGE_EM * geometry.em_mm
    above = edge + (HEAD_EM + GAP_EM / 2) * geometry.em_mm if top else edge
    return cell.inset(edge, above, edge, edge)
