"""Owns how the list of hazards 隐患清单 of an event is imported: each row a hazard and its state.

A hazard is known by what it is, who clears it and in which zone; a list that comes again turns the
state of those that stand, and takes none away.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from dashboard.domain.events import hazards
from dashboard.domain.records import Limits, checks
from data_access.changes import Writer
from data_access.commands import event_desk
from data_access.commands.event_room import By, Closed, Refused, Room
from data_access.feeds.recording.errors import RecordingError
from data_access.imports.events import ACTOR, only_event
from data_access.imports.judge import ListReport, Options, Rows, word
from data_access.tables import event_hazard

MAX_WHAT = 300
MAX_NOTE = 500
_STATES = {name: state for state, told in hazards.STATES.items() for name in (str(state), told.zh)}


def import_hazards(writer: Writer, records: Sequence[Any], options: Options) -> ListReport:
    """Take hazards of one event. Raises RecordingError where it does not say of which."""
    name = options.operation or only_event(writer.conn)
    try:
        room = Room(writer, name)
    except KeyError as missing:
        raise RecordingError("--operation", "", f"no operation {name!r}") from missing
    except Closed as closed:
        message = f"operation {name!r} guards no event, or is over"
        raise RecordingError("--operation", "", message) from closed
    context = checks.Context(options.now, Limits())
    rows = Rows(records, lambda row: (row["what"], row["unit"], row["zone"]))
    rows.judge(lambda raw: _read(context, raw))
    rows.once("what")
    by = By(who=ACTOR, name=ACTOR, now=options.now)
    standing = _standing(room)
    for index, row in list(rows.good.items()):
        try:
            taken = _take(room, row, standing.get(rows.key(row)), by)
        except Refused as refused:
            rows.refuse(index, refused.field, refused.reason)
            continue
        rows.report.accepted += taken
        rows.report.unchanged += not taken
    return rows.done()


def _read(context: checks.Context, raw: dict[str, Any]) -> dict[str, Any]:
    lon, lat = checks.position(context, raw, required=False)
    state = word(raw, "state", _STATES) or hazards.State.OPEN
    note = checks.text(raw, "note", MAX_NOTE)
    if hazards.needs_note(hazards.State.OPEN, state) and not note:
        raise checks.Bad("note", "销号须写明说明。")
    return {
        "what": checks.needed_text(raw, "what", MAX_WHAT),
        "unit": checks.needed_text(raw, "unit", checks.MAX_NAME),
        "zone": checks.code(raw, "zone"),
        "position": None if lon is None or lat is None else (lon, lat),
        "due_at": checks.maybe_moment(context, raw, "due_at", ahead=True),
        "state": state,
        "note": note,
    }


def _standing(room: Room) -> dict[Any, dict[str, Any]]:
    query = select(event_hazard).where(event_hazard.c.operation == room.id)
    found = room.conn.execute(query.order_by(event_hazard.c.n)).mappings()
    return {(row["what"], row["unit"], row["zone"]): dict(row) for row in found}


def _take(room: Room, row: dict[str, Any], before: dict[str, Any] | None, by: By) -> bool:
    """Enter a hazard, or turn one that stands; says whether anything changed."""
    told = {name: row[name] for name in ("what", "unit", "zone", "position", "due_at")}
    made = before or event_desk.add_hazard(room, by, **told)
    if made["state"] != row["state"]:
        event_desk.turn_hazard(room, made["n"], row["state"], by, note=row["note"], version=None)
    return before is None or made["state"] != row["state"]
