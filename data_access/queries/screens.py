"""Screens: where something is shown, and the scenes that they show."""

from datetime import UTC, datetime

from sqlalchemy import Connection, RowMapping, select

from data_access.queries import visible
from data_access.tables import alert, camera, case, place, scene, screen, session, station

SUBJECTS = {"cases": case, "alerts": alert, "places": place, "stations": station}
"""What may be sent to a screen as a place to go to."""


def page(conn: Connection, *, ask: visible.Ask) -> list[visible.Row]:
    """A page of screens by id."""
    return visible.rows(conn, visible.of_table(screen, ask))


def find(conn: Connection, *, screen_id: str) -> RowMapping | None:
    """The screen with this id, or None."""
    query = select(screen).where(screen.c.id == screen_id)
    return conn.execute(query).mappings().first()


def all_screens(conn: Connection) -> list[RowMapping]:
    """Every screen by id."""
    return list(conn.execute(select(screen).order_by(screen.c.id)).mappings())


def find_scene(conn: Connection, *, scene_id: str) -> RowMapping | None:
    """The scene with this id, or None."""
    return conn.execute(select(scene).where(scene.c.id == scene_id)).mappings().first()


def scenes(conn: Connection, *, screen_kind: str) -> list[RowMapping]:
    """The scenes of a kind of screen by id."""
    query = select(scene).where(scene.c.screen_kind == screen_kind).order_by(scene.c.id)
    return list(conn.execute(query).mappings())


def subject(
    conn: Connection, *, topic: str, subject_id: str, sight: visible.Sight
) -> visible.Row | None:
    """The place to go to, or None where there is none that the reader may see."""
    table = SUBJECTS[topic]
    query = select(table).where(
        table.c.id == subject_id, visible.seen(table.c.scope, table.c.event, sight)
    )
    return next(iter(visible.rows(conn, query)), None)


def group(conn: Connection, *, ids: list[str], sight: visible.Sight) -> dict[str, visible.Row]:
    """Cameras by id, those that the reader may see: ``scope`` and ``wall_allowed``."""
    query = select(camera.c.id, camera.c.scope, camera.c.wall_allowed).where(
        camera.c.id.in_(ids), visible.seen(camera.c.scope, camera.c.event, sight)
    )
    return {row["id"]: row for row in visible.rows(conn, query)}


def seen(conn: Connection) -> dict[str, datetime]:
    """The enrolled screens, and when each last showed itself."""
    prefix = "screen:"
    query = select(session.c.account, session.c.real_seen_at).where(
        session.c.account.startswith(prefix, autoescape=True),
        session.c.real_expires_at > datetime.now(UTC),
    )
    return {row.account.removeprefix(prefix): row.real_seen_at for row in conn.execute(query)}
