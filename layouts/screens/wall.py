"""A wall's screen: the panels of all scenes that it may show, and the plan of their steps.

Sizes stand in custom properties made from the screen's own measures; ``assets/65-wall.css`` uses
nothing else. ``assets/65-wall.js`` puts each panel where the present step of the present scene has
it, so that a wall changes its scene without loading its page anew.
"""

import json
from dataclasses import dataclass
from typing import Any

from dash import html

from layouts import words
from layouts.ids import Id
from layouts.page import Page
from layouts.panels.wall import PANELS
from layouts.parts import data
from layouts.wall_geometry import Geometry
from layouts.wall_plan import Shown, outline
from layouts.wall_scenes import CLOCK, TITLE, arrange

PATH = "/wall/"
PREVIEW = "/wall-preview/"


@dataclass(frozen=True, kw_only=True)
class Screen:
    """One screen as its row says. ``scenes``: all that it may show; ``scene``: the present one.

    ``area``: the jurisdiction in which it stands;
    ``preview``: one of them shown to whoever arranges, whatever the screen itself shows.
    """

    id: str
    name: str
    geometry: Geometry
    scenes: tuple[Shown, ...]
    scene: str | None
    area: str = ""
    preview: bool = False


def build(page: Page, screen: Screen) -> html.Div:
    """Return the wall with the panels of every scene; a screen without a scene says so."""
    geometry = screen.geometry
    notes = [html.Span(words.both(note), className="wall__chip") for note in page.city.notes]
    aside = geometry.columns > 1  # on several panels the bands have the whole of the first
    heads = [_title(page, [] if aside else notes), _clock(notes if aside else [])]
    stage: list[Any] = [*heads, *(PANELS[name](page) for name in panels(screen))]
    return html.Div(
        [
            html.Div(stage, id=Id.WALL_STAGE, className="wall__stage"),
            html.P(words.text("wall_no_scene"), className="wall__missing", hidden=True),
            html.Div(words.text("wall_preview"), className="wall__preview")
            if screen.preview
            else None,
            html.Div(id=Id.WALL_STRIP, className="wall__strip", role="alert", hidden=True),
            html.Div(id=Id.WALL_NOTE, className="wall__note", role="status"),
        ],
        id=Id.WALL,
        className="wall",
        style=properties(geometry),
        **data(wall=json.dumps(plan(screen), ensure_ascii=False)),
    )


def missing(name: str, *, word: str = "wall_no_screen") -> html.Div:
    """Return what stands at the address of a screen, or of a scene, that is not there."""
    return html.Div(
        html.P(words.text(word, id=name), className="wall__missing"),
        id=Id.WALL,
        className="wall",
        style=properties(Geometry()),
    )


def properties(geometry: Geometry) -> dict[str, str]:
    """Return the measures from which the stylesheet computes every size."""
    return {
        "--wall-width-mm": f"{geometry.width_mm:g}",
        "--wall-height-mm": f"{geometry.height_mm:g}",
        "--wall-aspect": f"{geometry.aspect:.6f}",
        "--wall-em-mm": f"{geometry.em_mm:.4f}",
        "--wall-text": f"{geometry.text_mm / geometry.glyph_mm:.4f}",
    }


def panels(screen: Screen) -> list[str]:
    """Name the panels of all steps of all scenes, each once, in the order of ``PANELS``."""
    steps = [step for shown in screen.scenes for step in shown.scene.content.steps]
    used = {name for step in steps for name in arrange(step, screen.geometry)}
    return [name for name in PANELS if name in used]


def plan(screen: Screen) -> dict[str, Any]:
    """Return what the script needs: each scene's steps with places (shares of the wall)."""
    geometry = screen.geometry
    upright, level = geometry.seams()
    return {
        "screen": screen.id,
        "scene": screen.scene,
        "area": screen.area,
        "preview": screen.preview,
        "em": round(geometry.em_mm, 3),
        "width": geometry.width_mm,
        "height": round(geometry.height_mm, 3),
        "seams": {"x": [round(x, 2) for x in upright], "y": [round(y, 2) for y in level]},
        "seam": geometry.seam_mm,
        "scenes": {
            shown.scene.id: {"edition": shown.edition, **outline(shown.scene, geometry)}
            for shown in screen.scenes
        },
    }


def _title(page: Page, notes: list[html.Span]) -> html.Header:
    return html.Header(
        [
            html.H1(words.both(page.city.name), className="wall__city"),
            html.Span(
                words.text("mode_routine"),
                className="wall__chip wall__chip--mode",
                **data(mode="routine"),
            ),
            html.Div(id=Id.BAND, className="bands wall__bands", role="status"),
            *notes,
            html.Span(id=Id.WALL_STEP, className="wall__step"),
        ],
        className="wall__title",
        **data(panel=TITLE),
    )


def _clock(notes: list[html.Span]) -> html.Div:
    return html.Div(
        [
            *notes,
            html.Span(id=Id.HEADER_SPEED, className="wall__chip"),
            html.Div(
                [
                    html.Span(id=Id.HEADER_DATE),
                    html.Span(id=Id.HEADER_ZONE),
                ],
                className="wall__day",
            ),
            html.Span(id=Id.HEADER_CLOCK, className="wall__time", role="timer"),
        ],
        className="wall__clock",
        **data(panel=CLOCK),
    )
