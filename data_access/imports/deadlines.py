"""Owns how deadline rules and a site's own holidays are imported: judged row by row."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import func, select

from dashboard.domain.cases import KINDS as CASE_KINDS
from dashboard.domain.deadlines import CLOCKS, UNITS, Clock, Unit
from dashboard.domain.modes import MODES
from dashboard.domain.records import checks
from data_access.bulk import insert_rows
from data_access.changes import Writer
from data_access.deadlines import write_version
from data_access.imports.judge import ListReport, Options, Rows, word
from data_access.tables import category, deadline_rule, deadline_version, holiday

MOST = 10_000.0
DAYS = {"all": "all", "workdays": "workdays", "每天": "all", "每日": "all", "工作日": "workdays"}
WORK = {"work": "work", "rest": "rest", "上班": "work", "班": "work", "工作": "work"}
WORK |= {"放假": "rest", "休": "rest", "休息": "rest", "true": "work", "false": "rest"}
WORK |= {"1": "work", "0": "rest", "是": "work", "否": "rest", "yes": "work", "no": "rest"}
_MIDNIGHT = "24:00"
_ANY = "*"


def import_deadlines(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take a whole list of rules as a new version; the same list again changes nothing.

    The first version counts from the beginning, each later one for what is filed from now on.
    """
    codes = None if options.learn else _codes(writer)
    rows = Rows(records, lambda row: row["id"])
    rows.judge(lambda raw: _rule(raw, codes))
    rows.once("id")
    version = writer.conn.execute(select(func.max(deadline_version.c.version))).scalar() or 0
    query = select(deadline_rule).where(deadline_rule.c.version == version)
    existing = {
        row["id"]: {name: value for name, value in row.items() if name != "version"}
        for row in writer.conn.execute(query).mappings()
    }
    if rows.new(existing) or (rows.good and len(rows.good) != len(existing)):
        since = options.now if version else None
        whole = list(rows.good.values())
        write_version(writer, version + 1, whole, since=since, known_at=options.now)
    return rows.done()


