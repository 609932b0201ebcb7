"""Owns how a city's lists are imported: units, jurisdictions, categories; each row judged alone."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from dashboard.domain.cases import KINDS as CASE_KINDS
from dashboard.domain.coordinates import CRS
from dashboard.domain.jurisdictions import (
    COMMAND_MODELS,
    LEVELS,
    SEPARATOR,
    Level,
    level_of_code,
)
from dashboard.domain.records import Reject, Undecodable, checks
from data_access.bulk import insert_rows
from data_access.changes import Writer
from data_access.feeds.lists import write_city, write_jurisdictions, write_units
from data_access.geography import SHAPES
from data_access.imports import shapes
from data_access.imports.rescope import rename, rescope
from data_access.queries.scopes import NO_CITY, city_scope
from data_access.tables import category, city, jurisdiction, unit

UNIT_LEVELS = ("city", "district", "subdistrict", "community", "company")
BASE_MAPS = {"330100": "hangzhou"}
"""Cities whose district shapes come with Pingji, by their code."""

_CODE = re.compile("[0-9]{4,8}")
_ORDER = list(Level)


@dataclass(slots=True)
class ListReport:
    """What became of the rows of a list, by their index in the file."""

    accepted: int = 0
    unchanged: int = 0
    rejected: list[Reject] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a list is taken: the city's now, the file's system, and the zone of a new city."""

    now: datetime
    crs: str
    zone: str
    learn: bool = False


