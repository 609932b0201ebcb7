"""Owns the mapping language: from a field's description to a function of a row.

A description is the name of a column (in tables) or a JMESPath expression (in JSON), or a table:

- where the value comes from: ``column``, ``path``, ``const``, ``template`` ("{REASON}/{TYPE}"),
  ``first`` (a list: the first that yields a value), ``list`` (all that yield one), ``object``
- what happens to it, in this order: ``missing`` (a list), ``match`` (its first group), ``split``,
  ``lookup`` (the name of a lookup), ``values`` (a value map; ``otherwise`` = keep | drop | reject),
  ``slug``, ``max_length``, ``number`` (also ``scale``, ``offset``, ``decimals``, ``scale_by`` =
  {by, factors}), ``time`` (true), ``default``
"""

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from string import Formatter
from typing import Any

import jmespath

from data_access.feeds.recording.config import Spec
from data_access.feeds.recording.errors import RecordingError, Unreadable
from data_access.feeds.recording.times import clip

Getter = Callable[[Any], Any]
"""From a row to a value; None where there is none. Raises Unreadable."""

TIMES = frozenset(
    [
        *("reported_at", "stage_at", "updated_at", "due_at", "at", "sent", "effective_at"),
        *("expires_at", "issued_at"),
    ]
)
NUMBERS = frozenset(
    {
        *("lon", "lat", "value", "depth_cm", "position_type", "room_type", "secrecy"),
        *("limit", "extension", "wind_ms", "wind_kt", "pressure_hpa"),
    }
)
TEXTS = frozenset(
    {
        *("id", "name", "kind", "source", "subcategory", "description", "address", "status"),
        *("jurisdiction", "unit", "stage", "station", "factor", "flag", "phone", "place", "state"),
        *("code", "class_code", "class_name", "parent", "level", "datum", "event", "headline"),
    }
)
_SOURCES = ("column", "path", "const", "template", "first", "list", "object")
_STEPS = frozenset(
    {
        *("match", "split", "lookup", "values", "otherwise", "slug", "max_length", "missing"),
        *("number", "scale", "offset", "decimals", "scale_by", "time", "default"),
    }
)


