"""What a wall shows by turns: scenes as data, read strictly, and laid out on a screen.

A scene is a row of the store; those that Pingji ships are files in ``layouts/scenes``. It says for
which mode, scenario and levels it is, or what else it is for. Its steps follow each other by the
real clock. A step says for each kind of wall which panels lie where, in blocks of physical panels;
only the map may lie across a seam, and it keeps its words away from it.
"""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from dashboard.domain.scenes import Purpose, wall_key
from layouts.wall_geometry import Geometry, Rect, columns_of, rows_of

FOLDER = Path(__file__).parent / "scenes"
HEAD_EM = 2.6
"""Height of the band that holds city and clock."""
GAP_EM = 0.5
EDGE_EM = 0.6
"""Distance of everything from the edges of the physical panels; the picture moves within it."""

TITLE, CLOCK, MAP = "title", "clock", "map"
PANELS = (
    *("figures", MAP, "districts", "rivers", "rain", "feeds", "worst"),
    *("incident", "cameras", "quiet"),
    *("emergency", "ponding", "warnings", "tasks", "responders", "typhoon", "watch"),
    *("event", "event_inside", "event_posts", "event_zones"),
)
"""Every panel that a scene may name; ``layouts.panels.wall`` builds them."""
LAYERS = (
    *("heat", "cases", "overdue", "rivers", "rain", "incident"),
    *("typhoons", "responders", "places", "alerts", "event"),
)
"""What a map may show, from below; ``assets/67-wall-layers.js`` draws them, those of an emergency
``68-wall-happening.js``, that of an event ``69-wall-event-map.js``."""
THRESHOLDS: Mapping[str, tuple[float, float, float]] = {
    "river_near_m": (0.0, 5.0, 0.5),
    "rain_heavy_mm": (1.0, 200.0, 20.0),
}
"""What a scene's panels may judge by: least, most, and what holds where a scene says nothing.

``river_near_m``: how far below its warning level a river counts as near; ``rain_heavy_mm``: from
which rain in an hour a place stands out.
"""
KEYS = ("id", "name", "name_en", "screen_kind", "purpose", "mode", "scenario", "levels", "content")
"""The columns of a scene's row that make a scene."""


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
    """One turn. ``layouts``: ``rows x columns`` of the wall, or ``wide``, → its blocks.

    ``view``: what the map is brought near to: the whole city, where something is happening, or the
    ground of the event.
    ``when``: left out of the round unless there is a typhoon, or while an ended operation has left
    加强值班 (``watch``), or while none has (``no_watch``).
    """

    name: str = Field(min_length=1)
    name_en: str = Field(min_length=1)
    seconds: int = Field(ge=5, le=3600)
    layers: tuple[str, ...] = ("cases",)
    view: Literal["city", "incidents", "event"] = "city"
    when: Literal["always", "typhoon", "watch", "no_watch"] = "always"
    layouts: dict[str, tuple[Block, ...]] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _once_one_map(cls, told: Any) -> Any:
        """Read what scenes edited before layers had: ``map``, one of them."""
        if isinstance(told, dict) and "map" in told and "layers" not in told:
            layers = {"cases": ["cases"], "water": ["rivers", "rain"]}.get(told["map"])
            return {**{k: v for k, v in told.items() if k != "map"}, "layers": layers}
        return told


class Content(_Strict):
    """What a scene's row holds. ``shipped``: which edition of ours it is."""

    shipped: int = Field(ge=0, default=0)
    thresholds: dict[str, float] = {}
    steps: tuple[Step, ...] = Field(min_length=1, max_length=12)


