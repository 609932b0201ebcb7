"""Owns how the rows of one part become events, each at its own time.

A part gives moments (when a row, or a stage of it, became known) and makes the record of each on
demand, holding only what was known by then.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from dashboard.domain.coordinates import to_wgs84
from dashboard.domain.records import Undecodable
from data_access.feeds.recording.config import CityFile, Part
from data_access.feeds.recording.errors import RecordingError, Unreadable
from data_access.feeds.recording.mapping import Compiler, Getter
from data_access.feeds.recording.sources import Broken, Rows, is_empty
from data_access.feeds.recording.times import reader

ID_FIELDS = {"readings": ("station", "factor")}
OWN_TIME = {
    "readings": ("at",),
    "responders": ("at",),
    "places": ("at",),
    "cases": ("updated_at", "stage_at", "reported_at"),
    "cameras": ("updated_at",),
    "warnings": ("sent",),
    "stations": (),
}
"""Fields that say when a record became known, where ``known_at`` does not; the first mapped."""


class Moment(NamedTuple):
    """When something became known: None is from the start. ``step`` counts within the row."""

    at: datetime | None
    row: int
    step: int


class Events(Protocol):
    """A part that has been read."""

    rows: Rows

    def moments(self) -> Iterator[Moment]:
        """Everything that the part tells, in the order of its rows."""

    def make(self, row: int, step: int) -> Any:
        """The record of a moment, an Undecodable, or None where nothing changed."""

    def shift(self, by: timedelta) -> None:
        """Move every time of the part."""


@dataclass(slots=True)
class Clockwork:
    """Reads a part's times and moves them."""

    read: Any
    delta: timedelta = timedelta(0)

    def __call__(self, field: str, value: Any) -> datetime:
        """Read one time."""
        found: datetime = self.read(field, value)
        return found + self.delta if self.delta else found


