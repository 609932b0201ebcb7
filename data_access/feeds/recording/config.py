"""Owns ``city.toml``: reads it, refuses what it does not know, and names file, key and reason."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

from dashboard.domain.coordinates import CRS, BBox
from dashboard.domain.matters import MatterError
from dashboard.domain.matters import read as read_matters
from data_access.feeds.recording.errors import RecordingError

FILE = "city.toml"
LISTS = ("jurisdictions", "units", "categories", "deadlines")
RECORDS = ("stations", "cameras", "places", "responders", "cases", "readings", "warnings")
"""Parts that become records, in the order in which those of one moment are told."""

Kind = Literal["list", "events", "snapshots", "final"]
Spec = str | Mapping[str, Any]

_CITY_KEYS = frozenset(
    {
        *("id", "name", "name_en", "time_zone", "centre", "crs", "source", "bounds"),
        *("start", "end", "unknown", "notes", "lookups", "matters"),
    }
)
_FILE_KEYS = frozenset({"files", "rows", "format", "encoding", "sheet", "records", "missing"})
_PART_KEYS = _FILE_KEYS | {
    *("kind", "map", "known_at", "stages", "tolerance_s", "taken_at", "vanished", "only_with"),
    *("no_place", "shift_to", "move_to", "scale", "crs", "distinct"),
    *("time_format", "time_zone", "ambiguous", "nonexistent"),
}
_STAGE_KEYS = frozenset({"stage", "at", "note", "by", "map"})
_LOOKUP_KEYS = _FILE_KEYS | {"key", "value"}


@dataclass(frozen=True, slots=True)
class Files:
    """Where rows come from and how they are read; ``rows`` stand in the description itself."""

    patterns: tuple[str, ...] = ()
    rows: tuple[Mapping[str, Any], ...] = ()
    format: str | None = None
    encoding: str | None = None
    sheet: str | int = 0
    records: str | None = None
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TimeRule:
    """How local times are read.

    ``ambiguous``: the hour that a change to winter time repeats is taken as its first or second
    passage, or rejected; ``nonexistent``: the hour that a change to summer time leaves out is
    rejected, or shifted on by it.
    """

    zone: ZoneInfo
    formats: tuple[str, ...] = ("iso",)
    ambiguous: Literal["first", "second", "reject"] = "first"
    nonexistent: Literal["reject", "shift"] = "reject"


@dataclass(frozen=True, slots=True)
class StageColumn:
    """One stage of a final record: when it was reached, and what is known only from then on."""

    stage: str
    at: Spec
    note: Spec | None = None
    by: Spec | None = None
    map: Mapping[str, Spec] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a recording: its files, its mapping, and how its rows become events.

    ``name``: what it tells of; ``key``: where it stands in the description, as there may be several
    of one name.
    """

    name: str
    key: str
    kind: Kind
    files: Files
    map: Mapping[str, Spec]
    times: TimeRule
    crs: str
    known_at: Spec | None = None
    stages: tuple[StageColumn, ...] = ()
    tolerance_s: float = 0.0
    taken_at: Spec | None = None
    vanished: Mapping[str, Spec] = field(default_factory=dict)
    no_place: tuple[tuple[float, float], ...] = ()
    shift_to: datetime | None = None
    move_to: tuple[float, float] | None = None
    scale: Mapping[str, float] = field(default_factory=dict)
    distinct: bool = False
    only_with: tuple[Spec, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """A small table that mappings ask: key → value, the first row of a key counting."""

    files: Files
    key: Spec
    value: Spec
    times: TimeRule


@dataclass(frozen=True, slots=True)
class CityFile:
    """A whole description, as written."""

    path: Path
    id: str
    name: str
    name_en: str | None
    zone: ZoneInfo
    centre: tuple[float, float]
    source: str | None
    unknown: Literal["learn", "reject"]
    notes: tuple[str, ...]
    bounds: BBox | None
    start: datetime | None
    end: datetime | None
    parts: tuple[Part, ...]
    lookups: Mapping[str, Lookup]
    matters: tuple[Mapping[str, Any], ...] = ()


def read_city(path: Path) -> CityFile:
    """Read the description at ``path``, a file or a folder that holds ``city.toml``.

    Raises RecordingError naming file, key and reason.
    """
    file = path / FILE if path.is_dir() else path
    if not file.is_file():
        raise RecordingError(file, "", "no such file: give a city.toml, or a folder that holds one")
    try:
        raw = tomllib.loads(file.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RecordingError(file, "", f"is not TOML: {error}") from error
    return _Reader(file, raw).city()


class _Reader:
    """Takes one description apart; every refusal names the key."""

    def __init__(self, file: Path, raw: Mapping[str, Any]) -> None:
        self.file = file
        self.raw = raw

    def fail(self, key: str, reason: str) -> RecordingError:
        return RecordingError(self.file, key, reason)

    def city(self) -> CityFile:
        raw = self.raw
        self.known(raw, _CITY_KEYS | set(LISTS) | set(RECORDS), "")
        zone = self.zone(self.needed(raw, "time_zone", str), "time_zone")
        rule = TimeRule(zone)
        crs = self.crs(raw, "crs")
        parts = tuple(
            self.part(name, key, given, rule, crs)
            for name in (*LISTS, *RECORDS)
            for key, given in _each(name, raw.get(name))
        )
        if not any(part.name in RECORDS for part in parts):
            raise self.fail("", f"has none of the parts {', '.join(RECORDS)}")
        box = raw.get("bounds")
        return CityFile(
            path=self.file,
            id=self.word(raw.get("id", self.file.parent.name), "id"),
            name=self.needed(raw, "name", str),
            name_en=raw.get("name_en"),
            zone=zone,
            centre=self.point(raw.get("centre"), "centre"),
            source=raw.get("source"),
            unknown=self.choice(raw, "unknown", ("learn", "reject"), "learn"),
            notes=tuple(self.texts(raw.get("notes", []), "notes")),
            bounds=None if box is None else BBox(*self.numbers(box, 4, "bounds")),
            start=self.moment(raw.get("start"), "start", zone),
            end=self.moment(raw.get("end"), "end", zone),
            parts=parts,
            lookups={
                name: self.lookup(name, value, rule)
                for name, value in self.table(raw.get("lookups", {}), "lookups").items()
            },
            matters=self.matters(raw.get("matters", [])),
        )

    def part(self, name: str, key: str, raw: Any, rule: TimeRule, crs: str) -> Part:
        raw = self.table(raw, key)
        self.known(raw, _PART_KEYS, key)
        is_list = name in LISTS
        kinds = ("list",) if is_list else ("events", "snapshots", "final")
        kind = self.choice(raw, "kind", kinds, kinds[0], key)
        mapping = self.table(raw.get("map", {}), f"{key}.map")
        if not mapping and "rows" not in raw:
            raise self.fail(f"{key}.map", "is missing: say which column each field comes from")
        stages = tuple(
            self.stage(stage, f"{key}.stages[{n}]") for n, stage in enumerate(raw.get("stages", []))
        )
        if (kind == "final") != bool(stages):
            raise self.fail(f"{key}.stages", 'belongs to kind = "final", and is needed there')
        if kind == "final" and name != "cases":
            raise self.fail(f"{key}.kind", '"final" is for cases')
        if kind == "snapshots" and "taken_at" not in raw:
            raise self.fail(f"{key}.taken_at", "is missing: say when each snapshot was taken")
        zone = self.zone(raw["time_zone"], f"{key}.time_zone") if "time_zone" in raw else rule.zone
        move_to = raw.get("move_to")
        return Part(
            name=name,
            key=key,
            kind=kind,
            files=self.files(raw, key),
            map=mapping,
            times=self.times(raw, zone, key),
            crs=self.crs(raw, f"{key}.crs", crs),
            known_at=raw.get("known_at"),
            stages=stages,
            tolerance_s=float(raw.get("tolerance_s", 0)),
            taken_at=raw.get("taken_at"),
            vanished=self.table(raw.get("vanished", {}), f"{key}.vanished"),
            no_place=tuple(
                self.point(item, f"{key}.no_place[{n}]")
                for n, item in enumerate(raw.get("no_place", []))
            ),
            shift_to=self.moment(raw.get("shift_to"), f"{key}.shift_to", zone),
            move_to=None if move_to is None else self.point(move_to, f"{key}.move_to"),
            scale=self.scale(raw.get("scale", {}), f"{key}.scale"),
            distinct=bool(raw.get("distinct", False)),
            only_with=tuple(raw.get("only_with", ())),
        )

    def matters(self, raw: Any) -> tuple[Mapping[str, Any], ...]:
        try:
            read_matters(raw)
        except MatterError as error:
            raise self.fail("matters", str(error)) from error
        return tuple(raw)

    def lookup(self, name: str, raw: Any, rule: TimeRule) -> Lookup:
        where = f"lookups.{name}"
        raw = self.table(raw, where)
        self.known(raw, _LOOKUP_KEYS, where)
        for key in ("key", "value"):
            if key not in raw:
                raise self.fail(f"{where}.{key}", "is missing")
        return Lookup(self.files(raw, where), raw["key"], raw["value"], rule)

    def files(self, raw: Mapping[str, Any], where: str) -> Files:
        rows = raw.get("rows", [])
        patterns = raw.get("files", [])
        patterns = self.texts(
            [patterns] if isinstance(patterns, str) else patterns, f"{where}.files"
        )
        if bool(patterns) == bool(rows):
            raise self.fail(f"{where}.files", "is missing: give files, or rows (not both)")
        return Files(
            patterns=tuple(patterns),
            rows=tuple(self.table(row, f"{where}.rows[{n}]") for n, row in enumerate(rows)),
            format=raw.get("format"),
            encoding=raw.get("encoding"),
            sheet=raw.get("sheet", 0),
            records=raw.get("records"),
            missing=frozenset(self.texts(raw.get("missing", []), f"{where}.missing")),
        )

    def times(self, raw: Mapping[str, Any], zone: ZoneInfo, where: str) -> TimeRule:
        formats = raw.get("time_format", "iso")
        formats = [formats] if isinstance(formats, str) else formats
        return TimeRule(
            zone=zone,
            formats=tuple(self.texts(formats, f"{where}.time_format")),
            ambiguous=self.choice(raw, "ambiguous", ("first", "second", "reject"), "first", where),
            nonexistent=self.choice(raw, "nonexistent", ("reject", "shift"), "reject", where),
        )

    def stage(self, raw: Any, where: str) -> StageColumn:
        raw = self.table(raw, where)
        self.known(raw, _STAGE_KEYS, where)
        for key in ("stage", "at"):
            if key not in raw:
                raise self.fail(f"{where}.{key}", "is missing")
        mapping = self.table(raw.get("map", {}), f"{where}.map")
        return StageColumn(raw["stage"], raw["at"], raw.get("note"), raw.get("by"), mapping)

    # ── single values ────────────────────────────────────────────────────────────────────────

    def known(self, raw: Mapping[str, Any], keys: frozenset[str] | set[str], where: str) -> None:
        for key in raw:
            if key not in keys:
                full = f"{where}.{key}" if where else key
                raise self.fail(full, f"is not known here; known are {', '.join(sorted(keys))}")

    def needed(self, raw: Mapping[str, Any], key: str, kind: type[str]) -> str:
        value = raw.get(key)
        if not isinstance(value, kind) or not value:
            raise self.fail(key, "is missing" if value is None else "must be a text")
        return value

    def word(self, value: Any, key: str) -> str:
        if not isinstance(value, str) or not value or "/" in value:
            raise self.fail(key, "must be a short text without a slash")
        return value

    def table(self, value: Any, key: str) -> Mapping[str, Any]:
        if not isinstance(value, Mapping):
            raise self.fail(key, "must be a table")
        return value

    def texts(self, value: Any, key: str) -> list[str]:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fail(key, "must be a list of texts")
        return value

    def numbers(self, value: Any, count: int, key: str) -> list[float]:
        good = isinstance(value, list) and len(value) == count
        if not good or not all(isinstance(item, int | float) for item in value):
            raise self.fail(key, f"must be a list of {count} numbers")
        return [float(item) for item in value]

    def point(self, value: Any, key: str) -> tuple[float, float]:
        if value is None:
            raise self.fail(key, "is missing: give [longitude, latitude]")
        lon, lat = self.numbers(value, 2, key)
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            raise self.fail(key, "is not on the earth: give [longitude, latitude]")
        return lon, lat

    def scale(self, value: Any, key: str) -> dict[str, float]:
        table = self.table(value, key)
        if not all(isinstance(factor, int | float) for factor in table.values()):
            raise self.fail(key, "must give a number for each field")
        return {name: float(factor) for name, factor in table.items()}

    def choice(
        self,
        raw: Mapping[str, Any],
        key: str,
        allowed: tuple[str, ...],
        default: str,
        where: str = "",
    ) -> Any:
        value = raw.get(key, default)
        if value not in allowed:
            full = f"{where}.{key}" if where else key
            raise self.fail(full, f"is {value!r}; it must be one of {', '.join(allowed)}")
        return value

    def crs(self, raw: Mapping[str, Any], key: str, default: str = "wgs84") -> str:
        value = str(raw.get("crs", default)).lower()
        if value not in CRS:
            raise self.fail(key, f"is {value!r}; it must be one of {', '.join(CRS)}")
        return value

    def zone(self, value: Any, key: str) -> ZoneInfo:
        try:
            return ZoneInfo(value)
        except (KeyError, ValueError, TypeError, OSError) as error:
            raise self.fail(key, f"{value!r} is not the name of a time zone") from error

    def moment(self, value: Any, key: str, zone: ZoneInfo) -> datetime | None:
        if value is None:
            return None
        if isinstance(value, str):
            try:
                value = datetime.fromisoformat(value)
            except ValueError as error:
                raise self.fail(key, "is not an ISO 8601 time") from error
        elif isinstance(value, date) and not isinstance(value, datetime):
            value = datetime(value.year, value.month, value.day)  # noqa: DTZ001  zone follows
        if not isinstance(value, datetime):
            raise self.fail(key, "is not an ISO 8601 time")
        return value if value.tzinfo else value.replace(tzinfo=zone)


def _each(name: str, given: Any) -> list[tuple[str, Any]]:
    """Give a part, or each of several of one name, with the key under which it stands."""
    if given is None:
        return []
    if isinstance(given, list):
        return [(f"{name}[{number}]", one) for number, one in enumerate(given)]
    return [(name, given)]