class Scene(_Strict):
    """A scene as a row of the store. ``scenario`` None: any; ``levels`` empty: all."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    name: str = Field(min_length=1, max_length=40)
    name_en: str = Field(min_length=1, max_length=40)
    screen_kind: Literal["wall"]
    purpose: Purpose = Purpose.MODE
    mode: Literal["routine", "emergency", "event", "any"]
    scenario: str | None = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$", default=None)
    levels: tuple[Literal[1, 2, 3, 4], ...] = ()
    content: Content

    @model_validator(mode="after")
    def _chosen_by_its_mode(self) -> "Scene":
        if (self.purpose == Purpose.MODE) == (self.mode == "any"):
            raise ValueError("mode 只有用途不随模式时才能且必须是 any")
        if self.mode in ("routine", "any") and (self.scenario or self.levels):
            raise ValueError("只有应急、保障场景才能写 scenario、levels")
        return self


def parse(told: Mapping[str, Any], panels: Collection[str] = PANELS) -> Scene:
    """Read a scene; raises SceneError, also where it names a panel that is not there."""
    try:
        scene = Scene.model_validate(told)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SceneError(f"场景 {told.get('id', '?')}：{where}：{first['msg']}") from error
    for name, value in scene.content.thresholds.items():
        least, most, _ = THRESHOLDS.get(name, (1, 0, 0))
        if not least <= value <= most:
            known = "、".join(
                f"{key} {low:g}–{high:g}" for key, (low, high, _) in THRESHOLDS.items()
            )
            raise SceneError(f"场景 {scene.id}：没有此阈值或超出范围：{name}（可用：{known}）")
    for n, step in enumerate(scene.content.steps, 1):
        where = f"场景 {scene.id}：第 {n} 步「{step.name}」"
        unknown = [name for name in step.layers if name not in LAYERS]
        if unknown:
            raise SceneError(f"{where}：没有图层 {unknown[0]}（可用：{'、'.join(LAYERS)}）")
        for key, blocks in step.layouts.items():
            _check(f"{where}：{key}", blocks, panels)
    return scene


def _check(where: str, blocks: tuple[Block, ...], panels: Collection[str]) -> None:
    names = [name for block in blocks for column in block.columns for name in column.panels]
    unknown = sorted(set(names) - set(panels))
    if unknown:
        raise SceneError(f"{where}：没有面板 {unknown[0]}（可用：{'、'.join(panels)}）")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise SceneError(f"{where}：面板 {twice} 出现两次")
    for block in blocks:
        inside = [name for column in block.columns for name in column.panels]
        if block.at[2:] != (1, 1) and inside != [MAP]:
            raise SceneError(f"{where}：只有地图 {MAP} 可以跨拼缝")


def shipped(panels: Collection[str] = PANELS, folder: Path = FOLDER) -> list[Scene]:
    """Read the scenes that Pingji ships; raises SceneError for a wrong one."""
    return [
        parse(json.loads(path.read_text("utf-8")), panels) for path in sorted(folder.glob("*.json"))
    ]


def parse_file(told: Any, panels: Collection[str] = PANELS) -> list[Scene]:
    """Read a file of scenes: one, a list, or ``{"scenes": […]}``; raises SceneError."""
    if isinstance(told, dict) and "scenes" in told:
        told = told["scenes"]
    found = told if isinstance(told, list) else [told]
    if not found or not all(isinstance(it, dict) for it in found):
        raise SceneError("应为一个场景、场景的列表，或含有 scenes 的对象")
    scenes = [parse(it, panels) for it in found]
    twice = [it.id for n, it in enumerate(scenes) if it.id in [other.id for other in scenes[:n]]]
    if twice:
        raise SceneError(f"场景 {twice[0]}：在文件中出现两次")
    return scenes


def layout_key(geometry: Geometry) -> str:
    """Name the kind of wall, as steps know it."""
    return wall_key(geometry.rows, geometry.columns, geometry.aspect)


def can_show(scene: Scene, geometry: Geometry) -> bool:
    """Say whether every step knows this kind of wall."""
    return all(layout_key(geometry) in step.layouts for step in scene.content.steps)


def arrange(step: Step, geometry: Geometry) -> dict[str, Rect]:
    """Give where each panel of a step lies, city and clock too. Raises SceneError."""
    blocks = step.layouts.get(layout_key(geometry))
    if blocks is None:
        raise SceneError(f"「{step.name}」没有 {layout_key(geometry)} 拼接屏的版面")
    places = _head(geometry)
    for block in blocks:
        row, column, rows, columns = block.at
        if row + rows > geometry.rows or column + columns > geometry.columns:
            raise SceneError(f"「{step.name}」有一块超出屏幕")
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
        left, right = columns_of(band, (5, 2), GAP_EM * em)
        return {TITLE: left, CLOCK: right}
    return {
        TITLE: Rect(first.x + edge, first.y + edge, first.width - 2 * edge, high),
        CLOCK: Rect(last.x + edge, last.y + edge, last.width - 2 * edge, high),
    }


def _room(geometry: Geometry, cell: Rect, *, top: bool) -> Rect:
    edge = EDGE_EM * geometry.em_mm
    above = edge + (HEAD_EM + GAP_EM / 2) * geometry.em_mm if top else edge
    return cell.inset(edge, above, edge, edge)
