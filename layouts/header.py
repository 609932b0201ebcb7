"""The head of every screen: city, mode, city clock, state of the stream, who is signed in."""

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.domain.roles import ROLES, Right
from dashboard.domain.words import said
from layouts import band, words
from layouts.ids import Id
from layouts.page import Page
from layouts.parts import act_button


def build(page: Page, *, here: str) -> html.Header:
    """Return the head; ``here`` is the path of the screen that it stands on."""
    return html.Header(
        [_place(page), _clock(page), _state(), _alerts(page, here), _viewer(page, here)],
        className="header",
    )


def _place(page: Page) -> html.Div:
    notes = [html.Span(words.both(note), className="chip chip--note") for note in page.city.notes]
    return html.Div(
        [
            html.Span(words.text("product"), className="header__product"),
            html.H1(words.both(page.city.name), className="header__city"),
            band.chip(page),
            html.Span(id=Id.HEADER_REPORT, className="chip chip--report"),
            *notes,
        ],
        className="header__place",
    )


def _clock(page: Page) -> html.Div:
    return html.Div(
        [
            html.Span(words.text("city_clock"), className="hidden-text"),
            html.Span(id=Id.HEADER_CLOCK, className="header__time", role="timer"),
            html.Div(
                [
                    html.Span(id=Id.HEADER_DATE, className="header__date"),
                    html.Span(id=Id.HEADER_ZONE, className="header__zone"),
                ],
                className="header__day",
            ),
            html.Span(id=Id.HEADER_SPEED, className="chip chip--speed"),
        ],
        className="header__clock",
        title=page.city.time_zone,
    )


def _state() -> html.Div:
    return html.Div(id=Id.HEADER_STREAM, className="stream", role="status")


def _alerts(page: Page, here: str) -> html.Div | None:
    """Return how many alerts wait and since when, and the sound, for whoever acknowledges them.

    Beside the desk's own pages it leads to the console.
    """
    at_desk = here in ("/console", "/shift")
    if not at_desk and not page.viewer.may_in_city(Right.ACKNOWLEDGE):
        return None
    told = [html.Span(className="alarm__count"), html.Span(className="alarm__oldest")]
    look = "button alarm__button"
    go: Component = act_button(told, "queue-go", look=look)
    if not at_desk:
        go = dcc.Link(told, href="/console", className=look)
    return html.Div(
        [
            html.Div(go, id=Id.HEADER_ALERTS, className="alarm"),
            html.Div(id=Id.HEADER_SOUND, className="sound"),
        ],
        className="header__alerts",
    )


def _viewer(page: Page, here: str) -> html.Nav:
    name = page.viewer.display_name
    role = said(ROLES, page.viewer.role)
    links = []
    if page.viewer.may_in_city(Right.LOOK):
        links += [("/console", "console"), ("/analysis", "analysis")]
    if page.viewer.may_in_city(Right.SUPERVISE):
        links.append(("/shift", "shift_link"))
    if page.viewer.may(Right.METRICS):
        links.append(("/performance", "performance_link"))
    if page.viewer.may(Right.ACCOUNTS):
        links.append(("/admin", "admin"))
    return html.Nav(
        [
            *(
                dcc.Link(
                    words.text(word),
                    href=path,
                    className="link link--here" if path == here else "link",
                )
                for path, word in links
                if len(links) > 1
            ),
            act_button(words.text("language"), "language"),
            act_button(
                [
                    html.Span(words.text("theme_light"), className="when-dark"),
                    html.Span(words.text("theme_dark"), className="when-light"),
                ],
                "theme",
            ),
            html.Span(
                [
                    html.Span(name, className="header__name"),
                    html.Span(words.both(role), className="header__role")
                    if name != role.zh
                    else None,
                ],
                className="header__viewer",
            ),
            act_button(words.text("screens_open"), "screens")
            if here == "/console" and page.viewer.may(Right.ARRANGE)
            else None,
            act_button(words.text("handover"), "handover")
            if page.viewer.may_in_city(Right.ACKNOWLEDGE)
            else None,
            act_button(words.text("sign_out"), "sign-out"),
        ],
        className="header__viewer-bar",
    )
