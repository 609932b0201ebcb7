"""Owns how the duty list is imported, and the shifts, posts and ladders that it is made of."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import delete, insert, select

from dashboard.domain import duty as rules
from dashboard.domain.duty import DutyError
from dashboard.domain.ladders import ladder
from dashboard.domain.records import checks
from data_access.bulk import insert_rows
from data_access.changes import Writer
from data_access.imports.judge import ListReport, Options, Rows, needed_name
from data_access.queries import duty as queries
from data_access.queries.scopes import city_scope, time_zone
from data_access.tables import duty, duty_rule, jurisdiction

MAX_PHONE = 64
_GROUP = ("date", "shift", "post", "jurisdiction")
_Made = TypeVar("_Made")


def import_duty(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take a duty list: of each date, shift, post and jurisdiction, the file's persons hold it."""
    del options
    rows = Rows(records, lambda row: (*(row[name] for name in _GROUP), row["name"]))
    rows.judge(_Judge(writer).row)
    rows.once("name")
    existing = _existing(writer, {row["date"] for row in rows.good.values()})
    told = defaultdict(list)
    for row in rows.good.values():
        told[tuple(row[name] for name in _GROUP)].append(row)
    stands = {rows.key(row): _content(row) for group in existing.values() for row in group}
    rows.new(stands)
    for group, persons in told.items():
        before = [_content(row) for row in existing.get(group, ())]
        if before == persons:
            continue
        gone = [row["n"] for row in existing.get(group, ())]
        if gone:
            writer.conn.execute(delete(duty).where(duty.c.n.in_(gone)))
        insert_rows(writer.conn, duty, [{**person, "drill": False} for person in persons])
    return rows.done()