class _Rows:
    """Rows under judgement: those that are refused are gone from ``good``."""

    def __init__(self, records: Sequence[Any], key: Callable[[dict[str, Any]], Any]) -> None:
        self.key = key
        self.report = ListReport()
        self.good: dict[int, dict[str, Any]] = {}
        for index, record in enumerate(records):
            if isinstance(record, Undecodable):
                self.report.rejected.append(Reject(index, record.id, record.field, record.reason))
            else:
                self.good[index] = record

    def judge(self, check: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
        """Replace each row by what ``check`` makes of it, or refuse it."""
        for index, row in list(self.good.items()):
            try:
                self.good[index] = check(row)
            except checks.Bad as bad:
                self.refuse(index, bad.field, bad.reason)

    def once(self, name: str) -> None:
        """Refuse a row whose key stands on an earlier one with other content."""
        first: dict[Any, int] = {}
        for index, row in list(self.good.items()):
            key = self.key(row)
            before = first.setdefault(key, index)
            if before == index:
                continue
            if self.good[before] == row:
                del self.good[index]
                self.report.unchanged += 1
            else:
                self.refuse(index, name, f"与第 {before + 1} 行重复，而内容不同。")

    def refuse(self, index: int, where: str, reason: str) -> None:
        """Turn a row away."""
        row = self.good.pop(index)
        name = row.get("id", row.get("code"))
        shown = None if name is None else checks.shown(name)
        self.report.rejected.append(Reject(index, shown, where, reason))

    def new(self, existing: Mapping[Any, Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Count what stands already as it is told, and give the other rows."""
        made = []
        for row in self.good.values():
            old = existing.get(self.key(row))
            if old is not None and all(old[name] == value for name, value in row.items()):
                self.report.unchanged += 1
            else:
                self.report.accepted += 1
                made.append(row)
        return made

    def done(self) -> ListReport:
        """Give the report, its rejects in the order of the file."""
        self.report.rejected.sort(key=lambda reject: reject.index)
        return self.report


def import_units(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take responsible units; one that names a jurisdiction which nobody knows is refused."""
    del options
    places = set(writer.conn.execute(select(jurisdiction.c.id)).scalars())
    rows = _Rows(records, lambda row: row["id"])

    def check(raw: dict[str, Any]) -> dict[str, Any]:
        where = checks.code(raw, "jurisdiction")
        if where is not None and where not in places:
            raise checks.Bad("jurisdiction", f"辖区未知：“{checks.shown(where)}”。")
        return {
            "id": checks.needed_code(raw, "id"),
            "name": _name(raw, "name"),
            "level": _word(raw, "level", {name: name for name in UNIT_LEVELS}),
            "jurisdiction": where,
            "phone": checks.text(raw, "phone", 64),
            "verified": True,
        }

    rows.judge(check)
    rows.once("id")
    write_units(writer, rows.new(_existing(writer.conn, unit)), root=city_scope(writer.conn))
    return rows.done()


def import_categories(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take a whole list of categories as a new version; the same list again changes nothing."""
    rows = _Rows(records, lambda row: (row["kind"], row["code"]))
    kinds = {kind: kind for kind in CASE_KINDS} | {"部件": "component", "事件": "event"}

    def check(raw: dict[str, Any]) -> dict[str, Any]:
        code = checks.needed_code(raw, "code", checks.MAX_CODE)
        if not options.learn and _CODE.fullmatch(code) is None:
            raise checks.Bad("code", f"应为 4–8 位数字（大类+小类），收到“{checks.shown(code)}”。")
        class_code = checks.code(raw, "class_code", checks.MAX_CODE) or code[:2]
        return {
            "kind": _word(raw, "kind", kinds) or checks.missing("kind"),
            "code": code,
            "class_code": class_code,
            "class_name": checks.text(raw, "class_name", checks.MAX_NAME) or class_code,
            "name": _name(raw, "name"),
            "name_en": checks.text(raw, "name_en", checks.MAX_NAME) or None,
            "verified": True,
            "source": checks.text(raw, "source", checks.MAX_NAME) or None,
        }

    rows.judge(check)
    rows.once("code")
    version = writer.conn.execute(select(func.max(category.c.list_version))).scalar() or 0
    query = select(category).where(category.c.list_version == version)
    found = [dict(row._mapping) for row in writer.conn.execute(query)]
    existing = {(row["kind"], row["code"]): row for row in found}
    if rows.new(existing) or (rows.good and len(rows.good) != len(existing)):
        whole = [{"list_version": version + 1, **row} for row in rows.good.values()]
        insert_rows(writer.conn, category, whole)
    return rows.done()


def import_jurisdictions(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take jurisdictions of the five levels; a store without a city gets it from the file.

    One whose parent is another than before moves with everything that lies in it.
    """
    rows = _Rows(records, lambda row: row["id"])
    rows.judge(lambda raw: _jurisdiction(raw, options.crs))
    rows.once("id")
    root = _city(writer.conn) or _new_city(writer, rows, options)
    if root is None:
        for index in list(rows.good):
            rows.refuse(index, "level", "尚无城市：文件须恰有一行 level 为 city 的市级辖区。")
        return rows.done()
    existing = _existing(writer.conn, jurisdiction)
    _place(rows, existing, root.rpartition(SEPARATOR)[2])
    for row in rows.good.values():
        row.pop("lon", None)
        row.pop("lat", None)
    made = rows.new(existing)
    write_jurisdictions(writer, made, root=root)
    if any(row["polygon"] for row in made):
        _count_shapes(writer)
    rescope(writer, {name: row["scope"] for name, row in existing.items()})
    return rows.done()


# ── jurisdictions ────────────────────────────────────────────────────────────────────────────


def _jurisdiction(raw: dict[str, Any], crs: str) -> dict[str, Any]:
    name = checks.plain_id(raw, "id")
    levels = {level.value: level.value for level in Level}
    levels |= {words.zh: level for level, words in LEVELS.items()}
    models = {model: model for model in COMMAND_MODELS}
    models |= {words.zh.removesuffix("模式"): model for model, words in COMMAND_MODELS.items()}
    models |= {words.zh: model for model, words in COMMAND_MODELS.items()}
    level = _word(raw, "level", levels) or level_of_code(name)
    made = {
        "id": name,
        "name": _name(raw, "name"),
        "name_en": checks.text(raw, "name_en", checks.MAX_NAME) or None,
        "parent": checks.code(raw, "parent"),
        "level": None if level is None else str(level),
        "command_model": _word(raw, "command_model", models),
        "polygon": None,
        "verified": True,
        "lon": raw.get("lon"),
        "lat": raw.get("lat"),
    }
    if raw.get("polygon") is not None:
        stated = str(raw.get("crs", crs)).lower()
        if stated not in CRS:
            raise checks.Bad("crs", f"坐标系应为 {'、'.join(CRS)} 之一。")
        try:
            made["polygon"] = shapes.read(raw["polygon"], stated)
        except shapes.BadShape as bad:
            raise checks.Bad("polygon", str(bad)) from bad
    return made


def _place(rows: _Rows, existing: Mapping[str, Mapping[str, Any]], top: str) -> None:
    """Give each row its parent and level; refuse what has no way up to the city."""
    levels = {name: str(row["level"]) for name, row in existing.items()}
    levels[top] = Level.CITY.value
    in_file = {row["id"]: index for index, row in rows.good.items()}
    placed: set[int] = set()
    before = -1
    while len(placed) != before:
        before = len(placed)
        for index, row in list(rows.good.items()):
            parent = _parent(row, existing, top)
            waits = parent in in_file and in_file[parent] in rows.good
            if index in placed or (waits and in_file[parent] not in placed):
                continue
            reason = _settle(row, parent, top, levels)
            if reason is not None:
                rows.refuse(index, *reason)
                continue
            levels[row["id"]] = row["level"]
            placed.add(index)
    for index in [index for index in rows.good if index not in placed]:
        rows.refuse(index, "parent", "上级辖区互为上级，无法到达城市。")


def _parent(
    row: Mapping[str, Any], existing: Mapping[str, Mapping[str, Any]], top: str
) -> str | None:
    """As the file says, else as it stands, else the city; the city itself has none."""
    if row["id"] == top:
        return None
    return row["parent"] or (existing.get(row["id"]) or {}).get("parent") or top


def _settle(
    row: dict[str, Any], parent: str | None, top: str, levels: Mapping[str, str]
) -> tuple[str, str] | None:
    """Write parent and level into a row, or say field and reason why it cannot be."""
    if row["id"] == top:
        if row["level"] not in (None, Level.CITY.value) or row["parent"]:
            return "level", "此代码是城市本身：level 应为 city，且没有上级。"
        row |= {"parent": None, "level": Level.CITY.value}
        return None
    if parent is None or parent not in levels:
        return "parent", f"上级辖区未知或未被接受：“{checks.shown(parent)}”。"
    above = _ORDER.index(Level(levels[parent]))
    if row["level"] is None and above + 1 < len(_ORDER):
        row["level"] = _ORDER[above + 1].value
    if row["level"] is None:
        return "level", "责任网格之下没有更低一级。"
    joined = top.count("+") and row["level"] == Level.CITY.value and parent == top
    if _ORDER.index(Level(row["level"])) <= above and not joined:
        return "level", f"级别 {row['level']} 不低于上级辖区的级别 {levels[parent]}。"
    row["parent"] = parent
    return None


def _new_city(writer: Writer, rows: _Rows, options: Options) -> str | None:
    """Make the city of a store that has none from the file's one row of that level."""
    tops = [row for row in rows.good.values() if row["level"] == Level.CITY and not row["parent"]]
    if len(tops) != 1:
        return None
    top = tops[0]
    boxes = [shapes.bounds(row["polygon"]) for row in rows.good.values() if row["polygon"]]
    box = _around(boxes)
    centre = (top["lon"], top["lat"])
    if top["polygon"]:
        centre = shapes.inner_point(top["polygon"])
    elif not all(isinstance(value, int | float) for value in centre):
        if box is None:
            return None
        centre = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    write_city(
        writer,
        path=top["id"],
        name=top["name"],
        name_en=top["name_en"],
        time_zone=options.zone,
        centre=centre,
        settings={
            "bounds": box,
            "notes": [],
            "source": None,
            "simulated": False,
            "recording": False,
            "map": BASE_MAPS.get(top["id"]),
        },
    )
    # What came before there was a city belongs to it.
    rename(writer, {NO_CITY: str(top["id"])})
    return str(top["id"])


def _count_shapes(writer: Writer) -> None:
    """Let every process see that polygons were written."""
    settings = writer.conn.execute(select(city.c.settings).limit(1)).scalar() or {}
    counted = {**settings, SHAPES: int(settings.get(SHAPES, 0)) + 1}
    writer.conn.execute(update(city).values(settings=counted))


def _around(boxes: Sequence[list[float]]) -> list[float] | None:
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return [min(west), min(south), max(east), max(north)]


# ── what all share ───────────────────────────────────────────────────────────────────────────


def _name(raw: dict[str, Any], name: str) -> str:
    return checks.needed_text(raw, name, checks.MAX_NAME) or checks.missing(name)


def _word(raw: dict[str, Any], name: str, words: Mapping[str, Any]) -> str | None:
    """Read an optional word of a closed list, by code or in Chinese."""
    value = checks.code(raw, name, checks.MAX_CODE)
    if value is None:
        return None
    if value not in words:
        allowed = "、".join(dict.fromkeys(str(code) for code in words.values()))
        raise checks.Bad(name, f"未知代码“{checks.shown(value)}”，应为 {allowed} 之一。")
    return str(words[value])


def _city(conn: Connection) -> str | None:
    found: str | None = conn.execute(select(city.c.id).limit(1)).scalar()
    return found


def _existing(conn: Connection, table: Any) -> dict[str, dict[str, Any]]:
    return {row.id: dict(row._mapping) for row in _all(conn, table)}


def _all(conn: Connection, table: Any) -> Iterator[Any]:
    yield from conn.execute(select(table))
