"""Changing screens, the scenes that they show, and the codes by which they are enrolled."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from data_access.changes import Writer
from data_access.commands import shown
from data_access.tables import scene, screen, screen_code

CODE_MISSES = 50
"""So many wrong codes, from wherever they came, and every code that was good is void."""


def put_screen(
    writer: Writer,
    *,
    screen_id: str,
    name: str,
    scope: str,
    scene_id: str | None,
    geometry: Mapping[str, Any],
    hall: str = "main",
    event: str | None = None,
) -> None:
    """Add a wall's screen, or change it.

    ``scene_id``: its own scene of routine, or None for that of all; ``hall``: the one in which it
    hangs; ``event``: the operation whose room it is in.
    """
    known = writer.conn.execute(select(screen).where(screen.c.id == screen_id)).mappings().first()
    values = {
        "name": name,
        "home": scene_id,
        "geometry": dict(geometry),
        "scope": scope,
        "hall": hall,
        "event": event,
    }
    if known is None:
        writer.conn.execute(insert(screen).values(id=screen_id, kind="wall", **values))
    else:
        writer.conn.execute(
            update(screen)
            .where(screen.c.id == screen_id)
            .values(version=known["version"] + 1, **values)
        )
    old_scope = None if known is None else known["scope"]
    writer.changed("screens", screen_id, old_scope=old_scope, new_scope=scope)
    shown.settle(writer)


def put_shipped_scene(writer: Writer, values: Mapping[str, Any]) -> bool:
    """Enter a scene of ours where it is missing or an older edition; an edited one stays."""
    known = writer.conn.execute(
        select(scene.c.version, scene.c.content).where(scene.c.id == values["id"])
    ).first()
    if known is None:
        writer.conn.execute(insert(scene).values(version=1, **values))
        return True
    edition = int((known.content or {}).get("shipped", 0))
    if known.version > 1 or edition >= int(values["content"]["shipped"]):
        return False
    writer.conn.execute(update(scene).where(scene.c.id == values["id"]).values(**values))
    return True


def put_scene(writer: Writer, values: Mapping[str, Any]) -> int | None:
    """Enter a scene that a person made or edited; gives its version, None where nothing changed.

    From then on it is the city's own: no edition of ours overwrites it.
    """
    shown.lock(writer)
    own = {**values, "content": {**values["content"], "shipped": 0}}
    known = writer.conn.execute(select(scene).where(scene.c.id == values["id"])).mappings().first()
    if known is not None and all(known[name] == value for name, value in own.items()):
        return None
    version = 2 if known is None else int(known["version"]) + 1
    if known is None:
        writer.conn.execute(insert(scene).values(version=version, **own))
    else:
        statement = update(scene).where(scene.c.id == values["id"])
        writer.conn.execute(statement.values(version=version, **own))
    shown.settle(writer)
    return version


def add_code(
    writer: Writer,
    *,
    code_hash: bytes,
    screen_id: str,
    made_by: str,
    real_now: datetime,
    real_expires_at: datetime,
) -> None:
    """Keep a new code of a screen; the one before it, and all that have ended, are void."""
    writer.conn.execute(
        delete(screen_code).where(
            (screen_code.c.screen == screen_id)
            | (screen_code.c.real_expires_at <= real_now)
            | (screen_code.c.code_hash == code_hash)
        )
    )
    writer.conn.execute(
        insert(screen_code).values(
            code_hash=code_hash,
            screen=screen_id,
            made_by=made_by,
            misses=0,
            real_created_at=real_now,
            real_expires_at=real_expires_at,
        )
    )


def use_code(writer: Writer, *, code_hash: bytes, real_now: datetime) -> str | None:
    """Use up a good code and give its screen; a wrong one counts against all good ones."""
    found = writer.conn.execute(
        delete(screen_code)
        .where(screen_code.c.code_hash == code_hash, screen_code.c.real_expires_at > real_now)
        .returning(screen_code.c.screen)
    ).scalar()
    if found is not None:
        return str(found)
    writer.conn.execute(update(screen_code).values(misses=screen_code.c.misses + 1))
    writer.conn.execute(delete(screen_code).where(screen_code.c.misses >= CODE_MISSES))
    return None


def drop_codes(writer: Writer, *, screen_id: str) -> None:
    """Void the codes of a screen."""
    writer.conn.execute(delete(screen_code).where(screen_code.c.screen == screen_id))
