"""Calls whoever is on duty, post by post, as long as nobody acknowledges 叫应.

A group of alerts climbs one ladder: that of its most urgent member that has one. It follows the
changes of alerts, and looks at what is due by the city's clock; both stand in the store, so that a
restart goes on where it was. Acknowledging, clearing or shelving stops the ladder.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, func, insert, or_, select, true, update

from dashboard.domain.ladders import UNREAD, CallState, Ladder, next_look
from data_access import outbox
from data_access.alerts import book, by_mode
from data_access.changes import Writer
from data_access.clock import StoreClock
from data_access.commands import calls
from data_access.follower import Follower
from data_access.profiles import shipped
from data_access.queries import duty as duties
from data_access.queries.visible import rows
from data_access.store import Store
from data_access.tables import alert, call, escalation

NAME = "escalation"
DESTINATION = "calls"
AT_ONCE = 200
KEEP_AFTER = 5_000
"""A position is kept when something was done, or so many changes later."""

Row = Mapping[str, Any]


def make(store: Store, clock: StoreClock) -> Callable[[], bool]:
    """Make the step that ``follower.run`` calls."""
    follower = Follower(NAME)
    begun = False

    def step() -> bool:
        nonlocal begun
        now = clock.now()
        if not begun:
            with store.write() as writer:
                if not follower.begin(writer.conn):
                    _judge(writer, None, now)
                follower.keep(writer, follower.seq)
            begun = True
        more = _follow(store, follower, now)
        return _take_due(store, now) or more

    return step


def _follow(store: Store, follower: Follower, now: datetime) -> bool:
    with store.read() as conn:
        changes = follower.changes(conn)
        keys = {it.key for it in changes if it.topic == "alerts"}
        groups = None if None in keys else _groups(conn, [key for key in keys if key])
    if not changes:
        return False
    last = changes[-1].seq
    if groups is None or groups or last - follower.seq >= KEEP_AFTER:
        with store.write() as writer:
            _judge(writer, groups, now)
            follower.keep(writer, last)
    follower.seq = last
    return True


def _groups(conn: Connection, keys: Sequence[str]) -> list[str]:
    """The groups in which these alerts are, and those for which they climb."""
    found: set[str] = set()
    for first in range(0, len(keys), 500):
        some = keys[first : first + 500]
        found.update(conn.execute(select(alert.c.group).where(alert.c.id.in_(some))).scalars())
        climbing = select(escalation.c.group).where(
            escalation.c.alert_id.in_(some), escalation.c.running == true()
        )
        found.update(conn.execute(climbing).scalars())
    return sorted(found)


# ── who climbs ───────────────────────────────────────────────────────────────────────────────


def _judge(writer: Writer, groups: Sequence[str] | None, now: datetime) -> None:
    """Let each of ``groups`` (None: all) have one alert on its ladder, or none."""
    if groups is not None and not groups:
        return
    conn = writer.conn
    ladders = {rule.id: rule.ladder for rule in book.current(conn).rules.values() if rule.ladder}
    waiting = and_(
        alert.c.live == true(),
        alert.c.active == true(),
        alert.c.acknowledged != true(),
        alert.c.shelved_until.is_(None),
        alert.c.rule.in_(ladders),
    )
    climbing = escalation.c.running == true()
    if groups is not None:
        waiting = and_(waiting, alert.c.group.in_(groups))
        of_groups = or_(escalation.c.group.in_(groups), alert.c.group.in_(groups))
        climbing = and_(climbing, of_groups)
    order = (alert.c.priority, alert.c.cause.desc(), alert.c.since, alert.c.id)
    members = rows(conn, select(alert).where(waiting).order_by(*order))
    known = {row["id"]: row for row in members}
    joined = select(
        escalation,
        alert.c.group.label("group_now"),
        alert.c.acknowledged,
        alert.c.active,
        alert.c.shelved_until,
        alert.c.priority,
    ).join_from(escalation, alert, alert.c.id == escalation.c.alert_id)
    furthest = (escalation.c.step.desc(), alert.c.priority, escalation.c.since)
    acting = {drill: by_mode.running(conn, drill=drill) for drill in (False, True)}
    taken: set[str] = set()
    for row in rows(conn, joined.where(climbing).order_by(*furthest)):
        group = row["group_now"]
        if row["alert_id"] not in known:
            _stop(writer, row, _reason(row), now)
        elif group in taken:
            _stop(writer, row, "joined", now)
        else:
            taken.add(group)
            if group != row["group"]:
                _change(writer, row["alert_id"], {"group": group})
    for row in members:
        if row["group"] not in taken:
            taken.add(row["group"])
            held = by_mode.profile_at(row["scope"], acting[bool(row["drill"])], shipped())
            name = str(ladders[row["rule"]])
            _begin(writer, row, held.ladders.get(name, name), now)


def _begin(writer: Writer, row: Row, name: str, now: datetime) -> None:
    found = duties.ladder_of(writer.conn, name)
    if found is None:
        return
    version, ladder = found
    values = {
        "group": row["group"],
        "ladder": name,
        "ladder_version": version,
        "since": now,
        "step": 0,
        "next_at": ladder.due(0, now),
        "running": True,
        "stopped_at": None,
        "stopped_by": None,
        "stop": None,
        **{name: row[name] for name in ("scope", "event", "drill")},
    }
    again = update(escalation).where(escalation.c.alert_id == row["id"]).values(**values)
    if not writer.conn.execute(again).rowcount:
        writer.conn.execute(insert(escalation).values(alert_id=row["id"], **values))


def _stop(writer: Writer, row: Row, reason: str, now: datetime) -> None:
    alert_id = row["alert_id"]
    _change(
        writer, alert_id, {"running": False, "next_at": None, "stopped_at": now, "stop": reason}
    )
    calls.stop(writer, alert_id, now=now)


def _reason(row: Row) -> str:
    if row["acknowledged"]:
        return "acknowledged"
    if not row["active"]:
        return "cleared"
    return "shelved" if row["shelved_until"] is not None else "gone"


def _change(writer: Writer, alert_id: str, values: Mapping[str, Any]) -> None:
    writer.conn.execute(
        update(escalation).where(escalation.c.alert_id == alert_id).values(**values)
    )


# ── what is due ──────────────────────────────────────────────────────────────────────────────


def _take_due(store: Store, now: datetime) -> bool:
    """Take the steps that are due, and look after the calls that wait; says whether any was."""
    due = and_(escalation.c.running == true(), escalation.c.next_at <= now)
    late = and_(call.c.live == true(), call.c.next_at <= now)
    with store.read() as conn:
        found = conn.execute(select(escalation.c.alert_id).where(due).limit(1)).first()
        if found is None:
            found = conn.execute(select(call.c.id).where(late).limit(1)).first()
    if found is None:
        return False
    with store.write() as writer:
        query = select(escalation).where(due).order_by(escalation.c.next_at).limit(AT_ONCE)
        for row in rows(writer.conn, query.with_for_update()):
            _take_step(writer, row, now)
        waits = select(call).where(late).order_by(call.c.next_at).limit(AT_ONCE)
        for row in rows(writer.conn, waits.with_for_update()):
            _look_after(writer, row, now)
    return True


def _take_step(writer: Writer, row: Row, now: datetime) -> None:
    conn = writer.conn
    found = duties.ladder_of(conn, row["ladder"], row["ladder_version"])
    about = _first(conn, select(alert).where(alert.c.id == row["alert_id"]))
    if found is None or about is None:
        _stop(writer, row, "gone", now)
        return
    ladder, taken = found[1], row["step"]
    reminder = max(0, taken - len(ladder.steps) + 1)
    post = ladder.steps[min(taken, len(ladder.steps) - 1)].post
    persons = _holders(conn, post, about["jurisdiction"], now)
    for person in persons or [{}]:
        _call(writer, about, ladder, person, post=post, step=taken + 1, reminder=reminder, now=now)
    next_at = ladder.due(taken + 1, row["since"])
    if not persons and taken + 1 < len(ladder.steps):
        next_at = now  # nobody holds the post: whoever comes next is called at once
    step = ladder.passed(taken + 1, row["since"], now)
    if step > taken + 1:
        next_at = ladder.due(step, row["since"])
    _change(writer, row["alert_id"], {"step": step, "next_at": next_at})
    whom: dict[str, Any] = {"post": post, "names": [it["name"] for it in persons]}
    if reminder:
        whom["reminder"] = reminder
    made = about["called"] + 1 if taken else 1
    calls.raise_called(writer, about["id"], made, whom=whom, now=now)


def _holders(
    conn: Connection, post: str, jurisdiction: str | None, now: datetime
) -> list[dict[str, Any]]:
    """Those who hold the post nearest to where it is; a district's post needs a district."""
    if duties.posts(conn).get(post, {}).get("level") == "district" and jurisdiction is None:
        return []
    found = duties.on_duty(conn, now, post, jurisdiction)
    return [row for row in found if row["jurisdiction"] == found[0]["jurisdiction"]]


