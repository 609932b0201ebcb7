"""Keeps what is searched, in the transaction that writes the thing itself.

A row is written where a text came or changed; a case that only goes on costs nothing. Texts are
cut as they are shown: what is hidden of a person is no gram of anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, update

from dashboard.domain import grams
from dashboard.domain.masking import mask
from data_access.bulk import insert_rows
from data_access.tables import search

TEXTS: Mapping[str, Sequence[str]] = {
    "cases": ("id", "address", "description"),
    "stations": ("id", "name"),
    "cameras": ("id", "name"),
    "places": ("id", "name"),
}
"""What is searched of each topic."""

AT: Mapping[str, str] = {"cases": "reported_at"}
_WRITTEN_BY_PEOPLE = frozenset({"address", "description"})

State = Mapping[str, Any]


def keep(conn: Connection, topic: str, things: Iterable[tuple[State | None, State]]) -> None:
    """Take things of ``topic``, each as it was (None: it is new) and as it is."""
    texts = TEXTS.get(topic)
    if texts is None:
        return
    watched = (*texts, "scope", "event", *([AT[topic]] if topic in AT else ()))
    new, changed = [], []
    for old, state in things:
        if old is None:
            new.append(row_of(topic, state))
        elif any(old[name] != state[name] for name in watched):
            changed.append(row_of(topic, state))
    insert_rows(conn, search, new)
    if changed:
        names = ("grams", "at", "scope", "event")
        conn.execute(
            update(search)
            .where(search.c.topic == topic, search.c.id == bindparam("the_id"))
            .values({name: bindparam(f"new_{name}") for name in names}),
            [
                {"the_id": row["id"]} | {f"new_{name}": row[name] for name in names}
                for row in changed
            ],
        )


def row_of(topic: str, state: State) -> dict[str, Any]:
    """Give the row by which a thing is found."""
    texts = (
        mask(state[name]) if name in _WRITTEN_BY_PEOPLE and state[name] else state[name]
        for name in TEXTS[topic]
    )
    return {
        "topic": topic,
        "id": state["id"],
        "grams": grams.of_text(texts),
        "at": state[AT[topic]] if topic in AT else None,
        "scope": state["scope"],
        "event": state["event"],
    }