def import_holidays(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take days of which the site says whether they are worked; a day told again is replaced."""
    del options
    rows = Rows(records, lambda row: row["day"])
    rows.judge(_day)
    rows.once("day")
    query = select(holiday.c.day, holiday.c.work, holiday.c.name, holiday.c.source)
    existing = {row["day"]: dict(row) for row in writer.conn.execute(query).mappings()}
    rows.keep_untold(existing)
    made = rows.new(existing)
    if made:
        days = [row["day"] for row in made]
        writer.conn.execute(holiday.delete().where(holiday.c.day.in_(days)))
        now = datetime.now(UTC)
        insert_rows(writer.conn, holiday, [{**row, "real_at": now} for row in made])
    return rows.done()


def _codes(writer: Writer) -> set[tuple[str, str]] | None:
    """Give the 大类 and 小类 that the list in force knows, by kind; None where there is no list."""
    version = writer.conn.execute(select(func.max(category.c.list_version))).scalar()
    query = select(category.c.kind, category.c.code, category.c.class_code).where(
        category.c.list_version == version
    )
    found = {(kind, code) for kind, *both in writer.conn.execute(query) for code in both}
    return found or None


def _rule(raw: dict[str, Any], codes: set[tuple[str, str]] | None) -> dict[str, Any]:
    clock = word(raw, "clock", _words(CLOCKS)) or str(Clock.DISPOSAL)
    kind = word(raw, "kind", _words(CASE_KINDS) | {_ANY: _ANY})
    unit = word(raw, "unit", _words(UNITS)) or checks.missing("unit")
    made = {
        "id": checks.needed_code(raw, "id"),
        "clock": clock,
        "kind": None if kind == _ANY else kind,
        "subcategory": _optional(raw, "subcategory"),
        "condition": _optional(raw, "condition"),
        "zone": _optional(raw, "zone"),
        "mode": word(raw, "mode", _words(MODES)),
        "limit": checks.needed_number(raw, "limit", 0.0, MOST),
        "unit": unit,
        "extension": checks.number(raw, "extension", 0.0, MOST),
        "opens": _clock_time(raw, "opens"),
        "closes": _clock_time(raw, "closes"),
        "days": word(raw, "days", DAYS),
        "source": _optional(raw, "source"),
    }
    _judge_limit(made)
    _judge_window(made)
    if made["subcategory"] and codes is not None:
        kinds = [made["kind"]] if made["kind"] else list(CASE_KINDS)
        if not any((it, made["subcategory"]) in codes for it in kinds):
            shown = checks.shown(made["subcategory"])
            raise checks.Bad("subcategory", f"大类或小类代码未知：“{shown}”。")
    return made


def _judge_limit(made: Mapping[str, Any]) -> None:
    if made["limit"] <= 0:
        raise checks.Bad("limit", "时限须大于 0。")
    share = made["clock"] == Clock.NEAR_SHARE
    if share != (made["unit"] == Unit.SHARE):
        raise checks.Bad("unit", "单位 share 只用于 near_share，near_share 也只用此单位。")
    if share and made["limit"] >= 1:
        raise checks.Bad("limit", "占时限之比须小于 1。")


def _judge_window(made: Mapping[str, Any]) -> None:
    told = [name for name in ("opens", "closes", "days") if made[name] is not None]
    if told and made["unit"] != Unit.WORK_HOUR:
        raise checks.Bad(told[0], "工作时段只用于单位 work_hour（工作时）。")
    if (made["opens"] is None) != (made["closes"] is None):
        raise checks.Bad("opens", "opens 与 closes 须同时给出。")
    if made["opens"] is not None and made["opens"] >= made["closes"]:
        raise checks.Bad("closes", "须晚于 opens。")


def _words(words: Mapping[str, Any]) -> dict[str, Any]:
    """Take a word by its code or in Chinese."""
    return {str(code): code for code in words} | {it.zh: code for code, it in words.items()}


def _optional(raw: dict[str, Any], name: str) -> str | None:
    """Read an optional text; ``*`` and an empty one mean any."""
    value = checks.text(raw, name, checks.MAX_NAME)
    return None if value in (None, "", _ANY) else value


def _clock_time(raw: dict[str, Any], name: str) -> str | None:
    value = checks.text(raw, name, 8)
    if not value:
        return None
    if value == _MIDNIGHT and name == "closes":
        return value
    try:
        return time.fromisoformat(value.zfill(5)).strftime("%H:%M")
    except ValueError as error:
        raise checks.Bad(name, f"应为 HH:MM，收到“{checks.shown(value)}”。") from error


def _day(raw: dict[str, Any]) -> dict[str, Any]:
    work = raw.get("work")
    told = {**raw, "work": str(work).lower() if isinstance(work, bool | int | float) else work}
    return {
        "day": _date(raw),
        "work": (word(told, "work", WORK) or checks.missing("work")) == "work",
        "name": _optional(raw, "name"),
        "source": _optional(raw, "source"),
    }


_READ: tuple[Callable[[str], date], ...] = (
    date.fromisoformat,
    lambda text: datetime.strptime(text, "%Y/%m/%d").date(),  # noqa: DTZ007 - a day has no zone
    lambda text: datetime.strptime(text, "%Y年%m月%d日").date(),  # noqa: DTZ007
)


def _date(raw: dict[str, Any]) -> str:
    value = raw.get("day")
    if value is None:
        checks.missing("day")
    if isinstance(value, date):
        return value.isoformat()[:10]
    text = str(value).strip()
    for read in _READ:
        try:
            return read(text.removesuffix(" 00:00:00")).isoformat()
        except ValueError:
            continue
    raise checks.Bad("day", f"应为 YYYY-MM-DD 的日期，收到“{checks.shown(text)}”。")