def _call(
    writer: Writer,
    about: Row,
    ladder: Ladder,
    person: Mapping[str, Any],
    *,
    post: str,
    step: int,
    reminder: int,
    now: datetime,
    deputy_of: str | None = None,
) -> None:
    name = secrets.token_urlsafe(12)
    nobody = not person.get("name")
    state = CallState.NOBODY if nobody else CallState.WAITING
    row = {
        "id": name,
        "alert_id": about["id"],
        "step": step,
        "reminder": reminder,
        "post": post,
        **{key: person.get(key) for key in ("jurisdiction", "name", "phone", "account")},
        "deputy_of": deputy_of,
        "deputy": _deputy(person),
        "state": state.value,
        "made_at": now,
        "delivery": None if nobody else outbox.WAITING,
        "next_at": next_look(state, ladder, now),
        "live": True,
        **{key: about[key] for key in ("scope", "event", "drill")},
    }
    if not nobody:
        row["outbox_id"] = _tell(writer, outbox.CALL, row, about, now)
    writer.conn.execute(insert(call).values(**row))
    writer.changed("calls", name, new_scope=about["scope"], drill=about["drill"])


def _deputy(person: Mapping[str, Any]) -> dict[str, Any] | None:
    if not person.get("deputy"):
        return None
    return {
        "name": person["deputy"],
        "phone": person.get("deputy_phone"),
        "account": person.get("deputy_account"),
        "jurisdiction": person.get("jurisdiction"),
    }


