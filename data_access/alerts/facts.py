"""What the alert engine asks of the store: facts of subjects by their ids, and of all at a start.

Each answer is a :class:`Subject`: what a rule judges, and what an alert's row takes from it.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, func, select, text, true

from dashboard.domain.alerts.cases import CaseFacts
from dashboard.domain.alerts.things import CameraFacts, FeedFacts, PlaceFacts, WarningFacts
from dashboard.domain.cases import ANSWERED
from dashboard.domain.clock import CityClock
from data_access.queries import drills
from data_access.tables import camera, case, feed, place, reading_latest, station, warning

CHUNK = 500

Reading = tuple[str, str, datetime, float | None, str | None]


@dataclass(frozen=True, slots=True)
class Subject:
    """Something that rules judge: its facts, where it lies, and what its groups are made of."""

    topic: str
    id: str
    facts: Any
    scope: str
    event: str | None
    drill: bool
    lon: float | None
    lat: float | None
    jurisdiction: str | None
    about: Mapping[str, Any]


def _is_one_of(
    conn: Connection, column: ColumnElement[Any], ids: Sequence[str]
) -> ColumnElement[bool]:
    if conn.dialect.name == "postgresql":
        return column == func.any(list(ids))
    return column.in_(ids)


def _rows(conn: Connection, table: Table, ids: Collection[str]) -> Iterator[Any]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        wanted = ordered[start : start + CHUNK]
        query = select(table).where(_is_one_of(conn, table.c.id, wanted), _stands(table))
        yield from conn.execute(query)


def _stands(table: Table) -> ColumnElement[bool]:
    """Say that a thing is there to be judged: one of a drill only while the drill is run."""
    return drills.feed_stands() if table is feed else drills.stands(table)


def _subject(topic: str, row: Any, facts: Any, **about: Any) -> Subject:
    return Subject(
        topic=topic,
        id=row.id,
        facts=facts,
        scope=row.scope,
        event=row.operation if topic == "warnings" else row.event,
        drill=bool(row.drill),
        lon=getattr(row, "lon", None),
        lat=getattr(row, "lat", None),
        jurisdiction=getattr(row, "jurisdiction", None),
        about=about,
    )


def cases(conn: Connection, ids: Collection[str]) -> Iterator[Subject]:
    """Cases by their ids."""
    for row in _rows(conn, case, ids):
        facts = CaseFacts(
            stage=row.stage,
            marks=row.marks,
            urgency=row.urgency,
            reported_at=row.reported_at,
            due_at=row.due_at,
            emergency_due_at=row.emergency_due_at,
            what=f"{row.kind}/{row.subcategory}",
            source=row.source,
        )
        yield _subject("cases", row, facts, unit=row.unit)


def owing_cases(conn: Connection) -> set[str]:
    """Ids of the cases with a deadline, or an 应急时限, that were not answered yet."""
    query = select(case.c.id).where(
        case.c.live == true(),
        case.c.due_at.is_not(None) | case.c.emergency_due_at.is_not(None),
        case.c.stage.not_in(sorted(ANSWERED)),
        _stands(case),
    )
    return set(conn.execute(query).scalars())


def grave_cases(conn: Connection, classes: Collection[str]) -> set[str]:
    """Ids of the open cases of these classes, ``event/0401``, that nobody has answered."""
    query = select(case.c.id).where(
        case.c.live == true(),
        (case.c.kind + "/" + case.c.subcategory).in_(sorted(classes)),
        case.c.stage.not_in(sorted(ANSWERED)),
    )
    return set(conn.execute(query).scalars()) if classes else set()


def places(conn: Connection, ids: Collection[str]) -> Iterator[Subject]:
    """Places by their ids."""
    for row in _rows(conn, place, ids):
        yield _subject("places", row, PlaceFacts(row.depth_cm, row.at))


def wet_places(conn: Connection) -> set[str]:
    """Ids of the places under water."""
    query = select(place.c.id).where(place.c.depth_cm > 0, _stands(place))
    return set(conn.execute(query).scalars())


def watched_cameras(conn: Connection) -> set[str]:
    """Ids of the cameras that a place of importance names."""
    query = select(place.c.cameras).where(drills.real(place))
    return {name for names in conn.execute(query).scalars() for name in names}


def cameras(conn: Connection, ids: Collection[str], watched: Collection[str]) -> Iterator[Subject]:
    """Cameras by their ids."""
    for row in _rows(conn, camera, ids):
        facts = CameraFacts(row.status, row.updated_at, row.id in watched)
        yield _subject("cameras", row, facts, source=row.source)


def off_cameras(conn: Connection, watched: Collection[str] | None) -> set[str]:
    """Ids of the cameras that are off, of those ``watched``, or of all."""
    query = select(camera.c.id).where(camera.c.status == "off", _stands(camera))
    found = set(conn.execute(query).scalars())
    return found if watched is None else found & set(watched)


def feeds(conn: Connection, ids: Collection[str] | None, clock: CityClock) -> Iterator[Subject]:
    """Feeds by their ids, or all; their last words by the city's clock."""
    query = select(feed).where(_stands(feed))
    if ids is not None:
        query = query.where(feed.c.id.in_(sorted(ids)))
    for row in conn.execute(query):
        spoke_at = None if row.real_at is None else clock.at(row.real_at)
        facts = FeedFacts(row.state, spoke_at, row.expect_s, clock.speed)
        yield _subject("feeds", row, facts)


