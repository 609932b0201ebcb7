"""The door of an event's room: who may enter, who may act in it, and how what is refused is told.

Members enter, and whoever commands or looks at the whole area of the event; a screen in a hall only
as a member. To everyone else the event is 保障中 and nothing more.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from dashboard.domain import operations as rules
from dashboard.domain.events import reports
from dashboard.domain.events.things import Fault
from dashboard.domain.roles import Role
from dashboard.http import items
from dashboard.http.problems import Problem
from dashboard.http.site import Site, sight_of
from data_access.changes import Writer
from data_access.commands import event_room as commands
from data_access.commands.events import Rejected
from data_access.queries import events, visible
from data_access.queries import operations as queries

GUARDED = "保障中。此活动仅对其成员开放。"
NONE = "没有此活动。"
OVER = "此活动保障已结束。"
MOST_TOLD = 50


def entered(site: Site, operation_id: str) -> visible.Row:
    """Give the operation whose room the caller may enter; raises the problem that says why not."""
    who = site.guard.known()
    with site.store.read() as conn:
        row = queries.find(conn, operation_id=operation_id, sight=sight_of(who))
        if not events.exists(conn, operation_id=operation_id):
            raise Problem(404, NONE)
    if row is None or not who.sees_room(operation_id):
        raise Problem(403, GUARDED)
    return row


def commanded(site: Site, operation_id: str) -> visible.Row:
    """Give the operation that the caller may change: its whole area is within their scope."""
    row = entered(site, operation_id)
    if not site.guard.known().covers([row["scope"]]):
        raise Problem(403, "此活动不在您的权限范围内。")
    return row


def on_wall(site: Site) -> bool:
    """Say whether a screen in a hall asks: it is shown no names and nothing that people wrote."""
    return site.guard.known().role is Role.WALL


def by(site: Site) -> commands.By:
    """Say who acts, and when by the city's clock."""
    who = site.guard.known()
    return commands.By(who=who.name, name=who.display_name, now=site.clock.now())


def act(
    site: Site,
    row: Mapping[str, Any],
    what: str,
    perform: Callable[[commands.Room, commands.By], Any],
    *,
    detail: Mapping[str, Any] | None = None,
) -> Any:
    """Do something in a room in one transaction with its line in the audit."""
    with _refusals(), site.store.write() as writer:
        room = _room(writer, row["id"])
        done = perform(room, by(site))
        site.note(writer, what, subject=row["id"], detail=dict(detail or {}), scope=row["scope"])
    return done


def told(row: Mapping[str, Any], *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    """Write a row of the room: times ISO 8601, without what only decides who may see it."""
    hidden = ("scope", "event", "live", "operation", *but)
    return {str(name): items.iso(value) for name, value in row.items() if name not in hidden}


def rejected(faults: list[Fault]) -> Problem:
    """Say what is wrong with a batch, fault by fault; nothing of it was taken."""
    first = faults[0]
    named = f"{first.id}：" if first.id else ""
    return Problem(
        422,
        f"{named}{first.field}：{first.reason}" + ("" if len(faults) == 1 else "（另有其他问题）"),
        field=first.field,
        rejected=[
            {
                "index": None if fault.place < 0 else fault.place,
                "id": fault.id,
                "field": fault.field,
                "reason": fault.reason,
            }
            for fault in faults[:MOST_TOLD]
        ],
        count=len(faults),
    )


def _room(writer: Writer, operation_id: str) -> commands.Room:
    try:
        return commands.Room(writer, operation_id)
    except KeyError as missing:
        raise Problem(404, NONE) from missing
    except commands.Closed as closed:
        raise Problem(409, OVER) from closed


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except Rejected as wrong:
        raise rejected(wrong.faults) from wrong
    except (commands.Refused, reports.Refused, rules.Refused) as refused:
        raise Problem(422, f"{refused.field}：{refused.reason}", field=refused.field) from refused
    except commands.Stale as stale:
        state = told(stale.state)
        raise Problem(409, "已被他人更改，或状态已变化。", state=state) from stale
    except KeyError as missing:
        raise Problem(404, f"没有此对象：{str(missing.args[0])[:60]}") from missing