def _tell(writer: Writer, kind: str, row: Mapping[str, Any], about: Row, now: datetime) -> str:
    return outbox.put(
        writer,
        kind,
        DESTINATION,
        {
            "call": row["id"],
            "post": row["post"],
            "name": row["name"],
            "phone": row["phone"],
            "step": row["step"],
            "alert": {
                "id": about["id"],
                "rule": about["rule"],
                "priority": about["priority"],
                "group": about["group"],
                "subject": {"topic": about["subject_topic"], "id": about["subject_id"]},
                "since": about["since"].isoformat(),
                "value": about["value"],
                "threshold": about["threshold"],
            },
        },
        subject=f"alerts/{about['id']}",
        now=now,
        scope=about["scope"],
        event=about["event"],
        drill=bool(about["drill"]),
    )


def _look_after(writer: Writer, row: Row, now: datetime) -> None:
    """An unread call asks for the telephone; an unanswered one goes to the deputy."""
    conn = writer.conn
    about = _first(conn, select(alert).where(alert.c.id == row["alert_id"]))
    climb = select(escalation).where(escalation.c.alert_id == row["alert_id"])
    climbing = _first(conn, climb)
    found = None
    if climbing is not None:
        found = duties.ladder_of(conn, climbing["ladder"], climbing["ladder_version"])
    if about is None or found is None:
        calls.change(writer, row, {"next_at": None})
        return
    ladder = found[1]
    if now >= row["made_at"] + ladder.answer_within:
        calls.change(writer, row, {"state": CallState.UNANSWERED.value, "next_at": None})
        if row["deputy"]:
            _call(
                writer,
                about,
                ladder,
                row["deputy"],
                post=row["post"],
                step=row["step"],
                reminder=row["reminder"],
                now=now,
                deputy_of=row["id"],
            )
        return
    look = {"next_at": next_look(CallState.WAKE, ladder, row["made_at"])}
    if row["state"] not in UNREAD:
        calls.change(writer, row, look)
        return
    calls.change(writer, row, {"state": CallState.WAKE.value, "wake_at": now, **look})
    _tell(writer, "call.wake", row, about, now)


def leave(writer: Writer, alert_ids: Sequence[str], *, now: datetime) -> None:
    """Stop the ladders of alerts that stand no more, with all their calls."""
    for first in range(0, len(alert_ids), 500):
        query = select(escalation).where(
            escalation.c.alert_id.in_(alert_ids[first : first + 500]),
            escalation.c.running == true(),
        )
        for row in rows(writer.conn, query.order_by(escalation.c.alert_id).with_for_update()):
            _stop(writer, row, "gone", now)


def running(conn: Connection) -> int:
    """How many ladders are being climbed."""
    query = select(func.count()).select_from(escalation).where(escalation.c.running == true())
    return int(conn.execute(query).scalar_one())


def _first(conn: Connection, query: Select[Any]) -> Row | None:
    found = rows(conn, query)
    return found[0] if found else None
