"""What holds the words of a question in its number, name, address or description, ended cases too.

The inverted list of grams (``data_access.tables.search``) gives those that may hold them, the
latest first; whether they do is read from the things themselves, as they are shown.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, Select, Table, func, literal_column, select, text

from dashboard.domain import grams
from dashboard.domain.masking import mask
from data_access.ingest.search import TEXTS
from data_access.queries import drills, visible
from data_access.tables import camera, case, place, search, station
from data_access.tables.search import GRAMS

TABLES: Mapping[str, Table] = {
    "cases": case,
    "stations": station,
    "cameras": camera,
    "places": place,
}
_WRITTEN: Mapping[str, Sequence[str]] = {
    "cases": (
        *("id", "kind", "subcategory", "stage", "address", "description"),
        *("lon", "lat", "jurisdiction", "reported_at", "ended_at", "live", "drill"),
    ),
    "stations": ("id", "kind", "name", "lon", "lat", "jurisdiction", "drill"),
    "cameras": ("id", "name", "lon", "lat", "status", "jurisdiction", "drill"),
    "places": ("id", "kind", "name", "lon", "lat", "state", "jurisdiction", "drill"),
}
_CHUNK = 200
_CHUNKS = 10
"""So many that may hold the words are read before it is given up: words of a rare order."""


def find(
    conn: Connection,
    *,
    topic: str,
    sight: visible.Sight,
    asked: str,
    limit: int,
    numbers_only: bool = False,
) -> list[visible.Row]:
    """Things of ``topic`` that hold all words of ``asked``; a case by its whole number comes first.

    What is of a drill is found while the drill is run, behind what is real, and says so.
    Texts of people come masked, as they are searched. ``numbers_only``: not their texts.
    """
    words = grams.words(asked)
    real: dict[str, visible.Row] = {}
    drilled: dict[str, visible.Row] = {}
    for row in _candidates(conn, topic, sight, asked, words):
        names = ("id",) if numbers_only else TEXTS[topic]
        found = drilled if row["drill"] else real
        if row["id"] not in found and grams.holds((row[name] for name in names), words):
            found[row["id"]] = row
            if len(real) == limit:
                break
    return [*real.values(), *list(drilled.values())[:limit]]


def _candidates(
    conn: Connection, topic: str, sight: visible.Sight, asked: str, words: Sequence[str]
) -> Iterator[visible.Row]:
    yield from _read(conn, topic, sight, [asked.strip()])
    needed = grams.of_question(words)
    if not needed:
        return
    query = (
        select(search.c.id)
        .where(
            # not by its index: what has the grams is fewer than what is of the topic
            search.c.topic.concat("") == topic,
            _has(conn, needed),
            visible.seen(search.c.scope, search.c.event, sight),
        )
        .order_by(search.c.at.desc(), search.c.id)
    )
    for chunk in range(_CHUNKS):
        ids = list(conn.execute(query.limit(_CHUNK).offset(chunk * _CHUNK)).scalars())
        rows = {row["id"]: row for row in _read(conn, topic, sight, ids)}
        yield from (rows[name] for name in ids if name in rows)
        if len(ids) < _CHUNK:
            return


def _has(conn: Connection, needed: Sequence[str]) -> ColumnElement[bool]:
    """Say that a row of ``search`` has all these grams, by the database's own inverted list."""
    if conn.dialect.name == "postgresql":
        have = func.string_to_array(search.c.grams, literal_column("' '"))
        return have.op("@>")(list(needed))
    # each gram is letters and figures alone, so that nothing of it is syntax between quotes
    asked = " ".join(f'"{gram}"' for gram in needed)
    hit = text(f"SELECT rowid FROM {GRAMS} WHERE {GRAMS} MATCH :grams").bindparams(grams=asked)
    return search.c.n.in_(hit.columns(literal_column("rowid")).scalar_subquery())


def _read(
    conn: Connection, topic: str, sight: visible.Sight, ids: Sequence[str]
) -> list[visible.Row]:
    if not ids:
        return []
    rows = visible.rows(conn, _things(topic, sight).where(TABLES[topic].c.id.in_(ids)))
    for row in rows:
        for name in ("address", "description"):
            if row.get(name):
                row[name] = mask(row[name])
    return rows


def _things(topic: str, sight: visible.Sight) -> Select[tuple[object, ...]]:
    table = TABLES[topic]
    query = select(*(table.c[name] for name in _WRITTEN[topic])).where(
        visible.seen(table.c.scope, table.c.event, sight.whole), drills.stands(table)
    )
    if topic == "cameras" and sight.wall:
        query = query.where(camera.c.wall_allowed.is_(True))
    return query
