"""Owns how the rows of a list are judged: each alone, with a reason, and counted."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select

from dashboard.domain.records import Reject, Undecodable, checks


@dataclass(slots=True)
class ListReport:
    """What became of the rows of a list, by their index in the file."""

    accepted: int = 0
    unchanged: int = 0
    rejected: list[Reject] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a list is taken: the city's now, the file's system, and the zone of a new city.

    ``shift_to``: the moment to which the first of its times is moved, all others by as much;
    ``operation``: whose hazards these are, None: of the one event in force.
    """

    now: datetime
    crs: str
    zone: str
    learn: bool = False
    shift_to: datetime | None = None
    operation: str | None = None


class Rows:
    """Rows under judgement: those that are refused are gone from ``good``."""

    def __init__(self, records: Sequence[Any], key: Callable[[dict[str, Any]], Any]) -> None:
        """Part what can be judged from what could not be read."""
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

    def keep_untold(self, existing: Mapping[Any, Mapping[str, Any]]) -> None:
        """Let a file that says less than is known take nothing away."""
        for row in self.good.values():
            old = existing.get(self.key(row), {})
            row |= {name: old[name] for name in row if row[name] is None and name in old}

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


def needed_name(raw: dict[str, Any], name: str) -> str:
    """Read a name that must be there."""
    return checks.needed_text(raw, name, checks.MAX_NAME) or checks.missing(name)


def word(raw: dict[str, Any], name: str, words: Mapping[str, Any]) -> str | None:
    """Read an optional word of a closed list, by code or in Chinese."""
    value = checks.code(raw, name, checks.MAX_CODE)
    if value is None:
        return None
    if value not in words:
        allowed = "、".join(dict.fromkeys(str(code) for code in words.values()))
        raise checks.Bad(name, f"未知代码“{checks.shown(value)}”，应为 {allowed} 之一。")
    return str(words[value])


def existing_rows(conn: Connection, table: Table) -> dict[str, dict[str, Any]]:
    """Give a table's rows by their id."""
    return {row.id: dict(row._mapping) for row in conn.execute(select(table))}
