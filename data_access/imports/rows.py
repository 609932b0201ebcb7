"""Owns how a file given to ``pingji import`` becomes records: its rows, its columns, its types."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.domain import bases, plans
from dashboard.domain.events import things
from dashboard.domain.records import typhoon
from data_access.feeds.recording.config import CityFile, Files, Part, Spec, TimeRule
from data_access.feeds.recording.errors import RecordingError
from data_access.feeds.recording.mapping import NUMBERS, TIMES, columns_named
from data_access.feeds.recording.parts import PartRows
from data_access.feeds.recording.sources import Broken, Rows, columns_of, format_of, read
from data_access.imports import typhoon_forms

FIELDS: Mapping[str, tuple[str, ...]] = {
    "cases": (
        *("id", "kind", "source", "reported_at", "updated_at", "subcategory", "description"),
        *("address", "lon", "lat", "crs", "jurisdiction", "unit", "stage", "stage_at", "marks"),
        *("due_at", "urgency", "condition", "photos", "events"),
    ),
    "stations": (
        *("id", "kind", "name", "lon", "lat", "crs", "datum", "thresholds", "river", "basin"),
        "jurisdiction",
        "updated_at",
    ),
    "cameras": (
        *("id", "name", "lon", "lat", "crs", "source", "status", "updated_at", "wall_allowed"),
        *("position_type", "room_type", "secrecy", "streams", "jurisdiction"),
    ),
    "places": (
        *("id", "kind", "name", "lon", "lat", "crs", "state", "depth_cm", "at", "cameras"),
        *("supplies", "jurisdiction"),
    ),
    "units": ("id", "name", "level", "jurisdiction", "phone"),
    "jurisdictions": (
        *("id", "name", "name_en", "parent", "level", "command_model", "polygon", "lon", "lat"),
        *("timing_zone", "crs"),
    ),
    "categories": (
        *("kind", "code", "name", "name_en", "class_code", "class_name", "class_name_en"),
        "source",
    ),
    "deadlines": (
        *("id", "clock", "kind", "subcategory", "condition", "zone", "mode", "limit", "unit"),
        *("extension", "opens", "closes", "days", "source"),
    ),
    "holidays": ("day", "work", "name", "source"),
    "indicators": (
        *("indicator", "period", "value", "basis", "jurisdiction", "by", "of", "source", "note"),
    ),
    "bases": bases.FIELDS,
    "duty": (
        *("date", "shift", "post", "jurisdiction", "name", "phone", "account", "deputy"),
        *("deputy_phone", "deputy_account", "starts", "ends"),
    ),
    "shifts": ("id", "name", "name_en", "starts", "ends"),
    "posts": ("id", "name", "name_en", "level"),
    "ladders": (
        *("id", "name", "name_en", "wake_after_s", "answer_within_s", "remind_every_s"),
        *("reminders", "steps"),
    ),
    "plans": plans.FIELDS,
    "typhoons": typhoon.FIELDS,
    "hazards": ("what", "unit", "zone", "lon", "lat", "crs", "due_at", "state", "note"),
    "event": (*things.FIELDS, "geometry", "lon", "lat", "crs"),
}
"""What each kind takes; a column of the same name is taken without being asked for."""

KEYS = {
    "categories": "code",
    "duty": "date",
    "hazards": "what",
    "holidays": "day",
    "indicators": "indicator",
}
_LISTS = frozenset({"marks", "photos", "events", "cameras", "supplies", "streams", "left_out"})
_STRUCTURED = _LISTS | {"thresholds", "polygon"}
_TRUTHS = {"true": True, "1": True, "yes": True, "是": True}
_TRUTHS |= {"false": False, "0": False, "no": False, "否": False}
_NUMBERS = NUMBERS | {"urgency"}


class ImportRows:
    """The records of one file. Raises RecordingError for a file that cannot be used."""

    def __init__(
        self,
        kind: str,
        path: Path,
        *,
        given: Mapping[str, Spec],
        crs: str,
        zone: ZoneInfo,
        encoding: str | None,
        form: str | None = None,
    ) -> None:
        """Read the file and compile the mapping: what was ``given``, then columns by name."""
        unknown = [name for name in given if name not in FIELDS[kind]]
        if unknown:
            raise RecordingError(
                "--map", "", f"{kind} have no field {unknown[0]!r}; they have {_all(FIELDS[kind])}"
            )
        files = Files(patterns=(str(path),), encoding=encoding, format=form)
        if kind == "typhoons" and format_of(path, files) == "json":
            files = replace(files, records=typhoon_forms.RECORDS)
        try:
            header = columns_of(path, files)
        except (OSError, EOFError, ValueError, KeyError, ImportError) as error:
            raise RecordingError(path, "", f"cannot be read: {error}") from error
        mapping: dict[str, Spec] = dict(given)
        if header is not None:
            names = [name.strip() for name in header]
            form_of = typhoon_forms.of_columns(names) if kind == "typhoons" else {}
            mapping = {**form_of, **given}
            if not form_of:
                mapping |= _by_name(names, [name for name in FIELDS[kind] if name not in given])
            key = KEYS.get(kind, "id")
            if key not in mapping:
                raise RecordingError(
                    path,
                    "",
                    f"no column is named {key!r}; there are {_all(names)}; "
                    f"say which it is with --map {key}=COLUMN",
                )
        rows = read([path], files, columns_named(mapping.values()), path, "--map")
        if header is None:
            flat = [each for row in rows.rows for each in typhoon_forms.flat(_flat(row), kind)]
            rows = Rows(None, flat, rows.origins)
            mapping |= {name: {"column": name} for name in FIELDS[kind] if name not in given}
        self._file = path
        self._tabular = header is not None
        part = Part(
            name=kind,
            key=kind,
            kind="events",
            files=files,
            map=mapping,
            times=TimeRule(zone),
            crs=crs,
        )
        self._parts = PartRows(_city(path, zone), part, rows, {})

    def __len__(self) -> int:
        """Say how many rows the file has."""
        return len(self._parts.rows.rows)

    def __iter__(self) -> Iterator[Any]:
        """Give each row as ingest takes it: a record, or an Undecodable."""
        for row in range(len(self)):
            record = self._parts.make(row, 0)
            yield self._typed(record) if isinstance(record, dict) else record

    def _typed(self, record: dict[str, Any]) -> dict[str, Any]:
        for name, value in record.items():
            if isinstance(value, str):
                record[name] = _TYPES.get(name, _same)(value)
            elif (
                self._tabular
                and name not in TIMES | _NUMBERS | _STRUCTURED
                and not isinstance(value, bool)
                and isinstance(value, int | float)
            ):  # spreadsheets keep codes as numbers
                whole = isinstance(value, float) and value.is_integer()
                record[name] = str(int(value) if whole else value)
        return record


def parse_map(pairs: tuple[str, ...]) -> dict[str, Spec]:
    """Read ``field=column`` pairs; after the sign also a description as city.toml has it, in JSON.

    Raises ValueError for one that is no such pair.
    """
    found: dict[str, Spec] = {}
    for pair in pairs:
        name, sign, spec = pair.partition("=")
        if not sign or not name.strip() or not spec.strip():
            raise ValueError(f"{pair!r} is not FIELD=COLUMN")
        found[name.strip()] = json.loads(spec) if spec.lstrip().startswith("{") else spec.strip()
    return found


def _by_name(columns: list[str], fields: list[str]) -> dict[str, Spec]:
    """Map fields to the columns that are called like them; capitals do not matter."""
    found = {name.lower(): name for name in reversed(columns)}
    return {name: found[name] for name in fields if name in found}


def _flat(row: Any) -> Any:
    """Give a GeoJSON feature as a plain object; its position and shape beside its properties."""
    if isinstance(row, Broken) or not isinstance(row, dict) or row.get("type") != "Feature":
        return row
    properties, geometry = row.get("properties") or {}, row.get("geometry") or {}
    flat = {**row, **(properties if isinstance(properties, dict) else {})}
    if flat.get("id") is None and row.get("id") is not None:
        flat["id"] = row["id"]
    if isinstance(geometry, dict) and geometry.get("type") == "Point":
        place = geometry.get("coordinates")
        if isinstance(place, list) and len(place) >= 2:
            flat["lon"], flat["lat"] = place[0], place[1]
    elif geometry:
        flat["polygon"] = geometry
    return flat


def _same(value: str) -> Any:
    return value


def _json(value: str) -> Any:
    """Read a cell that holds JSON; what is none stays a text, for validation to refuse."""
    try:
        return json.loads(value)
    except (ValueError, RecursionError):
        return value


def _list(value: str) -> Any:
    """Read a cell that holds a list: JSON, or texts between semicolons."""
    if value.startswith(("[", "{")):
        return _json(value)
    return [part.strip() for part in value.replace("；", ";").split(";") if part.strip()]


def _number(value: str) -> Any:
    try:
        number = float(value)
    except ValueError:
        return value
    return int(number) if number.is_integer() else number


def _truth(value: str) -> Any:
    return _TRUTHS.get(value.lower(), value)


_TYPES: Mapping[str, Callable[[str], Any]] = {
    **dict.fromkeys(_LISTS, _list),
    **dict.fromkeys(_NUMBERS, _number),
    "thresholds": _json,
    "wall_allowed": _truth,
    "imported": _truth,
}


def _all(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(names[:40])


def _city(path: Path, zone: ZoneInfo) -> CityFile:
    return CityFile(
        path=path,
        id="import",
        name="import",
        name_en=None,
        zone=zone,
        centre=(0.0, 0.0),
        source=None,
        unknown="reject",
        notes=(),
        bounds=None,
        start=None,
        end=None,
        parts=(),
        lookups={},
    )