def loading(conn: Connection) -> bool:
    """Say whether a feed still loads the state with which the city opens."""
    query = select(feed.c.id).where(feed.c.state == "loading").limit(1)
    return conn.execute(query).first() is not None


def warnings(conn: Connection, ids: Collection[str] | None) -> Iterator[Subject]:
    """Warnings by their ids, or those in force or about to be."""
    found: Iterable[Any]
    if ids is None:
        found = conn.execute(
            select(warning).where(warning.c.live == true(), _stands(warning))
        ).all()
    else:
        found = _rows(conn, warning, ids)
    for row in found:
        facts = WarningFacts(row.colour, bool(row.live), row.effective_at, row.expires_at)
        yield _subject("warnings", row, facts, event=row.event)


def stations(conn: Connection, ids: Collection[str] | None) -> Iterator[Any]:
    """Rows of stations by their ids, or all."""
    if ids is None:
        yield from conn.execute(select(station).where(_stands(station)))
    else:
        yield from _rows(conn, station, ids)


def latest(conn: Connection, pairs: Iterable[tuple[str, str]] | None) -> list[Any]:
    """Station, factor, moment, value, flag and feed of the latest readings, of pairs or all."""
    columns = reading_latest.c
    query = select(
        columns.station, columns.factor, columns.at, columns.value, columns.flag, columns.feed
    )
    if pairs is None:
        return list(conn.execute(query))
    names = sorted({name for name, _ in pairs})
    found: list[Any] = []
    for start in range(0, len(names), CHUNK):
        wanted = names[start : start + CHUNK]
        found += conn.execute(query.where(_is_one_of(conn, columns.station, wanted)))
    return found


def readings(
    conn: Connection, after: Mapping[tuple[str, str], datetime]
) -> dict[tuple[str, str], list[Reading]]:
    """Give each series' readings from its moment on, in order, the newest revision of each."""
    found: dict[tuple[str, str], dict[datetime, Reading]] = {}
    pairs = list(after.items())
    postgres = conn.dialect.name == "postgresql"
    step = 5_000 if postgres else CHUNK
    for start in range(0, len(pairs), step):
        asked = pairs[start : start + step]
        for name, factor, at, value, flag in (_from_postgres if postgres else _from_sqlite)(
            conn, asked
        ):
            found.setdefault((name, factor), {})[at] = (name, factor, at, value, flag)
    return {pair: list(told.values()) for pair, told in found.items()}


_COLUMNS = "r.station, r.factor, r.at, r.value, r.flag"
_ORDER = "ORDER BY r.station, r.factor, r.at, r.revision"


def _from_postgres(
    conn: Connection, asked: Sequence[tuple[tuple[str, str], datetime]]
) -> Iterable[Any]:
    # The bound lets the server leave out the months that cannot matter.
    rows = conn.execute(
        text(
            f"SELECT {_COLUMNS} FROM unnest(CAST(:names AS text[]), CAST(:factors AS text[]), "
            "CAST(:moments AS timestamptz[])) AS k(station, factor, begun) JOIN reading r "
            "ON r.station = k.station AND r.factor = k.factor AND r.at >= k.begun "
            f"WHERE r.at >= :low {_ORDER}"
        ),
        {
            "names": [pair[0] for pair, _ in asked],
            "factors": [pair[1] for pair, _ in asked],
            "moments": [moment for _, moment in asked],
            "low": min(moment for _, moment in asked),
        },
    )
    return [(row[0], row[1], row[2].astimezone(UTC), row[3], row[4]) for row in rows]


def _from_sqlite(
    conn: Connection, asked: Sequence[tuple[tuple[str, str], datetime]]
) -> Iterable[Any]:
    values = ", ".join("(?, ?, ?)" for _ in asked)
    told = [
        part
        for pair, moment in asked
        for part in (*pair, moment.isoformat(timespec="microseconds")[:26] + "Z")
    ]
    rows = conn.exec_driver_sql(
        f"WITH k(station, factor, begun) AS (VALUES {values}) SELECT {_COLUMNS} FROM k "
        "CROSS JOIN reading r ON r.station = k.station AND r.factor = k.factor "
        f"AND r.at >= k.begun {_ORDER}",
        tuple(told),
    )
    return [(row[0], row[1], datetime.fromisoformat(row[2]), row[3], row[4]) for row in rows]
