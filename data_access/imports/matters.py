"""``pingji import matters``: the common matters of a call at night, all of the list or none."""

import json
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, update

from dashboard.domain import matters
from dashboard.domain.matters import MatterError
from data_access.clock import StoreClock
from data_access.commands import audit
from data_access.feeds.recording.errors import RecordingError
from data_access.matters import OWN, is_listed
from data_access.store import Store
from data_access.tables import city


def import_matters(store: Store, path: Path) -> int:
    """Make a file's matters those of the city; gives how many. An empty list gives them back.

    Raises RecordingError for a file that is no JSON and for a store without a city, MatterError
    for the first matter that cannot be; then nothing is taken.
    """
    try:
        told = json.loads(path.read_text("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise RecordingError(path, "", f"is not JSON: {error}") from error
    read = matters.read(told)
    now = StoreClock(store).now()
    with store.write() as writer:
        _listed(writer.conn, read)
        row = writer.conn.execute(select(city.c.id, city.c.settings).limit(1)).first()
        if row is None:
            raise RecordingError(path, "", "there is no city yet: import jurisdictions first")
        settings: dict[str, Any] = {**row.settings, OWN: told}
        writer.conn.execute(update(city).where(city.c.id == row.id).values(settings=settings))
        audit.record(
            writer,
            actor="cli",
            role="",
            act="import",
            subject="matters",
            detail={"file": path.name, "matters": len(read)},
            city_at=now,
        )
    return len(read)


def _listed(conn: Connection, read: tuple[matters.Matter, ...]) -> None:
    """A matter that the city's list of categories does not know could never be entered."""
    for n, matter in enumerate(read, 1):
        if not is_listed(conn, matter.kind, matter.code):
            raise MatterError(f"matters[{n}].of：分类表中没有 {matter.of}。")
