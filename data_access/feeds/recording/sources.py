"""Owns files: finds them below their root and reads rows from CSV, Excel, JSON, lines, Parquet.

A table's rows are tuples of the wanted columns only, so that a recording of many columns stays
small in memory; JSON rows are the objects themselves.
"""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jmespath
import pandas as pd

from data_access.feeds.recording.config import Files
from data_access.feeds.recording.errors import RecordingError

TABLES = {".csv": "csv", ".tsv": "tsv", ".xlsx": "excel", ".xls": "excel", ".parquet": "parquet"}
OBJECTS = {".json": "json", ".geojson": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}
FORMATS = (*dict.fromkeys([*TABLES.values(), *OBJECTS.values()]),)
MAX_CELL = 1_000_000
PARENT, FILE, EMPTY = "_parent", "_file", "_empty"
"""What an item of a list knows of its line, of its file; and that a line's list was empty."""


@dataclass(slots=True)
class Rows:
    """The rows of some files.

    ``columns``: place of each column in a row that is a tuple, None where rows are objects.
    ``origins``: for each file its name and the place of its first row. ``numbers``: where rows
    were left out, the place that each had.
    """

    columns: dict[str, int] | None
    rows: list[Any]
    origins: list[tuple[str, int]]
    numbers: list[int] | None = None

    def origin(self, index: int) -> tuple[str, int]:
        """Say from which file a row came, and which of its rows it is, counted from 1."""
        index = index if self.numbers is None else self.numbers[index]
        name, first = self.origins[0]
        for other, start in self.origins:
            if start > index:
                break
            name, first = other, start
        return name, index - first + 1

    def where(self, wanted: Callable[[Any], bool]) -> "Rows":
        """Keep some rows; each still knows its place."""
        kept = [
            index for index, row in enumerate(self.rows) if isinstance(row, Broken) or wanted(row)
        ]
        return Rows(self.columns, [self.rows[index] for index in kept], self.origins, kept)


def find(files: Files, roots: Sequence[Path], city: Path, key: str) -> list[Path]:
    """Give the files that the patterns name below the first root that has any, in order.

    Raises RecordingError where a pattern finds nothing.
    """
    found: list[Path] = []
    for pattern in files.patterns:
        if Path(pattern).is_absolute():
            hits = [Path(pattern)] if Path(pattern).is_file() else []
        else:
            hits = next(
                (hits for root in roots if (hits := _glob(root, pattern))),
                [],
            )
        if not hits:
            looked = ", ".join(str(root) for root in roots)
            raise RecordingError(
                city,
                f"{key}.files",
                f"{pattern!r} is in none of these folders: {looked}; "
                "say with --data-root DIR which folder holds the data",
            )
        found += hits
    return found


def columns_of(path: Path, files: Files) -> list[str] | None:
    """Give the names of a table's columns; None where the file holds objects."""
    form = format_of(path, files)
    if form in OBJECTS.values():
        return None
    if form in {"csv", "tsv"}:
        return next(_csv(path, files, form), [])
    return [str(name) for name in _frame(path, files, form).columns]


def read(paths: Sequence[Path], files: Files, wanted: Sequence[str], city: Path, key: str) -> Rows:
    """Read every row of ``paths``; of tables only the ``wanted`` columns, as texts or values.

    Raises RecordingError for a file that cannot be read or lacks a wanted column.
    """
    tabular = {format_of(path, files) in TABLES.values() for path in paths}
    if len(tabular) > 1:
        raise RecordingError(city, f"{key}.files", "mixes tables and JSON; make two parts of them")
    result = Rows(
        {name: place for place, name in enumerate(wanted)} if tabular == {True} else None, [], []
    )
    for path in paths:
        result.origins.append((path.name, len(result.rows)))
        try:
            if result.columns is None:
                result.rows += _objects(path, files, city, key)
            else:
                result.rows += _table(path, files, wanted, city, key)
        except (OSError, EOFError, ValueError, csv.Error, KeyError, ImportError) as error:
            raise RecordingError(path, "", f"cannot be read: {error}") from error
    return result


def inline(files: Files) -> Rows:
    """Take the rows that stand in the description itself."""
    return Rows(None, [dict(row) for row in files.rows], [("city.toml", 0)])


def format_of(path: Path, files: Files) -> str:
    """Say how a file is read: as the description states, else by its suffix."""
    if files.format is not None:
        if files.format not in FORMATS:
            raise RecordingError(path, "format", f"must be one of {', '.join(FORMATS)}")
        return files.format
    name = path.name.lower().removesuffix(".gz")
    suffix = Path(name).suffix
    form = TABLES.get(suffix) or OBJECTS.get(suffix)
    if form is None:
        raise RecordingError(path, "", f"unknown kind of file; say format = one of {FORMATS}")
    return form


