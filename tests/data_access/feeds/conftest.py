"""Small recordings made on the spot."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, select

from data_access.feeds.recording import Recording, TimedRecord
from data_access.store import Store

HEAD = """
id = "here"
name = "某市"
time_zone = "Asia/Shanghai"
centre = [120.0, 30.0]
"""


@pytest.fixture
def city(tmp_path: Path) -> Callable[..., Recording]:
    """Make a recording of a description and files: name → text, bytes, or what becomes JSON."""

    def make(toml: str, **files: Any) -> Recording:
        folder = tmp_path / "here"
        folder.mkdir(exist_ok=True)
        (folder / "city.toml").write_text(HEAD + toml, "utf-8")
        for name, content in files.items():
            path = folder / name.replace("__", ".")
            if isinstance(content, bytes):
                path.write_bytes(content)
            elif isinstance(content, str):
                path.write_text(content, "utf-8")
            else:
                path.write_text(json.dumps(content), "utf-8")
        return Recording(folder)

    return make


def told(recording: Recording) -> list[TimedRecord]:
    """Everything that a recording tells."""
    return [*recording.static(), *recording.events(None, recording.city.end)]


def table_rows(store: Store, table: Table, without: Iterable[str] = ()) -> list[tuple[Any, ...]]:
    """A table's rows in order, without some columns."""
    gone = set(without)
    columns = [column for column in table.c if column.name not in gone]
    with store.read() as conn:
        return sorted((tuple(row) for row in conn.execute(select(*columns))), key=repr)