def import_shifts(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take the shifts as a new version; a duty list keeps the times that it was imported with."""
    return _import_rules(writer, "shifts", records, options, _plain_shift)


def import_posts(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take the posts as a new version; one that a ladder names must stay."""
    needed = {
        step["post"] for it in queries.newest(writer.conn, "ladders").items for step in it["steps"]
    }
    return _import_rules(writer, "posts", records, options, rules.post, needed=needed)


def import_ladders(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take the ladders as a new version; alerts that climb one go on by the version they had."""
    posts = queries.posts(writer.conn)

    def check(raw: dict[str, Any]) -> dict[str, Any]:
        made = {name: _number(value) for name, value in raw.items()}
        if isinstance(made.get("steps"), str):
            try:
                made["steps"] = json.loads(made["steps"])
            except ValueError as error:
                raise DutyError("steps", "不是有效的 JSON") from error
        return ladder(made, posts).plain()

    return _import_rules(writer, "ladders", records, options, check)


class _Judge:
    """Judges the rows of a duty list against what the city has."""

    def __init__(self, writer: Writer) -> None:
        conn = writer.conn
        self.zone = ZoneInfo(time_zone(conn))
        self.city = city_scope(conn)
        self.shifts = queries.shifts(conn)
        self.posts = queries.posts(conn)
        found = conn.execute(select(jurisdiction.c.id, jurisdiction.c.name, jurisdiction.c.scope))
        self.places: dict[str, tuple[str, str]] = {}
        for row in found:
            self.places.setdefault(row.name, (row.id, row.scope))
            self.places[row.id] = (row.id, row.scope)

    def row(self, raw: dict[str, Any]) -> dict[str, Any]:
        """Give a row as the store keeps it; raises Bad."""
        shift = self._shift(raw)
        day = _told(rules.day, raw.get("date"))
        starts_at, ends_at = rules.span(day, shift.starts, shift.ends, self.zone)
        post = _known(raw, "post", self.posts, {it["name"]: it for it in self.posts.values()})
        where, scope = self._place(raw)
        if post["level"] == "district" and where is None:
            raise checks.Bad("jurisdiction", f"{post['name']}须写明辖区。")
        return {
            "date": day.isoformat(),
            "shift": shift.id,
            "post": post["id"],
            "jurisdiction": where,
            "name": needed_name(raw, "name"),
            **{name: checks.text(raw, name, MAX_PHONE) or None for name in ("phone", "account")},
            "deputy": checks.text(raw, "deputy", checks.MAX_NAME) or None,
            "deputy_phone": checks.text(raw, "deputy_phone", MAX_PHONE) or None,
            "deputy_account": checks.text(raw, "deputy_account", MAX_PHONE) or None,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "scope": scope,
        }

    def _shift(self, raw: dict[str, Any]) -> rules.Shift:
        """As the row's own times say, else as the shift has them."""
        if raw.get("starts") is None and raw.get("ends") is None:
            by_name = {it.name: it for it in self.shifts.values()}
            found: rules.Shift = _known(raw, "shift", self.shifts, by_name)
            return found
        name = checks.needed_text(raw, "shift", rules.MAX_NAME)
        known = {it.name: it.id for it in self.shifts.values()}
        return rules.Shift(
            id=known.get(name, name),
            name=name,
            name_en=name,
            starts=_told(
                lambda value: rules.clock_time({"starts": value}, "starts"), raw.get("starts")
            ),
            ends=_told(lambda value: rules.clock_time({"ends": value}, "ends"), raw.get("ends")),
        )

    def _place(self, raw: dict[str, Any]) -> tuple[str | None, str]:
        name = checks.code(raw, "jurisdiction")
        if name is None or name == self.city.rpartition("/")[2]:
            return None, self.city
        if name not in self.places:
            raise checks.Bad("jurisdiction", f"辖区未知：“{checks.shown(name)}”。")
        return self.places[name]


def _import_rules(
    writer: Writer,
    kind: str,
    records: Sequence[Any],
    options: Options,
    check: Callable[[dict[str, Any]], Mapping[str, Any]],
    *,
    needed: set[str] | None = None,
) -> ListReport:
    """Take a whole list as a new version, if every row is good; the same again changes nothing."""
    rows = Rows(records, lambda row: row["id"])
    rows.judge(lambda raw: dict(_told(check, raw)))
    rows.once("id")
    missing = sorted((needed or set()) - {row["id"] for row in rows.good.values()})
    if missing:
        for index in list(rows.good):
            rows.refuse(index, "id", f"叫应阶梯用到的岗位缺失：{'、'.join(missing)}。")
    if rows.report.rejected:
        for index in list(rows.good):
            rows.refuse(index, "", "同一清单中有行被拒绝，整份未采用。")
        return rows.done()
    found = queries.newest(writer.conn, kind)
    items = list(rows.good.values())
    rows.new({row["id"]: row for row in found.items})
    if items != found.items:
        writer.conn.execute(
            insert(duty_rule).values(
                kind=kind, version=found.number + 1, items=items, at=options.now, by="cli"
            )
        )
    return rows.done()


def _plain_shift(raw: dict[str, Any]) -> dict[str, Any]:
    made = rules.shift(raw)
    return {
        "id": made.id,
        "name": made.name,
        "name_en": made.name_en,
        "starts": f"{made.starts:%H:%M}",
        "ends": f"{made.ends:%H:%M}",
    }


def _told(check: Callable[[Any], _Made], value: Any) -> _Made:
    try:
        return check(value)
    except DutyError as error:
        raise checks.Bad(error.field, error.reason + "。") from error


def _known(
    raw: dict[str, Any], name: str, by_id: Mapping[str, Any], by_name: Mapping[str, Any]
) -> Any:
    value = checks.needed_text(raw, name, rules.MAX_NAME)
    found = by_id.get(value) or by_name.get(value)
    if found is None:
        raise checks.Bad(name, f"未知“{checks.shown(value)}”，应为 {'、'.join(by_id)} 之一。")
    return found


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.strip().isdigit() else value


def _existing(writer: Writer, dates: set[str]) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    query = select(duty).where(duty.c.date.in_(dates)).order_by(duty.c.n)
    for found in writer.conn.execute(query):
        row = dict(found._mapping)
        groups[tuple(row[name] for name in _GROUP)].append(row)
    return groups


def _content(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("n", "event", "drill")}
