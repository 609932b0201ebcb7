"""The queue beside the map: what needs action, worst first, and what may be done about it.

Painted from the stream by ``assets/74-queue.js`` and its neighbours; who may not act has no acts.
"""

from typing import Any

from dash import html

from dashboard.domain.roles import Right
from layouts import words
from layouts.ids import Id
from layouts.page import Page
from layouts.parts import act_button, data

ACTS: tuple[tuple[str, str, str, str], ...] = (
    ("acknowledge", "transfer", "queue-acknowledge", "A"),
    ("own", "", "queue-own", "O"),
    ("shelve", "unshelve", "queue-shelve", "S"),
)
"""What is decided: catalogue key, that of its other face, name of the action, its key."""

MOVES: tuple[tuple[str, str, str, str], ...] = (
    ("why", "", "queue-why", "E"),
    ("next_unacknowledged", "", "queue-next", "N"),
)
"""What only looks."""


def build(page: Page) -> html.Section:
    """Return the head of the queue, its empty list, and the bar of acts."""
    return html.Section(
        [
            html.Div(
                [
                    html.H2(words.text("queue"), className="panel__title"),
                    html.Span(id=Id.QUEUE_COUNT, className="queue__count"),
                    html.Span(id=Id.QUEUE_OLDEST, className="panel__count"),
                    act_button("?", "queue-keys", look="button queue__keys"),
                    act_button(
                        words.text("queue_fold"),
                        "side-fold",
                        look="button side__fold",
                        panel="queue",
                    ),
                ],
                className="panel__head",
            ),
            html.Div(
                [
                    html.Button(
                        id=Id.QUEUE_FRESH,
                        className="button queue__fresh",
                        hidden=True,
                        **data(act="queue-fresh"),
                    ),
                    html.Div(_list(), className="queue__scroll"),
                ],
                className="queue__body",
            ),
            html.Div(
                [
                    html.Span(id=Id.QUEUE_TOLD, className="queue__told", role="status"),
                    html.Div(_bar(page), className="queue__acts", role="toolbar"),
                ],
                className="queue__bar",
            ),
        ],
        className="queue panel",
        id=Id.QUEUE,
    )


def _list() -> html.Ul:
    attributes: dict[str, Any] = {"aria-multiselectable": "true"}
    return html.Ul(
        id=Id.QUEUE_LIST, className="queue__list", tabIndex="0", role="tree", **attributes
    )


def _bar(page: Page) -> list[Any]:
    acts = ACTS if page.viewer.may(Right.ACKNOWLEDGE) else ()
    return [_button(*told) for told in (*acts, *MOVES)]


def _button(word: str, other: str, act: str, key: str) -> html.Button:
    label = [html.Span(words.text(word), className="queue__word")]
    if other:
        label.append(html.Span(words.text(other), className="queue__word", hidden=True))
    return act_button([*label, html.Kbd(key, className="kbd")], act)
