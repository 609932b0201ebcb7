"""Owns snapshots of a list: what is new, what changed, what stayed, and what vanished."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from dashboard.domain.records import Undecodable
from data_access.feeds.recording.config import CityFile, Part
from data_access.feeds.recording.errors import Unreadable
from data_access.feeds.recording.parts import Moment, PartRows
from data_access.feeds.recording.sources import Broken, Rows, is_empty

STAMP = {"cases": "updated_at", "cameras": "updated_at", "responders": "at", "places": "at"}
GONE: Mapping[str, Mapping[str, Any]] = {"cases": {"stage": "closed"}, "cameras": {"status": "off"}}
"""What becomes of what vanishes, where the description does not say it."""


class SnapshotRows(PartRows):
    """A list seen again and again. A source row is one entry of one snapshot."""

    def __init__(
        self, city: CityFile, part: Part, rows: Rows, lookups: Mapping[str, Mapping[str, Any]]
    ) -> None:
        """Compile; the differences are worked out when the moments are asked for."""
        super().__init__(city, part, rows, lookups)
        assert part.taken_at is not None
        self.taken_at = self.compiler.time(part.taken_at, f"{part.key}.taken_at", "taken_at")
        vanished = part.vanished or GONE.get(part.name, {})
        self.vanished = self._compiled(
            {name: _constant(value) for name, value in vanished.items()}, f"{part.key}.vanished"
        )
        self._made: dict[tuple[int, int], Any] = {}
        self._reported: dict[str, datetime] = {}

    def moments(self) -> Iterator[Moment]:
        """One moment for each entry of each snapshot, and one for each that vanished."""
        self._made = {}
        self._reported = {}
        taken, spoilt = self._by_snapshot()
        for index, record in spoilt:
            self._made[index, 0] = record
            yield Moment(None, index, 0)
        present: dict[str, tuple[int, dict[str, Any]]] = {}
        closed: set[str] = set()
        for at in sorted(taken):
            now: dict[str, tuple[int, dict[str, Any]]] = {}
            for index in taken[at]:
                if is_empty(self.rows.rows[index]):
                    continue
                self._made[index, 0] = self._entry(index, at, now, present, closed)
                yield Moment(at, index, 0)
            yield from self._gone(at, now, present, closed)
            present = now

    def make(self, row: int, step: int) -> Any:
        """What was worked out for the entry."""
        return self._made[row, step]

    def _by_snapshot(self) -> tuple[dict[datetime, list[int]], list[tuple[int, Undecodable]]]:
        taken: dict[datetime, list[int]] = {}
        spoilt: list[tuple[int, Undecodable]] = []
        for index, row in enumerate(self.rows.rows):
            if isinstance(row, Broken):
                spoilt.append(
                    (index, Undecodable(row.line, "此行不是有效的 JSON。", came=row.text))
                )
                continue
            try:
                at = self.taken_at(row)
                if at is None:
                    raise Unreadable("taken_at", "缺少快照时间。")
            except Unreadable as error:
                spoilt.append((index, self.unreadable(index, error)))
                continue
            taken.setdefault(at, []).append(index)
        return taken, spoilt

    def _entry(
        self,
        index: int,
        at: datetime,
        now: dict[str, tuple[int, dict[str, Any]]],
        present: Mapping[str, tuple[int, dict[str, Any]]],
        closed: set[str],
    ) -> Any:
        """The record of an entry; None where the snapshot before said the same."""
        record = self.mapped(index, self.fields)
        if not isinstance(record, dict):
            return record
        name = record.get("id")
        if not isinstance(name, str):
            return record
        before = present.get(name)
        if name in now:
            same = now[name][1] == record
            number = self.rows.origin(index)[1]
            if same:
                return None
            return Undecodable(number, "同一快照中编号重复。", name, "id", record)
        now[name] = (index, record)
        if before is not None and before[1] == record:
            return None
        back = name in closed
        closed.discard(name)
        return self._stamped(record, at, back=back)

    def _stamped(self, record: Mapping[str, Any], at: datetime, *, back: bool) -> dict[str, Any]:
        """Give a record the snapshot's time where it has none of its own."""
        stamped = dict(record)
        stamp = STAMP.get(self.part.name)
        if stamp is not None:
            stamped.setdefault(stamp, at)
        if self.part.name == "cases":
            told = stamped.get("reported_at", at)
            seen = min(told, at) if isinstance(told, datetime) else at
            reported = self._reported.setdefault(str(stamped.get("id")), seen)
            stamped["reported_at"] = reported
            stamped.setdefault("stage", "reported")
            stamped["stage_at"] = at if back else stamped.get("stage_at", reported)
            stamped["updated_at"] = at
        return stamped

    def _gone(
        self,
        at: datetime,
        now: Mapping[str, Any],
        present: Mapping[str, tuple[int, dict[str, Any]]],
        closed: set[str],
    ) -> Iterator[Moment]:
        if not self.vanished:
            return
        for name, (index, record) in present.items():
            if name in now:
                continue
            closed.add(name)
            last = self._stamped(record, at, back=True)
            last |= {field: getter(None) for field, getter in self.vanished.items()}
            stamp = STAMP.get(self.part.name)
            if stamp is not None:
                last[stamp] = at
            step = 1
            while (index, step) in self._made:
                step += 1
            self._made[index, step] = last
            yield Moment(at, index, step)


def _constant(value: Any) -> Any:
    return value if isinstance(value, Mapping) else {"const": value}