def _glob(root: Path, pattern: str) -> list[Path]:
    if not root.is_dir():
        return []
    exact = root / pattern
    if exact.is_file():
        return [exact]
    return sorted(path for path in root.glob(pattern) if path.is_file())


def _content(path: Path) -> bytes:
    data = path.read_bytes()
    return gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data


def _text(path: Path, files: Files) -> str:
    """Decode as stated, else UTF-8, else GB18030."""
    data = _content(path)
    if files.encoding:
        return data.decode(files.encoding)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030")


def _csv(path: Path, files: Files, form: str) -> Iterator[list[str]]:
    csv.field_size_limit(MAX_CELL)
    stream = io.StringIO(_text(path, files), newline="")
    return csv.reader(stream, delimiter="\t" if form == "tsv" else ",")


def _frame(path: Path, files: Files, form: str) -> pd.DataFrame:
    stream = io.BytesIO(_content(path))
    if form == "parquet":
        return pd.read_parquet(stream)
    frame: pd.DataFrame = pd.read_excel(stream, sheet_name=files.sheet, dtype=object)
    return frame


def _table(
    path: Path, files: Files, wanted: Sequence[str], city: Path, key: str
) -> Iterator[tuple[Any, ...]]:
    form = format_of(path, files)
    if form in {"csv", "tsv"}:
        lines = _csv(path, files, form)
        header = [name.strip() for name in next(lines, [])]
        places = _places([*header, FILE], wanted, path, city, key)
        width = len(header)
        same: dict[str, str] = {}
        for line in lines:
            if line:
                full = [*line, *[""] * (width - len(line))][:width]
                full.append(path.name)  # a repeated text is kept once
                yield tuple(same.setdefault(full[place], full[place]) for place in places)
        return
    frame = _frame(path, files, form)
    frame[FILE] = path.name
    places = _places([str(name).strip() for name in frame.columns], wanted, path, city, key)
    yield from zip(*(_plain(frame.iloc[:, place]) for place in places), strict=True)


def _plain(column: "pd.Series[Any]") -> list[Any]:
    """Turn a column into plain values, None where nothing stands."""
    values = column.astype(object)
    return values.where(column.notna(), None).tolist()


def _places(
    header: Sequence[str], wanted: Sequence[str], path: Path, city: Path, key: str
) -> list[int]:
    for name in wanted:
        if name not in header:
            shown = ", ".join(header[:40])
            raise RecordingError(
                city, f"{key}.map", f"{path.name} has no column {name!r}; it has {shown}"
            )
    return [header.index(name) for name in wanted]


def _objects(path: Path, files: Files, city: Path, key: str) -> Iterator[Any]:
    form = format_of(path, files)
    picked = None if files.records is None else jmespath.compile(files.records)
    if form == "jsonl":
        for number, line in enumerate(_text(path, files).split("\n"), 1):
            if line.strip():
                yield from _line(line, number, picked)
        return
    try:
        content = json.loads(_text(path, files))
    except RecursionError as error:
        raise RecordingError(path, "", "is nested too deeply") from error
    found = content if picked is None else picked.search(content)
    if picked is None and isinstance(found, dict):
        found = found.get("features", found.get("items", found))
    if not isinstance(found, list):
        raise RecordingError(
            city, f"{key}.records", f"{path.name} is no list; say with JMESPath where its list is"
        )
    yield from ({**item, FILE: path.name} if isinstance(item, dict) else item for item in found)


def _line(line: str, number: int, picked: Any) -> Iterator[Any]:
    """Give the object of a line, or the items of its list, each with its parent's plain fields."""
    try:
        content = json.loads(line)
    except (ValueError, RecursionError):
        yield Broken(number, line)
        return
    if picked is None:
        yield content
        return
    parent = {}
    if isinstance(content, dict):
        parent = {key: it for key, it in content.items() if not isinstance(it, list | dict)}
    items = picked.search(content)
    if not isinstance(items, list):
        yield Broken(number, line)
    elif not items:
        yield {PARENT: parent, EMPTY: True}
    for item in items if isinstance(items, list) else ():
        yield {**item, PARENT: parent} if isinstance(item, dict) else item


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is not JSON, or lacks the list that it should hold."""

    line: int
    text: str = ""


def is_empty(row: Any) -> bool:
    """Say whether a row only tells that its line's list was empty."""
    return isinstance(row, dict) and bool(row.get(EMPTY))