class PartRows:
    """A table of events: one record a row. Also what the other kinds build on."""

    def __init__(
        self, city: CityFile, part: Part, rows: Rows, lookups: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Compile the mapping against the rows' columns; raises RecordingError."""
        self.part = part
        self.rows = rows
        self.clock = Clockwork(reader(part.times))
        self.compiler = Compiler(
            file=city.path,
            columns=rows.columns,
            read_time=self.clock,
            missing=part.files.missing,
            lookups=lookups,
        )
        self._keep_only(part)
        self.fields = self._compiled(part.map, f"{part.key}.map")
        self.known = self._known()
        self.finish = Finish(city, part)

    def _compiled(self, mapping: Mapping[str, Any], where: str) -> dict[str, Getter]:
        return {
            name: self.compiler.field(name, spec, f"{where}.{name}")
            for name, spec in mapping.items()
        }

    def _keep_only(self, part: Part) -> None:
        """Rows in which something else is told are none of this part's."""
        if not part.only_with:
            return
        where = f"{part.key}.only_with"
        needed = [self.compiler.value(spec, where, "only_with") for spec in part.only_with]
        self.rows = self.rows.where(
            lambda row: is_empty(row) or all(get(row) is not None for get in needed)
        )

    def _known(self) -> list[Getter]:
        """When a row became known: never before what it tells of."""
        found = [
            self.fields[name] for name in OWN_TIME.get(self.part.name, ()) if name in self.fields
        ][:1]
        if self.part.known_at is not None:
            where = f"{self.part.key}.known_at"
            found.append(self.compiler.time(self.part.known_at, where, "known_at"))
        return found

    def shift(self, by: timedelta) -> None:
        """Move every time of the part."""
        self.clock.delta = by

    def moments(self) -> Iterator[Moment]:
        """One moment a row; a row whose time cannot be read is told of at the start."""
        for index, row in enumerate(self.rows.rows):
            at: datetime | None = None
            if not isinstance(row, Broken):
                try:
                    times = [time for getter in self.known if (time := getter(row)) is not None]
                    at = max(times, default=None)
                except Unreadable:
                    at = None
            yield Moment(at, index, 0)

    def make(self, row: int, step: int) -> Any:
        """The record of a row."""
        del step
        content = self.rows.rows[row]
        if isinstance(content, Broken):
            return Undecodable(content.line, "此行不是有效的 JSON。", came=content.text)
        if self.rows.columns is None and not isinstance(content, dict):
            return Undecodable(self.rows.origin(row)[1], "记录应为 JSON 对象。", came=content)
        return self.mapped(row, self.fields)

    def mapped(self, row: int, fields: Mapping[str, Getter]) -> Any:
        """Apply getters to a row; what cannot be read names its field."""
        content = self.rows.rows[row]
        record: dict[str, Any] = {}
        try:
            for name, getter in fields.items():
                value = getter(content)
                if value is not None:
                    record[name] = value
        except Unreadable as error:
            return self.unreadable(row, error)
        return self.finish(record)

    def unreadable(self, row: int, error: Unreadable) -> Undecodable:
        """Refuse a row, with its id where that can be read."""
        content = self.rows.rows[row]
        names = []
        for name in ID_FIELDS.get(self.part.name, ("id",)):
            try:
                names.append(self.fields[name](content) if name in self.fields else None)
            except Unreadable:
                names.append(None)
        known = [str(name) for name in names if name is not None]
        number = self.rows.origin(row)[1]
        joined = "/".join(known) or None
        return Undecodable(number, error.reason, joined, error.field, self.came(row))

    def came(self, row: int) -> Any:
        """What the source holds in a row, of a table by its columns."""
        content = self.rows.rows[row]
        if self.rows.columns is None or isinstance(content, Broken):
            return content
        return {name: content[place] for name, place in self.rows.columns.items()}


class FinalRows(PartRows):
    """Final records with a time column per stage: each stage becomes known at its own time."""

    def __init__(
        self, city: CityFile, part: Part, rows: Rows, lookups: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Compile the stages too."""
        super().__init__(city, part, rows, lookups)
        self.stages = []
        for number, stage in enumerate(part.stages):
            where = f"{part.key}.stages[{number}]"
            name = f"stages.{stage.stage}.at"
            extra = {
                key: spec
                for key, spec in (("note", stage.note), ("by", stage.by))
                if spec is not None
            }
            self.stages.append(
                (
                    stage.stage,
                    self.compiler.time(stage.at, f"{where}.at", name),
                    self._compiled(stage.map, f"{where}.map"),
                    self._compiled(extra, where),
                )
            )
        for name in ("stage", "stage_at", "reported_at", "updated_at"):
            if name in self.fields:
                raise RecordingError(
                    city.path, f"{part.key}.map.{name}", "comes from the stages; take it away"
                )

    def moments(self) -> Iterator[Moment]:
        """A moment for each stage that the row reached; a row that is refused has one."""
        for index in range(len(self.rows.rows)):
            try:
                reached = self._reached(index)
            except Unreadable:
                yield Moment(self._first_at(index), index, 0)
                continue
            for step, (at, _, _) in enumerate(reached):
                yield Moment(at, index, step)

    def make(self, row: int, step: int) -> Any:
        """The case as it was known when it reached its ``step``-th stage."""
        content = self.rows.rows[row]
        if isinstance(content, Broken):
            return super().make(row, step)
        try:
            reached = self._reached(row)
            at, number, note = reached[step]
            stage, _, _, extra = self.stages[number]
            told = {name: getter(content) for name, getter in extra.items()}
        except Unreadable as error:
            return self.unreadable(row, error)
        fields = dict(self.fields)
        for _, earlier, _ in reached[: step + 1]:
            fields |= self.stages[earlier][2]
        record = self.mapped(row, fields)
        if isinstance(record, dict):
            event: dict[str, Any] = {"stage": stage, "at": at}
            event |= {name: value for name, value in told.items() if value is not None}
            if note:
                event["note"] = f"{note}{event.get('note', '')}"
            record |= {"stage": stage, "stage_at": at, "updated_at": at}
            record |= {"reported_at": reached[0][0], "events": [event]}
        return record

    def _reached(self, row: int) -> list[tuple[datetime, int, str]]:
        """The stages of a row in order of time: (when, which, what is remarkable about it)."""
        content = self.rows.rows[row]
        found = []
        for number, (stage, at, _, _) in enumerate(self.stages):
            when = None if isinstance(content, Broken) else at(content)
            if when is not None:
                found.append((when, number, ""))
            elif number == 0:
                raise Unreadable(f"stages.{stage}.at", "缺少首个阶段的时间。")
        first = found[0][0]
        for place, (when, number, _) in enumerate(found):
            if when >= first:
                continue
            stage = self.stages[number][0]
            early = (first - when).total_seconds()
            if early > self.part.tolerance_s:
                stated = f"{when:%Y-%m-%dT%H:%M:%SZ}"
                raise Unreadable(
                    f"stages.{stage}.at",
                    f"阶段 {stage} 的时间 {stated} 早于首个阶段 {first:%Y-%m-%dT%H:%M:%SZ}。",
                )
            note = f"来源所记时间早于首个阶段 {early:.0f} 秒，按首个阶段时间计。"
            found[place] = (first, number, note)
        return sorted(found, key=lambda item: item[:2])

    def _first_at(self, row: int) -> datetime | None:
        content = self.rows.rows[row]
        try:
            when: datetime | None = None
            if not isinstance(content, Broken):
                when = self.stages[0][1](content)
        except Unreadable:
            return None
        return when


class Finish:
    """What is done to every record of a part: default points, moving, scaling, the system."""

    def __init__(self, city: CityFile, part: Part) -> None:
        """Work out once what each record needs."""
        self.crs = part.crs
        self.no_place = part.no_place
        self.scale = part.scale
        self.centre = city.centre
        self.move_to = part.move_to

    def __call__(self, record: dict[str, Any]) -> dict[str, Any]:
        """Finish a record in place."""
        for name, factor in self.scale.items():
            value = record.get(name)
            if isinstance(value, int | float):
                record[name] = round(value * factor, 9)
        lon, lat = record.get("lon"), record.get("lat")
        if isinstance(lon, int | float) and isinstance(lat, int | float):
            self._place(record, float(lon), float(lat))
        return record

    def _place(self, record: dict[str, Any], lon: float, lat: float) -> None:
        for x, y in self.no_place:
            if abs(x - lon) < 5e-7 and abs(y - lat) < 5e-7:
                del record["lon"], record["lat"]
                return
        if self.move_to is None:
            if self.crs != "wgs84":
                record.setdefault("crs", self.crs)
            return
        lon, lat = to_wgs84(lon, lat, record.pop("crs", self.crs))
        to_lon, to_lat = self.move_to
        shrink = math.cos(math.radians(self.centre[1])) / math.cos(math.radians(to_lat))
        record["lon"] = round(to_lon + (lon - self.centre[0]) * shrink, 6)
        record["lat"] = round(to_lat + lat - self.centre[1], 6)
