"""Owns how units and categories are imported."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from dashboard.domain.cases import KINDS as CASE_KINDS
from dashboard.domain.records import checks
from data_access.bulk import insert_rows
from data_access.changes import Writer
from data_access.feeds.lists import write_units
from data_access.imports.judge import ListReport, Options, Rows, existing_rows, needed_name, word
from data_access.queries.scopes import city_scope
from data_access.tables import category, jurisdiction, unit

UNIT_LEVELS = ("city", "district", "subdistrict", "community", "company")
_CODE = re.compile("[0-9]{4,8}")


def import_units(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take responsible units; one that names a jurisdiction which nobody knows is refused."""
    del options
    places = set(writer.conn.execute(select(jurisdiction.c.id)).scalars())
    rows = Rows(records, lambda row: row["id"])

    def check(raw: dict[str, Any]) -> dict[str, Any]:
        where = checks.code(raw, "jurisdiction")
        if where is not None and where not in places:
            raise checks.Bad("jurisdiction", f"辖区未知：“{checks.shown(where)}”。")
        return {
            "id": checks.needed_code(raw, "id"),
            "name": needed_name(raw, "name"),
            "level": word(raw, "level", {name: name for name in UNIT_LEVELS}),
            "jurisdiction": where,
            "phone": checks.text(raw, "phone", 64),
            "verified": True,
        }

    rows.judge(check)
    rows.once("id")
    existing = existing_rows(writer.conn, unit)
    rows.keep_untold(existing)
    write_units(writer, rows.new(existing), root=city_scope(writer.conn))
    return rows.done()


def import_categories(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take a whole list of categories as a new version; the same list again changes nothing."""
    rows = Rows(records, lambda row: (row["kind"], row["code"]))
    kinds = {kind: kind for kind in CASE_KINDS} | {"部件": "component", "事件": "event"}

    def check(raw: dict[str, Any]) -> dict[str, Any]:
        code = checks.needed_code(raw, "code", checks.MAX_CODE)
        if not options.learn and _CODE.fullmatch(code) is None:
            raise checks.Bad("code", f"应为 4–8 位数字（大类+小类），收到“{checks.shown(code)}”。")
        class_code = checks.code(raw, "class_code", checks.MAX_CODE) or code[:2]
        return {
            "kind": word(raw, "kind", kinds) or checks.missing("kind"),
            "code": code,
            "class_code": class_code,
            "class_name": checks.text(raw, "class_name", checks.MAX_NAME) or class_code,
            "class_name_en": checks.text(raw, "class_name_en", checks.MAX_NAME) or None,
            "name": needed_name(raw, "name"),
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
