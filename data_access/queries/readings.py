"""Readings: the latest of each station and factor, now or as known at a moment."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, select, tuple_

from data_access.queries import visible
from data_access.tables import reading, reading_latest, station

Key = tuple[str | int, ...]


def page(
    conn: Connection, *, ask: visible.Ask, as_of: datetime | None = None
) -> tuple[list[visible.Row], Key | None]:
    """A page of readings by station and factor, and the key after which the next page begins.

    With ``as_of`` a page may hold fewer rows than the limit although more follow: a station that
    had told nothing by then is left out. The key is None after the last page.
    """
    query = _latest(ask)
    latest = visible.rows(conn, query)
    full = len(latest) == ask.limit
    after: Key | None = (latest[-1]["station"], latest[-1]["factor"]) if full else None
    if as_of is None:
        return latest, after
    known = {
        (row["station"], row["factor"]): row for row in visible.rows(conn, _known(query, as_of))
    }
    then: list[visible.Row] = [
        {**row, **known[row["station"], row["factor"]]}
        for row in latest
        if (row["station"], row["factor"]) in known
    ]
    return then, after


def _latest(ask: visible.Ask) -> Select[Any]:
    """The page's latest readings, with what decides who sees them and where they are."""
    latest = reading_latest
    query = (
        select(latest, station.c.lon, station.c.lat)
        .select_from(latest)
        .outerjoin(station, station.c.id == latest.c.station)
        .where(visible.seen(latest.c.scope, latest.c.event, ask.sight))
    )
    if ask.after is not None:
        query = query.where(tuple_(latest.c.station, latest.c.factor) > tuple_(*ask.after))
    box = visible.inside(station.c.lon, station.c.lat, ask.bbox)
    if box is not None:
        query = query.where(box)
    return query.order_by(latest.c.station, latest.c.factor).limit(ask.limit)


def _known(latest: Select[Any], as_of: datetime) -> Select[Any]:
    """For each station and factor the newest moment told of by then, as last revised by then.

    Both subqueries walk the primary key backward, so a page costs its keys, not the history.
    """
    keys = latest.with_only_columns(reading_latest.c.station, reading_latest.c.factor).cte("keys")
    older = reading.alias("older")
    newest_at = (
        select(func.max(older.c.at))
        .where(
            older.c.station == keys.c.station,
            older.c.factor == keys.c.factor,
            older.c.known_at <= as_of,
        )
        .scalar_subquery()
    )
    at = select(keys, newest_at.label("newest_at")).cte("newest")
    revised = reading.alias("revised")
    revision = (
        select(func.max(revised.c.revision))
        .where(
            revised.c.station == at.c.station,
            revised.c.factor == at.c.factor,
            revised.c.at == at.c.newest_at,
            revised.c.known_at <= as_of,
        )
        .scalar_subquery()
    )
    chosen = select(at, revision.label("newest_revision")).cte("chosen")
    return select(
        reading.c.station,
        reading.c.factor,
        reading.c.at,
        reading.c.value,
        reading.c.flag,
        reading.c.known_at,
    ).join(
        chosen,
        and_(
            reading.c.station == chosen.c.station,
            reading.c.factor == chosen.c.factor,
            reading.c.at == chosen.c.newest_at,
            reading.c.revision == chosen.c.newest_revision,
        ),
    )
