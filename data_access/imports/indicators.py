"""Owns how figures of the 考核口径 are imported, as they were published, and those that ship."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from dashboard.domain import published
from dashboard.domain.indicators import number_of
from dashboard.domain.records import checks
from data_access import bases
from data_access.bulk import insert_rows
from data_access.changes import Writer
from data_access.imports.judge import ListReport, Options, Rows, existing_rows
from data_access.queries.scopes import city_scope
from data_access.tables import indicator_published, jurisdiction

SHIPPED = "published_indicators.csv"
PUBLISHED = "published"
"""The basis of figures that name none."""


def import_indicators(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take published figures; the same one again changes nothing, another value replaces it."""
    conn = writer.conn
    query = select(jurisdiction.c.id, jurisdiction.c.scope)
    places = {row.id: row.scope for row in conn.execute(query)}
    city = city_scope(conn)
    by = {it.id for it in bases.current(conn).every.values() if it.imported}
    rows = Rows(records, lambda row: row["id"])
    rows.judge(lambda raw: _check(raw, places, city, by))
    rows.once("id")
    existing = existing_rows(conn, indicator_published)
    new = [{**row, "known_at": options.now} for row in rows.new(existing)]
    replaced = [row["id"] for row in new if row["id"] in existing]
    if replaced:
        table = indicator_published
        conn.execute(table.delete().where(table.c.id.in_(replaced)))
    insert_rows(conn, indicator_published, new)
    return rows.done()


def write_shipped(writer: Writer, now: datetime) -> None:
    """Write the figures that ship with the demonstration's city, where they are not there yet."""
    text = files("data_access").joinpath("data", SHIPPED).read_text("utf-8")
    rows = [{k: v for k, v in row.items() if v} for row in csv.DictReader(text.splitlines())]
    import_indicators(writer, rows, Options(now=now, crs="wgs84", zone="Asia/Shanghai"))


def _check(
    raw: dict[str, Any], places: dict[str, str], city: str, bases_: set[str]
) -> dict[str, Any]:
    indicator = checks.needed_code(raw, "indicator")
    if indicator not in published.INDICATORS:
        raise checks.Bad("indicator", f"应为 {_all(published.INDICATORS)} 之一。")
    group = checks.code(raw, "by", checks.MAX_CODE) or "all"
    if group not in published.GROUPS:
        raise checks.Bad("by", f"应为 {_all(sorted(published.GROUPS))} 之一。")
    of = checks.text(raw, "of", checks.MAX_NAME) or ""
    if (group == "all") == bool(of):
        raise checks.Bad("of", "by 与 of 须同时给出。")
    where = checks.code(raw, "jurisdiction")
    if where is not None and where not in places:
        raise checks.Bad("jurisdiction", f"辖区未知：“{checks.shown(where)}”。")
    try:
        first, last = published.span(str(raw.get("period") or ""))
    except ValueError as error:
        raise checks.Bad("period", "应为 2016、2016-09、2016-09-04 或 2006-03/2016。") from error
    try:
        value = published.number(str(raw.get("value") or ""))
    except ValueError as error:
        raise checks.Bad("value", "应为数值，如 99.33%、1126.80万。") from error
    basis = checks.code(raw, "basis", checks.MAX_CODE) or PUBLISHED
    if basis not in bases_:
        raise checks.Bad("basis", f"应为导入口径之一：{_all(sorted(bases_))}。")
    area = city if where is None else places[where]
    name = (indicator, str(first), str(last), area, group, of)
    return {
        "id": "|".join(name if basis == PUBLISHED else (*name, basis)),
        "basis": basis,
        "indicator": indicator,
        "first_on": number_of(first),
        "last_on": number_of(last),
        "area": area,
        "grouped": group,
        "value_of": of,
        "value": value,
        "source": checks.text(raw, "source", checks.MAX_LINE) or "",
        "note": checks.text(raw, "note", checks.MAX_LINE) or "",
    }


def _all(names: Iterable[str]) -> str:
    return "、".join(names)
