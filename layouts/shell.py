"""The root of every page: address, the page's data, the banner, and the screen's place."""

from dash import dcc, html
from dash.development.base_component import Component

from layouts import words
from layouts.ids import Id
from layouts.page import Page, for_scripts


def build(page: Page) -> html.Div:
    """Return the root; ``callbacks.shell`` puts the screen of the address into it."""
    return html.Div(
        [
            dcc.Location(id=Id.SHELL_LOCATION),
            dcc.Store(id=Id.SHELL_PAGE, data=for_scripts(page)),
            html.Div(id=Id.SHELL_BANNER, className="banner", role="alert"),
            html.Div(id=Id.SHELL_ANNOUNCER, className="hidden-text", role="status"),
            html.Div(id=Id.SHELL_SCREEN, className="shell__screen"),
        ],
        className="shell",
    )


def missing(page_word: str = "no_page") -> Component:
    """Return what stands where no screen does, with the way back."""
    return html.Main(
        [
            html.H1(words.text(page_word)),
            html.P(words.text("no_page_hint")) if page_word == "no_page" else None,
            dcc.Link(words.text("to_console"), href="/console", className="link"),
        ],
        className="missing",
    )
