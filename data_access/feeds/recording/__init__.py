"""The recording feed: a city described by ``city.toml``, told event by event in order of time.

What is told up to a moment does not depend on the steps in which it is asked for, and holds
nothing that became known later.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.domain.coordinates import BBox
from data_access.feeds.recording.config import (
    LISTS,
    CityFile,
    Files,
    Lookup,
    Part,
    read_city,
)
from data_access.feeds.recording.errors import RecordingError
from data_access.feeds.recording.mapping import Compiler, columns_named
from data_access.feeds.recording.parts import Events, FinalRows, PartRows
from data_access.feeds.recording.snapshots import SnapshotRows
from data_access.feeds.recording.sources import Rows, find, inline, read
from data_access.feeds.recording.times import reader

__all__ = ["City", "Recording", "RecordingError", "TimedRecord", "verify"]

_KINDS: Mapping[str, type[PartRows]] = {
    "list": PartRows,
    "events": PartRows,
    "final": FinalRows,
    "snapshots": SnapshotRows,
}


@dataclass(frozen=True, slots=True)
class City:
    """What a recording says of its city. ``id`` is the first piece of its scopes.

    ``notes``: sentences for the screen, such as what was moved. ``first``: the first moment told
    of; ``start``: where playing begins unless another is asked for; ``end``: the last moment.
    """

    id: str
    name: str
    name_en: str | None
    time_zone: ZoneInfo
    centre: tuple[float, float]
    bounds: BBox | None
    source: str | None
    notes: tuple[str, ...]
    learn: bool
    matters: tuple[Mapping[str, Any], ...]
    first: datetime
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class TimedRecord:
    """One thing told at a moment.

    ``record``: as ingest takes it, an Undecodable, or None where a source row says nothing new.
    ``source_row``: file and row, counted from 1. ``first``: the row's first event, which counts it.
    """

    at: datetime
    kind: str
    record: Any
    source_row: tuple[str, int]
    first: bool


def verify(path: Path | str, data_root: Path | str | None = None) -> None:
    """Read a description and find its files, but do not read them: quick enough to do first.

    Raises RecordingError naming file, key and reason.
    """
    file = read_city(Path(path))
    roots = _roots(file, data_root)
    named = [(part.key, part.files) for part in file.parts]
    named += [(f"lookups.{name}", lookup.files) for name, lookup in file.lookups.items()]
    for key, files in named:
        if files.patterns:
            find(files, roots, file.path, key)


class Recording:
    """A recording that has been read; ``data_root`` is where its files lie, beside its own folder.

    Raises RecordingError naming file, key and reason.
    """

    def __init__(
        self,
        path: Path | str,
        data_root: Path | str | None = None,
        *,
        move_to: tuple[float, float] | None = None,
    ) -> None:
        """Read the description and its files, and put every moment in order.

        ``move_to``: lon, lat of the spot on which the recording's centre is laid, where it is
        replayed in another city.
        """
        self.file: CityFile = read_city(Path(path))
        if move_to is not None:
            parts = tuple(replace(part, move_to=move_to) for part in self.file.parts)
            self.file = replace(self.file, parts=parts)
        self._roots = _roots(self.file, data_root)
        lookups = {name: self._lookup(name, it) for name, it in self.file.lookups.items()}
        self._parts = [(part, self._open(part, lookups)) for part in self.file.parts]
        self._static: list[tuple[int, int, int]] = []
        self._order: list[tuple[datetime, int, int, int]] = []
        self._shifts: list[timedelta] = []
        for number, (part, events) in enumerate(self._parts):
            self._sort_in(number, part, events)
        self._order.sort()
        self.city = self._city()

    def static(self) -> Iterator[TimedRecord]:
        """What is known from the start: lists, and records that have no time of their own.

        Also the rows whose time cannot be read, as they become due with everything.
        """
        for number, row, step in self._static:
            yield self._told(self.city.first, number, row, step)

    def events(self, after: datetime | None, until: datetime) -> Iterator[TimedRecord]:
        """What became known after ``after`` (None: from the beginning) up to ``until``."""
        begin = 0 if after is None else bisect_right(self._order, after, key=lambda key: key[0])
        for at, number, row, step in self._order[begin:]:
            if at > until:
                return
            yield self._told(at, number, row, step)

    def begin_at(self, moment: datetime) -> None:
        """Move all times together: what is played from its start happens from ``moment`` on."""
        by = moment - self.city.start
        for (_, events), already in zip(self._parts, self._shifts, strict=True):
            events.shift(already + by)
        self._order = [(at + by, number, row, step) for at, number, row, step in self._order]
        self.city = replace(
            self.city,
            first=self.city.first + by,
            start=moment,
            end=self.city.end + by,
        )

    def next_at(self, after: datetime) -> datetime | None:
        """The first moment after ``after`` at which anything is told; None when all is told."""
        place = bisect_right(self._order, after, key=lambda key: key[0])
        return self._order[place][0] if place < len(self._order) else None

    @property
    def source_rows(self) -> int:
        """How many rows the sources have, all parts and lists together."""
        first = sum(1 for _, _, step in self._static if step == 0)
        return first + sum(1 for _, _, _, step in self._order if step == 0)

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    def _open(self, part: Part, lookups: Mapping[str, Mapping[str, Any]]) -> PartRows:
        stages = [item for stage in part.stages for item in (stage.at, stage.note, stage.by)]
        later = [spec for stage in part.stages for spec in stage.map.values()]
        own = [*part.map.values(), part.known_at, part.taken_at, *part.only_with]
        specs = [*own, *stages, *later]
        rows = self._rows(part.files, specs, part.key)
        if part.distinct:
            rows = _distinct(rows)
        if not part.map:  # inline rows that are already as they should be
            names = dict.fromkeys(name for row in rows.rows for name in row)
            part = _with_map(part, {name: {"column": name} for name in names})
        return _KINDS[part.kind](self.file, part, rows, lookups)

    def _rows(self, files: Files, specs: Sequence[Any], key: str) -> Rows:
        wanted = columns_named(spec for spec in specs if spec is not None)
        if files.rows:
            return inline(files)
        paths = find(files, self._roots, self.file.path, key)
        return read(paths, files, wanted, self.file.path, key)

    def _lookup(self, name: str, lookup: Lookup) -> dict[str, Any]:
        where = f"lookups.{name}"
        rows = self._rows(lookup.files, [lookup.key, lookup.value], where)
        compiler = Compiler(
            file=self.file.path, columns=rows.columns, read_time=reader(lookup.times)
        )
        key = compiler.value(lookup.key, f"{where}.key", "key")
        value = compiler.value(lookup.value, f"{where}.value", "value")
        table: dict[str, Any] = {}
        for row in rows.rows:
            found = key(row)
            if found is not None:
                table.setdefault(str(found), value(row))
        return table

    def _sort_in(self, number: int, part: Part, events: Events) -> None:
        moments = list(events.moments())
        times = [moment.at for moment in moments if moment.at is not None]
        delta = timedelta(0)
        if part.shift_to is not None and times:
            delta = part.shift_to.astimezone(UTC) - min(times)
            events.shift(delta)
            moments = list(events.moments())
        self._shifts.append(delta)
        for at, row, step in moments:
            if at is None or part.name in LISTS:
                self._static.append((number, row, step))
            else:
                self._order.append((at, number, row, step))

    def _told(self, at: datetime, number: int, row: int, step: int) -> TimedRecord:
        part, events = self._parts[number]
        return TimedRecord(
            at, part.name, events.make(row, step), events.rows.origin(row), step == 0
        )

    def _city(self) -> City:
        file = self.file
        start = file.start and file.start.astimezone(UTC)
        first = self._order[0][0] if self._order else start
        if first is None:
            raise RecordingError(file.path, "start", "nothing here has a time; say when to start")
        end = file.end.astimezone(UTC) if file.end else max(first, self._last())
        return City(
            id=file.id,
            name=file.name,
            name_en=file.name_en,
            time_zone=file.zone,
            centre=file.centre,
            bounds=None if any(part.move_to for part in file.parts) else file.bounds,
            source=file.source,
            notes=(*file.notes, *_moved(file)),
            learn=file.unknown == "learn",
            matters=file.matters,
            first=first,
            start=start or first,
            end=end,
        )

    def _last(self) -> datetime:
        return self._order[-1][0] if self._order else datetime.min.replace(tzinfo=UTC)


def _roots(file: CityFile, data_root: Path | str | None) -> list[Path]:
    """Give the folders below which files are looked for, first the one that was named."""
    roots = [file.path.parent]
    if data_root is not None:
        if not Path(data_root).is_dir():
            raise RecordingError(data_root, "", "--data-root is not a folder")
        roots.insert(0, Path(data_root))
    return roots


def _distinct(rows: Rows) -> Rows:
    """Each row once: the first of those that are the same in every wanted column."""
    if rows.columns is None:
        seen: dict[str, Any] = {}
        for row in rows.rows:
            seen.setdefault(repr(row), row)
        return Rows(None, list(seen.values()), rows.origins[:1])
    return Rows(rows.columns, list(dict.fromkeys(rows.rows)), rows.origins[:1])


def _with_map(part: Part, mapping: Mapping[str, Any]) -> Part:
    values = {name: getattr(part, name) for name in part.__dataclass_fields__}
    return Part(**(values | {"map": mapping}))


_CALLED = {
    "stations": "测站",
    "cameras": "视频点位",
    "places": "重点部位",
    "responders": "处置力量",
    "cases": "案件",
    "readings": "读数",
    "warnings": "预警",
}


def _moved(file: CityFile) -> Iterator[str]:
    """Say on the screen what was moved."""
    for part in file.parts:
        called = _CALLED.get(part.name, part.name)
        if part.shift_to is not None:
            yield f"{called}的时间已平移至 {part.shift_to:%Y-%m-%d %H:%M} 起"
        if part.move_to is not None:
            yield f"{called}的位置已平移至 {part.move_to[0]:g},{part.move_to[1]:g}"
        for name, factor in part.scale.items():
            yield f"{called}的 {name} 已乘以 {factor:g}"