class Compiler:
    """Makes getters for rows of one shape.

    ``columns``: place of each column in a row, None for JSON objects. ``read_time``: as
    ``times.reader`` gives it. ``lookups``: name → key → value.
    """

    def __init__(
        self,
        *,
        file: object,
        columns: Mapping[str, int] | None,
        read_time: Callable[[str, Any], datetime],
        missing: frozenset[str] = frozenset(),
        lookups: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        """Nothing is compiled before it is asked for."""
        self.file = file
        self.columns = columns
        self.read_time = read_time
        self.missing = missing
        self.lookups = lookups or {}

    def field(self, name: str, spec: Spec, where: str) -> Getter:
        """Compile one field; times, numbers and texts are known by the field's name."""
        if name in TIMES:
            return self.time(spec, where, name)
        getter = self.value(spec, where, name)
        if name in NUMBERS:
            return _number_if_text(getter)
        return _text_if_number(getter) if name in TEXTS else getter

    def time(self, spec: Spec, where: str, name: str) -> Getter:
        """Compile a field that holds a time."""
        getter = self.value(spec, where, name)
        read_time = self.read_time

        def read(row: Any) -> Any:
            value = getter(row)
            return None if value is None else read_time(name, value)

        return read

    def value(self, spec: Any, where: str, name: str) -> Getter:
        """Compile any description."""
        if isinstance(spec, str):
            return self._blank(self._named(spec, where))
        if not isinstance(spec, Mapping):
            return _constant(spec)
        for key in spec:
            if key not in _STEPS and key not in _SOURCES:
                known = ", ".join(sorted((*_SOURCES, *_STEPS)))
                raise RecordingError(
                    self.file, f"{where}.{key}", f"is not known; known are {known}"
                )
        sources = [key for key in _SOURCES if key in spec]
        if len(sources) != 1:
            raise RecordingError(self.file, where, f"needs exactly one of {', '.join(_SOURCES)}")
        getter = self._source(sources[0], spec[sources[0]], where, name)
        for step in self._steps(spec, where, name):
            getter = _then(getter, step)
        if "default" in spec:
            getter = _default(getter, spec["default"])
        return getter

    # ── where a value comes from ─────────────────────────────────────────────────────────────

    def _source(self, source: str, spec: Any, where: str, name: str) -> Getter:
        plain = {"const": self._const, "column": self._column, "path": self._path}
        if source in plain:
            return self._blank(plain[source](spec, where))
        if source == "template":
            return self._template(spec, where)
        if source == "object":
            made = {key: self.value(item, f"{where}.{key}", key) for key, item in spec.items()}
            made = {key: _number_if_text(getter) for key, getter in made.items()}
            return lambda row: _filled({key: getter(row) for key, getter in made.items()})
        getters = [self.value(item, f"{where}[{n}]", name) for n, item in enumerate(spec)]
        if source == "list":
            return lambda row: (
                [value for getter in getters if (value := getter(row)) is not None] or None
            )
        return _first(getters)

    def _const(self, spec: Any, _where: str) -> Getter:
        return _constant(spec)

    def _named(self, spec: str, where: str) -> Getter:
        return self._path(spec, where) if self.columns is None else self._column(spec, where)

    def _column(self, name: str, where: str) -> Getter:
        if self.columns is None:
            return lambda row: row.get(name) if isinstance(row, dict) else None
        place = self.columns.get(name)
        if place is None:
            raise RecordingError(self.file, where, f"there is no column {name!r}")
        return lambda row: row[place]

    def _path(self, spec: str, where: str) -> Getter:
        if self.columns is not None:
            raise RecordingError(self.file, where, "JMESPath is for JSON; name a column here")
        try:
            search = jmespath.compile(spec).search
        except jmespath.exceptions.ParseError as error:
            raise RecordingError(self.file, where, f"is not JMESPath: {error}") from error

        def find(row: Any) -> Any:
            try:
                return search(row)
            except jmespath.exceptions.JMESPathError:
                return None

        return find

    def _template(self, spec: str, where: str) -> Getter:
        pieces: list[tuple[str, Getter | None]] = []
        for text, column, _, _ in Formatter().parse(spec):
            named = None if column is None else self._blank(self._named(column, where))
            pieces.append((text, named))

        def fill(row: Any) -> str | None:
            values = [(text, getter(row) if getter else "") for text, getter in pieces]
            if all(value is None for _, value in values):
                return None
            return "".join(text + ("" if value is None else _text(value)) for text, value in values)

        return fill

    def _blank(self, getter: Getter) -> Getter:
        """Turn blanks, not-a-numbers and what the part calls missing into None."""
        missing = self.missing

        def read(row: Any) -> Any:
            value = getter(row)
            if isinstance(value, str):
                value = value.strip()
                return None if not value or value in missing else value
            if isinstance(value, float) and math.isnan(value):
                return None
            return value

        return read

    # ── what happens to it ───────────────────────────────────────────────────────────────────

    def _steps(self, spec: Mapping[str, Any], where: str, name: str) -> list[Callable[..., Any]]:
        steps: list[Callable[[Any, Any], Any]] = []
        if "missing" in spec:
            gone = set(spec["missing"])
            steps.append(lambda value, _: None if value in gone else value)
        if "match" in spec:
            steps.append(_match(spec["match"], self.file, where))
        if "split" in spec:
            sign = spec["split"]
            steps.append(lambda value, _: [part for part in _text(value).split(sign) if part])
        if "lookup" in spec:
            table = self.lookups.get(spec["lookup"])
            if table is None:
                raise RecordingError(self.file, f"{where}.lookup", "there is no such lookup")
            steps.append(lambda value, _: table.get(_text(value)))
        if "values" in spec:
            steps.append(_values(spec["values"], spec.get("otherwise", "keep"), name))
        steps += _text_steps(spec)
        if any(key in spec for key in ("number", "scale", "offset", "decimals", "scale_by")):
            steps.append(self._number(spec, where))
        if spec.get("time"):
            steps.append(lambda value, _: self.read_time(name, value))
        return steps

    def _number(self, spec: Mapping[str, Any], where: str) -> Callable[[Any, Any], Any]:
        """A number, scaled; a text that is none stays as it came, for validation to refuse."""
        scale, offset = float(spec.get("scale", 1)), float(spec.get("offset", 0))
        decimals = spec.get("decimals")
        by: Getter = _constant(None)
        factors: Mapping[str, float] = {}
        if "scale_by" in spec:
            by = self.value(spec["scale_by"]["by"], f"{where}.scale_by.by", "scale_by")
            factors = spec["scale_by"]["factors"]

        def convert(value: Any, row: Any) -> Any:
            number = as_number(value)
            if not isinstance(number, int | float):
                return number
            factor = scale * factors.get(_text(by(row)), 1.0)
            if factor != 1.0 or offset:
                number = round(number * factor + offset, 9)
            return number if decimals is None else round(number, decimals)

        return convert


def columns_named(specs: Iterable[Any]) -> list[str]:
    """Give every column that descriptions of a table name, once each."""
    names: dict[str, None] = {}
    todo = list(specs)
    while todo:
        spec = todo.pop()
        if isinstance(spec, str):
            names[spec] = None
        elif isinstance(spec, Mapping):
            names |= dict.fromkeys(_own_columns(spec))
            todo += [*spec.get("first", ()), *spec.get("list", ())]
            todo += [*spec.get("object", {}).values(), spec.get("scale_by", {}).get("by")]
    return list(names)


def _own_columns(spec: Mapping[str, Any]) -> list[str]:
    named = [spec["column"]] if "column" in spec else []
    pieces = Formatter().parse(spec.get("template", ""))
    return named + [column for _, column, _, _ in pieces if column]


def as_number(value: Any) -> Any:
    """Read a number from a text; what is none comes back as it was."""
    if not isinstance(value, str):
        return value
    try:
        number = float(value)
    except ValueError:
        return value
    if not math.isfinite(number):
        return value
    return int(number) if number.is_integer() and value.lstrip("+-").isdigit() else number


def slug(text: str) -> str:
    """Make a readable code: lower case, words joined by hyphens."""
    return re.sub(r"[^\w]+", "-", text.lower()).strip("-")


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _text_steps(spec: Mapping[str, Any]) -> list[Callable[[Any, Any], Any]]:
    steps: list[Callable[[Any, Any], Any]] = []
    if spec.get("slug"):
        steps.append(lambda value, _: slug(_text(value)))
    if "max_length" in spec:
        longest = int(spec["max_length"])
        steps.append(lambda value, _: _cut(_text(value), longest))
    return steps


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _constant(value: Any) -> Getter:
    return lambda _: value


def _number_if_text(getter: Getter) -> Getter:
    return lambda row: as_number(getter(row))


def _text_if_number(getter: Getter) -> Getter:
    """Excel and JSON hold codes as numbers; a code is a text."""

    def read(row: Any) -> Any:
        value = getter(row)
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return _text(value) if is_number else value

    return read


def _then(getter: Getter, step: Callable[[Any, Any], Any]) -> Getter:
    def run(row: Any) -> Any:
        value = getter(row)
        return None if value is None else step(value, row)

    return run


def _default(getter: Getter, default: Any) -> Getter:
    def run(row: Any) -> Any:
        value = getter(row)
        return default if value is None else value

    return run


def _first(getters: Sequence[Getter]) -> Getter:
    """The first that yields a value; one that cannot be read counts as none but at the end."""

    def run(row: Any) -> Any:
        trouble: Unreadable | None = None
        for getter in getters:
            try:
                value = getter(row)
            except Unreadable as error:
                trouble = error
                continue
            if value is not None:
                return value
        if trouble is not None:
            raise trouble
        return None

    return run


def _filled(made: dict[str, Any]) -> dict[str, Any] | None:
    kept = {key: value for key, value in made.items() if value is not None}
    return kept or None


def _match(pattern: str, file: object, where: str) -> Callable[[Any, Any], Any]:
    try:
        found = re.compile(pattern)
    except re.error as error:
        raise RecordingError(file, f"{where}.match", f"is not a pattern: {error}") from error

    def run(value: Any, _: Any) -> Any:
        hit = found.search(_text(value))
        return None if hit is None else hit.group(1 if found.groups else 0)

    return run


def _values(table: Mapping[str, Any], otherwise: str, name: str) -> Callable[[Any, Any], Any]:
    def run(value: Any, _: Any) -> Any:
        if isinstance(value, list):
            return [item for one in value if (item := run(one, None)) is not None]
        text = _text(value)
        if text in table:
            return table[text]
        if otherwise == "drop":
            return None
        if otherwise == "reject":
            raise Unreadable(name, f"“{clip(text)}”不在对照表中。")
        return value

    return run
