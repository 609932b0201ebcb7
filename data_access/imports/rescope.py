"""Owns what follows when a jurisdiction moves: everything that lies in it moves along."""

from collections.abc import Mapping

from sqlalchemy import Connection, select, update

from dashboard.domain.jurisdictions import join
from dashboard.domain.topics import TOPICS
from data_access.changes import Writer
from data_access.tables import account, jurisdiction, metadata, token

_KEPT = frozenset({"audit", "handover", "jurisdiction"})  # true when written; written already


def rescope(writer: Writer, before: Mapping[str, str]) -> dict[str, str]:
    """Bring every scope to what the parents say now; gives old path → new path.

    ``before``: id → scope as it stood. Readers fetch every topic anew where anything moved.
    """
    conn = writer.conn
    columns = jurisdiction.c
    found = conn.execute(select(columns.id, columns.parent, columns.scope)).all()
    parents = {row.id: row.parent for row in found}
    roots = {row.id: row.scope for row in found if row.parent is None}
    moved = {}
    for row in found:
        path = _path(row.id, parents, roots) or row.scope
        if path != row.scope:
            conn.execute(update(jurisdiction).where(columns.id == row.id).values(scope=path))
        if path != before.get(row.id, path):
            moved[before[row.id]] = path
    rename(writer, moved)
    return moved


def rename(writer: Writer, moved: Mapping[str, str]) -> None:
    """Give whatever has an old path (key) its new one: rows, accounts and tokens alike."""
    if not moved:
        return
    conn = writer.conn
    for table in metadata.tables.values():
        if "scope" in table.c and table.name not in _KEPT:
            for old, new in moved.items():
                conn.execute(update(table).where(table.c.scope == old).values(scope=new))
    _rename_holders(conn, moved)
    for topic in TOPICS:
        writer.changed(topic.name, None)


def _rename_holders(conn: Connection, moved: Mapping[str, str]) -> None:
    """Let accounts and tokens keep what they may see."""
    for table, key in ((account, account.c.name), (token, token.c.id)):
        for name, scopes in conn.execute(select(key, table.c.scopes)).all():
            renamed = [moved.get(scope, scope) for scope in scopes]
            if renamed != scopes:
                conn.execute(update(table).where(key == name).values(scopes=renamed))


def _path(name: str, parents: Mapping[str, str | None], roots: Mapping[str, str]) -> str | None:
    """Walk up to the city; None where the way ends before it."""
    way: list[str] = []
    at: str | None = name
    while at is not None and at not in roots:
        if at in way or at not in parents:
            return None
        way.append(at)
        at = parents[at]
    return None if at is None else join(*roots[at].split("/"), *reversed(way))
