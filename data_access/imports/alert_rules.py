"""``pingji import alert-rules``: a whole list of rules of alerts, taken or refused as one."""

import json
from pathlib import Path

from data_access.alerts import book
from data_access.clock import StoreClock
from data_access.commands import audit
from data_access.feeds.recording.errors import RecordingError
from data_access.store import Store


def import_rules(store: Store, path: Path) -> tuple[int, int | None]:
    """Make a file's rules the ones that count; gives how many, and their version.

    The version is None where they are the ones that count already. Raises RecordingError for a
    file that is no JSON, RuleError for the first rule that cannot be; then nothing is taken.
    """
    try:
        told = json.loads(path.read_text("utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise RecordingError(path, "", f"is not JSON: {error}") from error
    now = StoreClock(store).now()
    with store.write() as writer:
        version = book.keep(writer, told, by="cli", now=now)
        rules = book.current(writer.conn).rules
        audit.record(
            writer,
            actor="cli",
            role="",
            act="import",
            subject="alert-rules",
            detail={"file": path.name, "rules": len(rules), "version": version},
            city_at=now,
        )
    return len(rules), version
