"""What the console tells screens, and what a screen says of itself."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from dashboard.domain.scenes import Why
from dashboard.domain.screen_acts import Act, Wish, after
from data_access.changes import Writer
from data_access.commands import shown
from data_access.tables import danger, screen, screen_seen

Row = dict[str, Any]


class Stale(Exception):
    """Screens are not as the caller saw them; ``states``: as they now stand."""

    def __init__(self, states: Sequence[Mapping[str, Any]]) -> None:
        """Carry the present states."""
        super().__init__("screens have changed")
        self.states = [dict(state) for state in states]


def tell(writer: Writer, versions: Mapping[str, int | None], act: Act) -> list[Row]:
    """Tell screens, all of them or none; gives their rows as they then stand.

    ``versions``: of each, what the caller saw (None: not told). Raises Stale, and what
    :func:`dashboard.domain.screen_acts.after` raises; KeyError for a screen that is not there.
    """
    shown.lock(writer)
    rows = {name: _find(writer, name) for name in versions}
    stale = [row for name, row in rows.items() if versions[name] not in (None, row["version"])]
    if stale:
        raise Stale(stale)
    for row in rows.values():
        _tell(writer, row, act)
    shown.settle(writer)
    return [_find(writer, name) for name in rows]


def seen(
    writer: Writer, row: Mapping[str, Any], *, scene: str | None, step: int, fresh: bool
) -> None:
    """Note what a screen's own browser says that it shows."""
    told = {"real_at": datetime.now(UTC), "scene": scene, "step": step, "fresh": fresh}
    statement = update(screen_seen).where(screen_seen.c.screen == row["id"])
    if not writer.conn.execute(statement.values(**told)).rowcount:
        writer.conn.execute(insert(screen_seen).values(screen=row["id"], **told))
    writer.changed("screens", row["id"], old_scope=row["scope"], new_scope=row["scope"])


def forget(writer: Writer, screen_id: str, scope: str) -> None:
    """Forget what a screen's browser said: it is a stranger's now."""
    writer.conn.execute(delete(screen_seen).where(screen_seen.c.screen == screen_id))
    writer.changed("screens", screen_id, old_scope=scope, new_scope=scope)


def _find(writer: Writer, screen_id: str) -> Row:
    query = select(screen).where(screen.c.id == screen_id)
    row = writer.conn.execute(query).mappings().first()
    if row is None:
        raise KeyError(screen_id)
    return {str(name): value for name, value in row.items()}


def _tell(writer: Writer, row: Row, act: Act) -> None:
    values: dict[str, Any] = {}
    taken = row["why"] == Why.PREEMPTED
    if taken:  # whoever acts on the screen knows of the danger: it stays told at its edge
        values["released"] = list(writer.conn.execute(select(danger.c.id)).scalars())
    if act.wish != Wish.BACK or not taken:
        values["sent"] = after(row["sent"], act, scene=row["scene"], why=row["why"])
    statement = update(screen).where(screen.c.id == row["id"])
    writer.conn.execute(statement.values(version=row["version"] + 1, **values))
    writer.changed("screens", row["id"], old_scope=row["scope"], new_scope=row["scope"])
