"""Owns how jurisdictions are imported: their places in the tree, their polygons, a new city."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from dashboard.domain.coordinates import CRS
from dashboard.domain.jurisdictions import (
    COMMAND_MODELS,
    LEVELS,
    SEPARATOR,
    Level,
    level_of_code,
)
from dashboard.domain.records import checks
from data_access.changes import Writer
from data_access.feeds.lists import write_city, write_jurisdictions
from data_access.geodata import shapes
from data_access.geography import SHAPES
from data_access.imports.judge import ListReport, Options, Rows, existing_rows, needed_name, word
from data_access.imports.rescope import rename, rescope
from data_access.queries.scopes import NO_CITY
from data_access.tables import city, jurisdiction

BASE_MAPS = {"330100": "hangzhou"}
"""Cities whose district shapes come with Pingji, by their code."""

_ORDER = list(Level)


def import_jurisdictions(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take jurisdictions of the five levels; a store without a city gets it from the file.

    One whose parent is another than before moves with everything that lies in it.
    """
    rows = Rows(records, lambda row: row["id"])
    rows.judge(lambda raw: _jurisdiction(raw, options.crs))
    rows.once("id")
    root = _city(writer.conn) or _new_city(writer, rows, options)
    if root is None:
        for index in list(rows.good):
            rows.refuse(index, "level", "尚无城市：文件须恰有一行 level 为 city 的市级辖区。")
        return rows.done()
    existing = existing_rows(writer.conn, jurisdiction)
    _place(rows, existing, root.rpartition(SEPARATOR)[2])
    for row in rows.good.values():
        row.pop("lon", None)
        row.pop("lat", None)
    rows.keep_untold(existing)
    made = rows.new(existing)
    write_jurisdictions(writer, made, root=root)
    if any(row["polygon"] for row in made):
        _count_shapes(writer)
    rescope(writer, {name: row["scope"] for name, row in existing.items()})
    return rows.done()


def _jurisdiction(raw: dict[str, Any], crs: str) -> dict[str, Any]:
    name = checks.plain_id(raw, "id")
    levels = {level.value: level.value for level in Level}
    levels |= {words.zh: level for level, words in LEVELS.items()}
    models = {model: model for model in COMMAND_MODELS}
    models |= {words.zh.removesuffix("模式"): model for model, words in COMMAND_MODELS.items()}
    models |= {words.zh: model for model, words in COMMAND_MODELS.items()}
    level = word(raw, "level", levels) or level_of_code(name)
    made = {
        "id": name,
        "name": needed_name(raw, "name"),
        "name_en": checks.text(raw, "name_en", checks.MAX_NAME) or None,
        "parent": checks.code(raw, "parent"),
        "level": None if level is None else str(level),
        "command_model": word(raw, "command_model", models),
        "timing_zone": checks.text(raw, "timing_zone", checks.MAX_NAME) or None,
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


def _place(rows: Rows, existing: Mapping[str, Mapping[str, Any]], top: str) -> None:
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
            known = existing.get(row["id"])
            if row["level"] is None and known is not None and known["verified"]:
                row["level"] = known["level"]
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


def _new_city(writer: Writer, rows: Rows, options: Options) -> str | None:
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


def _city(conn: Connection) -> str | None:
    found: str | None = conn.execute(select(city.c.id).limit(1)).scalar()
    return found
