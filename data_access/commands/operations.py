"""Starting, changing and ending operations; the modes that follow, in the same transaction.

Every act is a row of the append-only record. One transaction holds the act, the operation's new
state, the drills that a real start ends, and every jurisdiction's mode: a killed process leaves it
all done or none of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, insert, select, true

from dashboard.domain.drills import Input
from dashboard.domain.operations import (
    Act,
    Kind,
    Refused,
    State,
    change_of,
    check_effective,
    check_revoke,
    check_start,
    check_word,
    overlap,
    skips,
)
from data_access import plans
from data_access.changes import Writer
from data_access.commands import drills, event_members, events, operation_rows
from data_access.commands import plans as tasks
from data_access.commands.modes import running, settle
from data_access.queries.live import iso
from data_access.queries.operations import of_row
from data_access.queries.scopes import find_scope
from data_access.tables import operation, operation_act


class Stale(Exception):
    """The operation is not what the caller saw; ``state``: as it now stands."""

    def __init__(self, state: Mapping[str, Any]) -> None:
        """Carry the present state."""
        super().__init__("the operation has changed")
        self.state = dict(state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who acts, when, and on what word.

    ``now``: the city's; ``effective_at``: from when it counts, ``now`` unless told;
    ``on_word``: one who may act only on a named approver's word, who confirms it later.
    """

    by: str
    role: str
    now: datetime
    reason: str
    effective_at: datetime | None = None
    on_word: bool = False
    approved_by: str | None = None
    approval: str | None = None
    document_no: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def counts_from(self) -> datetime:
        """From when the act counts."""
        return self.effective_at or self.now


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An operation to be started. ``area``: a jurisdiction's id; ``input``: what feeds a drill."""

    kind: str
    level: int | None
    scenario: str | None
    name: str
    area: str
    issuer: str
    basis: str
    plan: str | None = None
    drill: bool = False
    input: str | None = None


def start(writer: Writer, draft: Draft, said: Said, *, day: str) -> dict[str, Any]:
    """Start an operation; gives its row. ``day``: the city's date as YYYYMMDD, for its number.

    A real start ends the drills in its area first. Raises Refused, and Stale where the same
    issuer already runs the same in the same area.
    """
    operation_rows.lock(writer)
    check_start(
        kind=draft.kind,
        level=draft.level,
        reason=said.reason,
        effective_at=said.counts_from,
        now=said.now,
        approved_by=said.approved_by,
        on_word=said.on_word,
    )
    scope = find_scope(writer.conn, name=draft.area)
    if scope is None:
        raise Refused("area", f"辖区未知：{draft.area[:60]}")
    rows = running(writer)
    for row in rows:
        same = ("kind", "scenario", "area", "issuer", "drill", "name")
        if all(row[name] == getattr(draft, name) for name in same):
            raise Stale(row)
    if not draft.drill:
        for row in rows:
            if row["drill"] and overlap(row["scope"], scope):
                _end(
                    writer, row, said, reason="真实行动启动，演练中止", detail={"by": "real-start"}
                )
    known = plans.current(writer.conn)
    chosen = plans.chosen(known, draft.plan, kind=draft.kind, scenario=draft.scenario)
    row = _enter(
        writer,
        draft,
        said,
        scope=scope,
        number=_number(writer, day, drill=draft.drill),
        plan=None if chosen is None else chosen.plan.id,
    )
    if chosen is not None:
        tasks.begin(writer, chosen.plan, chosen.version, row, since=said.counts_from, now=said.now)
    if draft.kind == Kind.EVENT:
        event_members.enlist(writer, row)
    settle(writer)
    return row


