"""The start of a shift: what stands, in the order in which it matters; below, what changed.

Asked from ``GET /api/v1/shift`` and painted by ``assets/92-shift.js``.
"""

from dash import html
from dash.development.base_component import Component

from layouts import band, header, words
from layouts.ids import Id
from layouts.page import Page
from layouts.parts import act_button

PATH = "/shift"
PARTS: tuple[tuple[str, Id], ...] = (
    ("operations", Id.SHIFT_OPERATIONS),
    ("alerts", Id.SHIFT_ALERTS),
    ("shelved", Id.SHIFT_SHELVED),
    ("promises", Id.SHIFT_PROMISES),
    ("feeds", Id.SHIFT_FEEDS),
    ("warnings", Id.SHIFT_WARNINGS),
    ("duty", Id.SHIFT_DUTY),
)
"""What stands, in its order: the catalogue's key, and where the script writes."""


def build(page: Page) -> html.Div:
    """Return the screen with its parts empty."""
    return html.Div(
        [
            band.build(),
            header.build(page, here=PATH),
            html.Main(
                [
                    html.Div(
                        [
                            html.H2(words.text("shift_title"), className="shift__title"),
                            html.Span(id=Id.SHIFT_STATE, className="shift__state", role="status"),
                        ],
                        className="shift__head",
                    ),
                    html.Div(
                        [*(_part(name, slot) for name, slot in PARTS), _sound()],
                        className="shift__parts",
                    ),
                    html.Section(
                        [
                            _head("changes", Id.SHIFT_SINCE),
                            html.Div(id=Id.SHIFT_CHANGES, className="shift__changes"),
                        ],
                        className="panel shift__part shift__part--changes",
                    ),
                ],
                className="shift__main",
            ),
        ],
        id=Id.SHIFT,
        className="shift",
    )


def _part(name: str, slot: Id) -> html.Section:
    return html.Section(
        [
            _head(name, None),
            html.Ol(id=slot, className="shift__rows"),
        ],
        className=f"panel shift__part shift__part--{name}",
    )


def _head(name: str, note: Id | None) -> html.Div:
    count = html.Span(className="panel__count")
    if note is not None:
        count = html.Span(id=note, className="panel__count")
    return html.Div(
        [
            html.H3(words.text(f"shift_{name}"), className="panel__title"),
            count,
        ],
        className="panel__head",
    )


def _sound() -> Component:
    return html.Section(
        [
            _head("sound", None),
            html.Div(
                [
                    act_button(words.text("shift_sound"), "shift-sound"),
                    html.Span(
                        words.text("shift_sound_hint"), id=Id.SHIFT_SOUND, className="shift__hint"
                    ),
                ],
                className="shift__sound",
            ),
        ],
        className="panel shift__part shift__part--sound",
    )
