"""Writing the audit: added to, never altered (the database refuses)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert, select

from data_access.changes import Writer
from data_access.tables import audit, city


def record(
    writer: Writer,
    *,
    actor: str,
    role: str,
    act: str,
    city_at: datetime,
    subject: str | None = None,
    detail: Mapping[str, Any] | None = None,
    address: str | None = None,
    scope: str | None = None,
    event: str | None = None,
    drill: bool = False,
) -> None:
    """Add one line: who (``actor``) did what (``act``) to what (``subject``), from where.

    ``scope``: whose business it is; without one it is the city's, and '' before there is a city.
    """
    if scope is None:
        scope = writer.conn.execute(select(city.c.id).order_by(city.c.id).limit(1)).scalar() or ""
    writer.conn.execute(
        insert(audit).values(
            actor=actor,
            role=role,
            act=act,
            subject=subject,
            detail=dict(detail or {}),
            address=address,
            city_at=city_at,
            real_at=datetime.now(UTC),
            scope=scope,
            event=event,
            drill=drill,
        )
    )
