"""Owns the life cycle of a case as one state machine, and what each move does to its clocks.

A case's record is a bag of happenings with their times; they may come late and out of order, so
everything here is a fold over all of them in order of time. A feed may leave steps out: whatever
lies ahead on the road can be told at once. A move that no one can make is *odd*: it is kept and
shown, the case then stands where its platform says, and its clocks go by where it stands.

The disposal clock 处置 is the unit's. It starts with 派遣 (立案 only starts the desk's own clock
of dispatching), stops at 处置反馈, goes on from where it stood at 返工, stands while a case is 挂账
or 顺延, and begins anew when a case that came back from a wrong unit 回退 is dispatched again. 延期
moves the deadline and stops nothing; 催办, 督办 and 自处置 touch no clock.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum, unique
from typing import NamedTuple

from dashboard.domain.cases import PAUSING, STAGE_ORDER, TERMINAL, WITH_UNIT, Mark, Stage
from dashboard.domain.deadlines import DESK_CLOCKS, Extension, Run
from dashboard.domain.words import Words

_ZERO = timedelta(0)


@unique
class Actor(StrEnum):
    """Who moves a case."""

    REPORTER = "reporter"
    SEAT = "seat"
    HEAD = "head"
    DISPATCHER = "dispatcher"
    UNIT = "unit"
    COLLECTOR = "collector"


ACTORS: dict[str, Words] = {
    Actor.REPORTER: Words("上报人", "Reporter"),
    Actor.SEAT: Words("受理员", "Seat"),
    Actor.HEAD: Words("值班长", "Head of shift"),
    Actor.DISPATCHER: Words("派遣员", "Dispatcher"),
    Actor.UNIT: Words("责任单位", "Unit"),
    Actor.COLLECTOR: Words("采集员", "Collector"),
}


@unique
class Effect(StrEnum):
    """What a move does to the disposal clock."""

    NONE = "none"
    START = "start"
    GO_ON = "go_on"
    STOP = "stop"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class Move:
    """One move that can be made: who takes a case from where to where, and the clock."""

    of: Stage | None
    to: Stage
    by: Actor
    effect: Effect = Effect.NONE


MOVES: tuple[Move, ...] = (
    Move(None, Stage.REPORTED, Actor.REPORTER),
    # The desk, before a unit has the case.
    Move(Stage.REPORTED, Stage.ACCEPTED, Actor.SEAT),
    Move(Stage.REPORTED, Stage.DECLINED, Actor.SEAT),
    Move(Stage.REPORTED, Stage.VOIDED, Actor.SEAT),
    Move(Stage.ACCEPTED, Stage.VERIFYING, Actor.SEAT),
    Move(Stage.VERIFYING, Stage.ACCEPTED, Actor.COLLECTOR),
    Move(Stage.ACCEPTED, Stage.FILED, Actor.HEAD),
    Move(Stage.ACCEPTED, Stage.DECLINED, Actor.HEAD),
    Move(Stage.ACCEPTED, Stage.VOIDED, Actor.HEAD),
    Move(Stage.VERIFYING, Stage.FILED, Actor.HEAD),
    Move(Stage.VERIFYING, Stage.DECLINED, Actor.HEAD),
    Move(Stage.VERIFYING, Stage.VOIDED, Actor.HEAD),
    Move(Stage.FILED, Stage.DISPATCHED, Actor.DISPATCHER, Effect.START),
    Move(Stage.FILED, Stage.VOIDED, Actor.DISPATCHER),
    # The unit.
    Move(Stage.DISPATCHED, Stage.HANDLING, Actor.UNIT),
    Move(Stage.DISPATCHED, Stage.HANDLED, Actor.UNIT, Effect.STOP),
    Move(Stage.HANDLING, Stage.HANDLED, Actor.UNIT, Effect.STOP),
    Move(Stage.DISPATCHED, Stage.VOIDED, Actor.DISPATCHER, Effect.STOP),
    Move(Stage.HANDLING, Stage.VOIDED, Actor.DISPATCHER, Effect.STOP),
    # 回退: the wrong unit gives it back, and the dispatcher sends it to another.
    Move(Stage.DISPATCHED, Stage.FILED, Actor.UNIT, Effect.RESET),
    Move(Stage.HANDLING, Stage.FILED, Actor.UNIT, Effect.RESET),
    Move(Stage.DISPATCHED, Stage.DISPATCHED, Actor.DISPATCHER),
    Move(Stage.HANDLING, Stage.DISPATCHED, Actor.DISPATCHER),
    # 核查, and 返工 where it does not agree with what the unit said.
    Move(Stage.HANDLED, Stage.CHECKING, Actor.DISPATCHER),
    Move(Stage.HANDLED, Stage.CLOSED, Actor.DISPATCHER),
    Move(Stage.CHECKING, Stage.CLOSED, Actor.COLLECTOR),
    Move(Stage.HANDLED, Stage.HANDLING, Actor.DISPATCHER, Effect.GO_ON),
    Move(Stage.HANDLED, Stage.DISPATCHED, Actor.DISPATCHER, Effect.GO_ON),
    Move(Stage.CHECKING, Stage.HANDLING, Actor.COLLECTOR, Effect.GO_ON),
    Move(Stage.CHECKING, Stage.DISPATCHED, Actor.COLLECTOR, Effect.GO_ON),
    Move(Stage.HANDLED, Stage.VOIDED, Actor.DISPATCHER),
    Move(Stage.CHECKING, Stage.VOIDED, Actor.DISPATCHER),
)
"""Every move, in the order of the road."""

_BY_STAGES: dict[tuple[str | None, str], Move] = {(it.of, it.to): it for it in MOVES}

_MARKED_IN: dict[str, frozenset[str]] = {
    Mark.SUSPENDED: WITH_UNIT,
    Mark.DEFERRED: WITH_UNIT,
    Mark.EXTENDED: WITH_UNIT,
    Mark.RETURNED: WITH_UNIT | {Stage.FILED},
    Mark.REWORKED: WITH_UNIT | {Stage.HANDLED, Stage.CHECKING},
    Mark.URGED: frozenset(STAGE_ORDER) - TERMINAL,
    Mark.SUPERVISED: frozenset(STAGE_ORDER) - TERMINAL,
    Mark.SELF_HANDLED: frozenset(STAGE_ORDER) - {Stage.DECLINED, Stage.VOIDED},
}
"""The stages in which a mark can be set."""

_STAYS: frozenset[str] = frozenset({Mark.REWORKED, Mark.RETURNED, Mark.EXTENDED})
"""Marks that say what was: told of a case that has gone on since, they are not odd."""


def _reach() -> dict[str | None, frozenset[str]]:
    """What lies ahead of each stage on the road, by moves that lead forward."""
    ahead: dict[str | None, frozenset[str]] = {}
    for stage in (*reversed(STAGE_ORDER), None):
        found: set[str] = set()
        for move in MOVES:
            forward = stage is None or STAGE_ORDER[move.to] > STAGE_ORDER[stage]
            if move.of == stage and forward:
                found |= {move.to} | ahead.get(move.to, frozenset())
        ahead[stage] = frozenset(found)
    return ahead


_AHEAD = _reach()


class Happening(NamedTuple):
    """One line of a record: ``kind`` stage, mark or unmark; ``until``: an end that it names."""

    kind: str
    code: str
    at: datetime
    until: datetime | None = None


@dataclass(slots=True)
class Clocks:
    """How a case stands after its record.

    ``runs``: when the disposal clock ran, since it last began anew. ``paused``: time of ended
    stops by 挂账 and 顺延; ``paused_since``: one that goes on. ``handled_at``: the 处置反馈 that
    stands. ``desk``: the desk's clock that runs, ``desk_since`` from when. ``odd``: places of
    happenings, in the order given, that were no possible move, and where the case then stood.
    """

    stage: str | None = None
    stage_at: datetime | None = None
    filed_at: datetime | None = None
    clock_from: datetime | None = None
    runs: list[Run] = field(default_factory=list)
    paused: timedelta = _ZERO
    paused_since: datetime | None = None
    handled_at: datetime | None = None
    extensions: list[Extension] = field(default_factory=list)
    marks: set[str] = field(default_factory=set)
    desk: str | None = None
    desk_since: datetime | None = None
    odd: dict[int, str | None] = field(default_factory=dict)

    @property
    def running_since(self) -> datetime | None:
        """From when the disposal clock runs; None: it stands."""
        return self.runs[-1].since if self.runs and self.runs[-1].until is None else None

    @property
    def spent(self) -> timedelta:
        """What passed on the disposal clock until it last stopped."""
        return sum((it.until - it.since for it in self.runs if it.until is not None), _ZERO)


def can_move(of: str | None, to: str) -> bool:
    """Say whether a case can come from one stage to another, told in one step or in several."""
    return of == to or (of, to) in _BY_STAGES or to in _AHEAD[of]


def move_of(of: str | None, to: str) -> Move | None:
    """Give the move between two stages, where it is one."""
    return _BY_STAGES.get((of, to))


def in_order(record: Sequence[Happening]) -> list[int]:
    """Give the places of a record's lines in the order in which they happened.

    What happened at one moment goes by the road; marks stand behind the stages, but for an end.
    """

    def place(n: int) -> tuple[datetime, int, int]:
        kind, code, at, _ = record[n]
        if kind == "stage":
            return at, 3 if code in TERMINAL else 0, STAGE_ORDER[code]
        return at, 1 if kind == "mark" else 2, 0

    return sorted(range(len(record)), key=place)


def fold(record: Iterable[Happening]) -> Clocks:
    """Read a record, in whatever order it came, into how the case stands."""
    lines = list(record)
    clocks = Clocks()
    for n in in_order(lines):
        line, stood = lines[n], clocks.stage
        if line.kind == "stage":
            possible = _stage(clocks, line)
        elif line.kind == "mark":
            possible = _mark(clocks, line)
        else:
            _unmark(clocks, line)
            possible = True
        if not possible:
            clocks.odd[n] = stood
    return clocks


def _stage(clocks: Clocks, line: Happening) -> bool:
    before, to, at = clocks.stage, line.code, line.at
    possible = can_move(before, to)
    sent_anew = to == Stage.DISPATCHED and Mark.RETURNED in clocks.marks
    if to == before and not sent_anew:
        return possible
    if to == Stage.FILED and clocks.filed_at is None:
        clocks.filed_at = at
    if before in WITH_UNIT and (to == Stage.FILED or sent_anew):
        _reset(clocks)
    if to in WITH_UNIT:
        clocks.handled_at = None
        _run(clocks, at)
    else:
        if to == Stage.HANDLED or (to == Stage.CLOSED and clocks.handled_at is None):
            clocks.handled_at = at
        # A case that leaves its unit is 挂账 no more, whether or not that was said.
        _end_pause(clocks, at)
        clocks.marks -= PAUSING
        _stop(clocks, at)
    desk = DESK_CLOCKS.get(to)
    if desk is None or desk != clocks.desk:
        clocks.desk_since = at if desk else None
    clocks.desk = desk
    clocks.stage, clocks.stage_at = to, at
    return possible


def _mark(clocks: Clocks, line: Happening) -> bool:
    mark = line.code
    possible = mark in _STAYS or clocks.stage is None or clocks.stage in _MARKED_IN[mark]
    if mark in PAUSING and clocks.stage in WITH_UNIT and clocks.paused_since is None:
        _stop(clocks, line.at)
        clocks.paused_since = line.at
    if mark == Mark.EXTENDED and all(it.at != line.at for it in clocks.extensions):
        clocks.extensions.append(Extension(line.at, line.until))
    clocks.marks.add(mark)
    return possible


def _unmark(clocks: Clocks, line: Happening) -> None:
    clocks.marks.discard(line.code)
    if line.code in PAUSING and not clocks.marks & PAUSING:
        _end_pause(clocks, line.at)
        if clocks.stage in WITH_UNIT:
            _run(clocks, line.at)


def _run(clocks: Clocks, at: datetime) -> None:
    if clocks.clock_from is None:
        clocks.clock_from = at
    if clocks.marks & PAUSING:
        clocks.paused_since = clocks.paused_since or at
    elif clocks.running_since is None:
        clocks.runs.append(Run(at, None))


def _stop(clocks: Clocks, at: datetime) -> None:
    since = clocks.running_since
    if since is not None:
        clocks.runs[-1] = Run(since, at)


def _end_pause(clocks: Clocks, at: datetime) -> None:
    if clocks.paused_since is not None:
        clocks.paused += max(at - clocks.paused_since, _ZERO)
        clocks.paused_since = None


def _reset(clocks: Clocks) -> None:
    """Another unit begins with its whole limit."""
    clocks.runs.clear()
    clocks.clock_from = None
    clocks.extensions.clear()
    clocks.paused, clocks.paused_since = _ZERO, None
    clocks.marks.discard(Mark.RETURNED)
