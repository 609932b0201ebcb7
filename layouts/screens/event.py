"""An event's room: map with zones and routes in the middle, programme beside, what happens there.

Members see it; to everyone else the event is 保障中. The scripts ``assets/96-event…`` paint it.
"""

import json
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from dashboard.domain.roles import Right
from dashboard.domain.words import Words
from layouts import band, header, words
from layouts.ids import Id
from layouts.page import Page
from layouts.panels import city_map, drawers
from layouts.parts import act_button, data

PATH = "/event/"
LEFT: tuple[tuple[str, Id], ...] = (
    ("event_zones", Id.EVENT_ZONES),
    ("event_posts", Id.EVENT_POSTS),
    ("event_versions", Id.EVENT_VERSIONS),
)
RIGHT: tuple[tuple[str, Id], ...] = (
    ("event_inside", Id.EVENT_INSIDE),
    ("event_reports", Id.EVENT_REPORTS),
    ("event_hazards", Id.EVENT_HAZARDS),
    ("event_cameras", Id.EVENT_CAMERAS),
)
"""Panels in their order: the catalogue's key, and where the script writes."""
FIGURES: tuple[tuple[Id, str], ...] = (
    (Id.FIGURE_INSIDE_OPEN, "figure_inside_open"),
    (Id.FIGURE_ATTENDANCE, "figure_attendance"),
    (Id.FIGURE_VIDEO, "figure_video"),
)
TOOLS: tuple[tuple[str, str], ...] = (
    ("zone", "event_draw_zone"),
    ("route", "event_draw_route"),
    ("point", "event_draw_point"),
    ("post", "event_draw_post"),
    ("phase", "event_add_phase"),
    ("camera", "event_pin_camera"),
)
"""What may be added: the kind of thing, the catalogue's key."""


@dataclass(frozen=True, kw_only=True)
class Room:
    """The event as the page is told of it.

    ``member``: whoever looks confirms its versions; ``over``: it is no longer in force.
    """

    id: str
    title: Words
    drill: bool
    member: bool
    over: bool


def build(page: Page, room: Room) -> html.Div:
    """Return the room, its panels empty until the stream fills them."""
    told = {"id": room.id, "title": [room.title.zh, room.title.en], "member": room.member}
    return html.Div(
        [
            band.build(),
            header.build(page, here=PATH),
            _head(room),
            html.Section(id=Id.EVENT_NEWS, className="event__news", role="status"),
            html.Main(
                [
                    html.Div(
                        [_programme(), *(_panel(key, place) for key, place in LEFT)],
                        className="event__left",
                    ),
                    html.Div(
                        [
                            html.Div(
                                _tools(page), className="event__tools", hidden=not _tools(page)
                            ),
                            city_map.build(page),
                            html.Div(id=Id.EVENT_DRAWING, className="event__drawing", hidden=True),
                        ],
                        className="event__map",
                    ),
                    html.Div(
                        [_figures(), *(_panel(key, place) for key, place in RIGHT)],
                        className="event__right",
                    ),
                    drawers.build(page),
                ],
                className="event__body",
            ),
            _over(room),
        ],
        id=Id.EVENT,
        className="event event--over" if room.over else "event",
        **data(event=json.dumps(told)),
    )


def guarded(page: Page) -> html.Div:
    """Return what everyone else is shown: that it is guarded, and nothing more."""
    return _alone(page, "event_guarded", "event_guarded_hint")


def missing(page: Page) -> html.Div:
    """Return what stands at the address of an event that is not there."""
    return _alone(page, "event_none", "no_page_hint")


def _alone(page: Page, word: str, hint: str) -> html.Div:
    return html.Div(
        [
            band.build(),
            header.build(page, here=PATH),
            html.Main(
                [html.H2(words.text(word)), html.P(words.text(hint))],
                className="missing event__guarded",
            ),
        ],
        className="event event--guarded",
    )


def _head(room: Room) -> html.Div:
    drill = [html.Span(words.text("band_drill"), className="event__drill")] if room.drill else []
    return html.Div(
        [
            *drill,
            html.H2(words.both(room.title), className="event__title"),
            html.Div(id=Id.EVENT_PHASE, className="event__phase"),
            html.Div(
                [
                    html.Span(id=Id.EVENT_COUNTDOWN_WORD, className="event__countdown-word"),
                    html.Span(id=Id.EVENT_COUNTDOWN, className="event__countdown", role="timer"),
                ],
                className="event__countdown-box",
            ),
        ],
        className="event__head" + (" event__head--drill" if room.drill else ""),
    )


def _over(room: Room) -> html.Section:
    """Return what stands here once the event is over."""
    return html.Section(
        [
            html.H3(words.text("event_over")),
            html.P(words.text("event_over_hint")),
            html.A(words.text("event_timeline"), href=f"/timeline/{room.id}", className="link"),
        ],
        id=Id.EVENT_OVER,
        className="panel event__over",
        hidden=not room.over,
    )


def _programme() -> html.Section:
    return _panel("event_programme", Id.EVENT_PROGRAMME)


def _panel(key: str, place: Id) -> html.Section:
    name = place.removeprefix("event-")
    return html.Section(
        [
            html.Div(
                [
                    html.H3(words.text(key), className="panel__title"),
                    html.Span(className="panel__count", **data(count=name)),
                    html.Span(className="event__acts", **data(acts=name)),
                ],
                className="panel__head",
            ),
            html.Div(id=place, className="event__rows"),
        ],
        className=f"panel event__panel event__panel--{name}",
    )


def _figures() -> html.Section:
    return html.Section(
        [
            html.Div(
                [
                    html.Div(words.text(label), className="figure__label"),
                    html.Div(
                        html.Span(id=place, className="figure__value"), className="figure__line"
                    ),
                    html.Div(id=f"{place}-note", className="figure__note"),
                ],
                className="figure",
            )
            for place, label in FIGURES
        ],
        className="event__figures",
    )


def _tools(page: Page) -> list[Component]:
    """Return the tools for whoever arranges the event; every one of them says 严禁录入涉密信息."""
    if not page.viewer.may(Right.OPERATE):
        return []
    return [
        html.Span(words.text("no_secrets"), className="event__no-secrets"),
        *(act_button(words.text(word), "event-draw", kind=kind) for kind, word in TOOLS),
        act_button(words.text("event_import"), "event-import"),
        act_button(words.text("event_members"), "event-members"),
    ]
