"""Writes what a city is made of before any record: itself, its jurisdictions, units, categories."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table, func, select
from sqlalchemy.dialects import postgresql, sqlite

from data_access.changes import Writer
from data_access.matters import OWN
from data_access.tables import category, jurisdiction, unit
from data_access.tables import city as city_table

Row = Mapping[str, Any]
LEVELS = ("city", "district", "subdistrict", "community", "grid")


def write_city(
    writer: Writer,
    *,
    path: str,
    name: str,
    name_en: str | None,
    time_zone: str,
    centre: tuple[float, float],
    settings: Row,
) -> None:
    """Write the city whose scope is ``path``; written again, it is overwritten.

    What an operator imported besides stays.
    """
    query = select(city_table.c.settings).where(city_table.c.id == path)
    old = writer.conn.execute(query).scalar() or {}
    kept = {name: old[name] for name in (OWN,) if name in old}
    row = {
        "id": path,
        "name": name,
        "name_en": name_en,
        "time_zone": time_zone,
        "lon": centre[0],
        "lat": centre[1],
        "settings": {**settings, **kept},
    }
    _upsert(writer, city_table, [row], ("id",))


def write_jurisdictions(writer: Writer, rows: Iterable[Row], *, root: str) -> list[str]:
    """Write jurisdictions below the scope ``root``, whose last piece is the id of their city.

    A row has id and name, and may have parent (default: the root), level, name_en, command_model
    and polygon. Gives the ids that were refused: without id or name, with a slash in the id, or
    below a parent that nobody knows.
    """
    top = root.rpartition("/")[2]
    paths = {top: root}
    known = writer.conn.execute(select(jurisdiction.c.id, jurisdiction.c.scope))
    paths |= {row.id: row.scope for row in known}
    waiting = [dict(row) for row in rows]
    made: list[dict[str, Any]] = []
    while waiting:
        ready = [row for row in waiting if str(row.get("parent") or top) in paths]
        ready = [row for row in ready if _named(row) and "/" not in str(row["id"])]
        if not ready:
            break
        for row in ready:
            parent = str(row.get("parent") or top)
            name = str(row["id"])
            paths[name] = root if name == top else f"{paths[parent]}/{name}"
            made.append(
                {
                    "id": name,
                    "parent": None if name == top else parent,
                    "level": row.get("level") or _below(paths[name], root),
                    "name": str(row["name"]),
                    "name_en": row.get("name_en"),
                    "command_model": row.get("command_model"),
                    "polygon": row.get("polygon"),
                    "timing_zone": row.get("timing_zone"),
                    "verified": bool(row.get("verified", True)),
                    "scope": paths[name],
                    "drill": False,
                }
            )
        done = {id(row) for row in ready}
        waiting = [row for row in waiting if id(row) not in done]
    _upsert(writer, jurisdiction, made, ("id",))
    return [str(row.get("id")) for row in waiting]


def write_units(writer: Writer, rows: Iterable[Row], *, root: str) -> list[str]:
    """Write responsible units; gives the ids of those refused (without id or name)."""
    known = writer.conn.execute(select(jurisdiction.c.id, jurisdiction.c.scope))
    paths = {row.id: row.scope for row in known}
    made, refused = [], []
    for row in rows:
        if not _named(row):
            refused.append(str(row.get("id")))
            continue
        where = row.get("jurisdiction")
        made.append(
            {
                "id": str(row["id"]),
                "name": str(row["name"]),
                "level": row.get("level"),
                "jurisdiction": where,
                "phone": row.get("phone"),
                "verified": bool(row.get("verified", True)),
                "scope": paths.get(str(where), root),
                "drill": False,
            }
        )
    _upsert(writer, unit, made, ("id",))
    return refused


def write_categories(writer: Writer, rows: Iterable[Row]) -> list[str]:
    """Write categories into the list in force; gives the codes of those refused.

    A row has kind (component, event), code and name, and may have class_code (default: the code's
    first two signs) and class_name. A code that comes twice keeps its first meaning.
    """
    version = writer.conn.execute(select(func.max(category.c.list_version))).scalar() or 1
    made: dict[tuple[str, str], dict[str, Any]] = {}
    refused = []
    for row in rows:
        kind, code, name = row.get("kind"), row.get("code"), row.get("name")
        if kind not in ("component", "event") or not code or not name:
            refused.append(str(code))
            continue
        class_code = str(row.get("class_code") or str(code)[:2])
        made.setdefault(
            (kind, str(code)),
            {
                "list_version": version,
                "kind": kind,
                "code": str(code),
                "class_code": class_code,
                "class_name": str(row.get("class_name") or class_code),
                "class_name_en": row.get("class_name_en"),
                "name": str(name),
                "name_en": row.get("name_en"),
                "verified": bool(row.get("verified", True)),
                "source": row.get("source"),
            },
        )
    _upsert(writer, category, list(made.values()), ("list_version", "kind", "code"))
    return refused


def _named(row: Row) -> bool:
    return bool(row.get("id")) and bool(row.get("name"))


def _below(path: str, root: str) -> str:
    depth = path.count("/") - root.count("/")
    return LEVELS[min(depth, len(LEVELS) - 1)]


def _upsert(
    writer: Writer, table: Table, rows: Sequence[dict[str, Any]], key: Sequence[str]
) -> None:
    if not rows:
        return
    make: Any = postgresql.insert if writer.conn.dialect.name == "postgresql" else sqlite.insert
    statement = make(table)
    changing = {name: statement.excluded[name] for name in rows[0] if name not in key}
    statement = statement.on_conflict_do_update(index_elements=list(key), set_=changing)
    writer.conn.execute(statement, list(rows))
