"""Who may see which row, and one page of them: what every list of the store has in common."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, or_, select

from data_access.queries.drills import Drills, asked
from data_access.queries.live import within

MAX_ROWS = 2_000

Row = dict[str, Any]


class BBox(NamedTuple):
    """West, south, east, north in WGS84 degrees."""

    west: float
    south: float
    east: float
    north: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What a reader may see: rows within ``scopes``, and rows of the operations ``events``.

    ``wall``: a screen in a hall, which shows only cameras marked for it. ``drills``: whether things
    of drills are asked for; unless they are, no question gives any.
    """

    scopes: Sequence[str]
    events: Sequence[str] = ()
    wall: bool = False
    drills: Drills = Drills.NONE

    @property
    def whole(self) -> "Sight":
        """The same with drills: for one thing that is asked for by its id, and says what it is."""
        return replace(self, drills=Drills.ALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One page of a list: rows after the key ``after``, at most ``limit``, within ``bbox``."""

    sight: Sight
    limit: int
    after: tuple[str | int, ...] | None = None
    bbox: BBox | None = None


def seen(
    scope: ColumnElement[str], event: ColumnElement[Any] | None, sight: Sight
) -> ColumnElement[bool]:
    """Say that a row with this scope and event may be seen, and is of no drill not asked for."""
    inside = within(scope, sight.scopes)
    if event is not None and sight.events:
        inside = or_(inside, event.in_(sight.events))
    return and_(inside, asked(scope, sight.drills))


def inside(
    lon: ColumnElement[Any], lat: ColumnElement[Any], bbox: BBox | None
) -> ColumnElement[bool] | None:
    """Say that a position lies within the box; None where no box was asked for."""
    if bbox is None:
        return None
    return and_(lon.between(bbox.west, bbox.east), lat.between(bbox.south, bbox.north))


def of_table(table: Table, ask: Ask) -> Select[Any]:
    """Select a page of a table whose key is ``id`` and which has scope, event and position."""
    query = select(table).where(seen(table.c.scope, table.c.event, ask.sight))
    if ask.after is not None:
        query = query.where(table.c.id > ask.after[0])
    if ask.bbox is not None and "lon" in table.c:
        query = query.where(inside(table.c.lon, table.c.lat, ask.bbox))  # type: ignore[arg-type]
    return query.order_by(table.c.id).limit(min(ask.limit, MAX_ROWS))


def rows(conn: Connection, query: Select[Any]) -> list[Row]:
    """Run a query; each row as a dict by column name."""
    result = conn.execute(query)
    names = [str(name) for name in result.keys()]  # noqa: SIM118 - it is no mapping
    return [dict(zip(names, row, strict=True)) for row in result]