def change_level(
    writer: Writer, operation_id: str, level: int, said: Said, *, version: int | None
) -> dict[str, Any]:
    """Raise 提升 or lower 降低 an operation; a skipped level asks for a reason, as all do."""
    operation_rows.lock(writer)
    row = _current(writer, operation_id, version)
    now_stands = of_row(row)
    act = change_of(now_stands, level)
    check_effective(now_stands, said.counts_from, said.now)
    check_word(said.approved_by, on_word=said.on_word)
    skipped = skips(now_stands, level)
    if not said.reason.strip():
        text_of = "越级调整须写明理由。" if skipped else "须写明理由。"
        raise Refused("reason", text_of)
    changed = operation_rows.change(
        writer,
        row,
        {
            "level": level,
            "level_at": said.counts_from,
            **_owed(row, said),
        },
    )
    detail = {"from": row["level"], "skipped": skipped}
    _record(writer, operation_id, act, said, level=level, detail=detail)
    known = plans.current(writer.conn).get(row["plan"] or "")
    if known is not None:
        tasks.begin(
            writer, known.plan, known.version, changed, since=said.counts_from, now=said.now
        )
    settle(writer)
    return changed


def end(
    writer: Writer,
    operation_id: str,
    said: Said,
    *,
    version: int | None,
    watch_until: datetime | None = None,
) -> dict[str, Any]:
    """End an operation 结束; ``watch_until`` leaves 加强值班 until then."""
    operation_rows.lock(writer)
    row = _current(writer, operation_id, version)
    if row["drill"]:
        said = replace(said, on_word=False)  # whoever may run one stops a drill, on nobody's word
    if not said.reason.strip():
        raise Refused("reason", "须写明理由。")
    check_effective(of_row(row), said.counts_from, said.now)
    check_word(said.approved_by, on_word=said.on_word)
    if watch_until is not None and watch_until <= said.now:
        raise Refused("watch_until", "加强值班的截止时间须在未来。")
    if watch_until is not None and (row["drill"] or row["kind"] != Kind.EMERGENCY):
        raise Refused("watch_until", "只有实际的应急响应结束后可留加强值班。")
    ended = _end(writer, row, said, reason=said.reason, watch_until=watch_until)
    settle(writer)
    return ended


def revoke(writer: Writer, operation_id: str, said: Said, *, version: int | None) -> dict[str, Any]:
    """Revoke a mistaken start: it stays in the record and leaves every statistic."""
    operation_rows.lock(writer)
    row = _current(writer, operation_id, version)
    check_revoke(of_row(row), said.now, said.reason)
    values = {
        "state": State.REVOKED,
        "ended_at": said.now,
        "live": False,
        "needs_confirmation": False,
    }
    revoked = operation_rows.change(writer, row, values)
    _close(writer, row, said)
    _record(writer, operation_id, Act.REVOKE, said, level=row["level"])
    settle(writer)
    return revoked


def confirm(
    writer: Writer, operation_id: str, said: Said, *, version: int | None
) -> dict[str, Any]:
    """Confirm afterwards 补签 what was entered on a named approver's word."""
    operation_rows.lock(writer)
    row = operation_rows.find(writer, operation_id)
    if version is not None and row["version"] != version:
        raise Stale(row)
    if not row["needs_confirmation"]:
        raise Stale(row)
    values = {
        "needs_confirmation": False,
        "confirmed_by": said.by,
        "live": row["state"] == State.IN_FORCE or row["watch_until"] is not None,
    }
    confirmed = operation_rows.change(writer, row, values)
    _record(writer, operation_id, Act.CONFIRM, said, level=row["level"])
    settle(writer)
    return confirmed


def end_watches(writer: Writer, now: datetime) -> int:
    """Let the watches whose time has come go; returns how many. The record keeps until when."""
    operation_rows.lock(writer)
    over = [dict(row) for row in writer.conn.execute(watches_over(now)).mappings()]
    for row in over:
        operation_rows.change(
            writer, row, {"watch_until": None, "live": bool(row["needs_confirmation"])}
        )
    if over:
        settle(writer, now)
    return len(over)


def watches_over(now: datetime) -> Select[Any]:
    """Ask for the operations whose watch is over."""
    return select(operation).where(operation.c.live == true(), operation.c.watch_until <= now)


def _current(writer: Writer, operation_id: str, version: int | None) -> dict[str, Any]:
    row = operation_rows.find(writer, operation_id)
    if row["state"] != State.IN_FORCE or (version is not None and row["version"] != version):
        raise Stale(row)
    return row


def _number(writer: Writer, day: str, *, drill: bool) -> str:
    """Give the day's next number; drills count for themselves: 20260701-01, 20260701-D01."""
    query = select(func.count()).where(
        operation.c.id.startswith(f"{day}-"), operation.c.drill == drill
    )
    return f"{day}-{'D' if drill else ''}{writer.conn.execute(query).scalar_one() + 1:02d}"


def _enter(
    writer: Writer, draft: Draft, said: Said, *, scope: str, number: str, plan: str | None
) -> dict[str, Any]:
    event = number if draft.kind == Kind.EVENT else None
    row = {
        "id": number,
        "version": 1,
        "kind": draft.kind,
        "level": draft.level,
        "scenario": draft.scenario,
        "name": draft.name,
        "area": draft.area,
        "issuer": draft.issuer,
        "approved_by": said.approved_by,
        "approval": said.approval,
        "document_no": said.document_no,
        "basis": draft.basis,
        "reason": said.reason,
        "plan": plan,
        "effective_at": said.counts_from,
        "level_at": said.counts_from,
        "entered_at": said.now,
        "entered_by": said.by,
        "needs_confirmation": said.on_word,
        "confirmed_by": None,
        "state": State.IN_FORCE,
        "ended_at": None,
        "watch_until": None,
        "live": True,
        "scope": scope,
        "event": event,
        "drill": draft.drill,
        "input": (draft.input or Input.NONE) if draft.drill else None,
    }
    writer.conn.execute(insert(operation).values(**row))
    detail = {
        "issuer": draft.issuer,
        "basis": draft.basis,
        "drill": draft.drill,
        "input": row["input"],
    }
    _record(writer, number, Act.START, said, level=draft.level, detail=detail)
    writer.changed("operations", number, new_scope=scope, event=event, drill=draft.drill)
    return row


def _end(
    writer: Writer,
    row: Mapping[str, Any],
    said: Said,
    *,
    reason: str,
    watch_until: datetime | None = None,
    detail: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    owed = _owed(row, said)
    values = {
        "state": State.ENDED,
        "ended_at": said.counts_from,
        "watch_until": watch_until,
        "live": watch_until is not None or owed["needs_confirmation"],
        **owed,
    }
    told = {**(detail or {}), "watch_until": iso(watch_until)}
    _record(writer, row["id"], Act.END, said, level=row["level"], detail=told, reason=reason)
    ended = operation_rows.change(writer, row, values)
    _close(writer, row, said)
    return ended


def _close(writer: Writer, row: Mapping[str, Any], said: Said) -> None:
    """Let what was begun with an operation, whose row says so already, go with it."""
    tasks.drop(writer, row["id"], now=said.now, by=said.by)
    if row["kind"] == Kind.EVENT:
        events.close(writer, row)
    drills.clear(writer, row, now=said.now)


def _owed(row: Mapping[str, Any], said: Said) -> dict[str, Any]:
    """What an act on another's word leaves to be confirmed 补签, and by whom: the last named."""
    if not said.on_word:
        return {"needs_confirmation": row["needs_confirmation"]}
    return {
        "needs_confirmation": True,
        "approved_by": said.approved_by,
        "approval": said.approval,
        "document_no": said.document_no,
    }


def _record(
    writer: Writer,
    operation_id: str,
    act: str,
    said: Said,
    *,
    level: int | None,
    detail: Mapping[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    told = {
        "approved_by": said.approved_by,
        "approval": said.approval,
        "document_no": said.document_no,
        "on_word": said.on_word,
    }
    last = select(func.max(operation_act.c.n)).where(operation_act.c.operation_id == operation_id)
    writer.conn.execute(
        insert(operation_act).values(
            operation_id=operation_id,
            n=(writer.conn.execute(last).scalar() or 0) + 1,
            act=act,
            level=level,
            effective_at=said.counts_from,
            entered_at=said.now,
            real_at=datetime.now(UTC),
            by=said.by,
            role=said.role,
            reason=said.reason if reason is None else reason,
            detail={**said.detail, **told, **(detail or {})},
        )
    )
