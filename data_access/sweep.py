"""What leaves a working set by the passing of time, and is told to the readers.

Run often by the one ingest process; a case leaves 24 hours after its end, a warning at its expiry.
The desk's 督办 ends here too, at the moment it was given until. A message of the outbox leaves an
hour of real time after it was settled. 加强值班 ends at its time. What was told of a typhoon for a
later moment becomes known.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, select, true, update

from dashboard.domain.cases import LIVE_FOR
from dashboard.domain.events.versions import SHOWN_AFTER
from data_access import outbox, typhoons
from data_access.commands.case_acts import end_supervision
from data_access.commands.operations import end_watches, watches_over
from data_access.store import Store
from data_access.tables import case, event_thing, warning
from data_access.tables import outbox as messages

BATCH_ROWS = 2_000


def sweep(store: Store, now: datetime) -> int:
    """Take out of the working sets what its time has left; returns how many rows went."""
    total = 0
    while True:
        with store.read() as conn:
            pending = (
                conn.execute(_ended_cases(now)).first()
                or conn.execute(_expired_warnings(now)).first()
                or conn.execute(_ended_supervision(now)).first()
                or conn.execute(_replaced(now)).first()
                or conn.execute(_settled_messages()).first()
                or conn.execute(typhoons.turning(now)).first()
                or conn.execute(watches_over(now)).first()
            )
        if pending is None:
            return total
        total += _sweep_once(store, now)


def _sweep_once(store: Store, now: datetime) -> int:
    with store.write() as writer:
        cases = writer.conn.execute(_ended_cases(now)).all()
        if cases:
            ids = [row.id for row in cases]
            writer.conn.execute(update(case).where(case.c.id.in_(ids)).values(live=False))
        for row in cases:
            writer.changed(
                "cases", row.id, old_scope=row.scope, new_scope=row.scope, drill=row.drill
            )
        warnings = writer.conn.execute(_expired_warnings(now)).all()
        if warnings:
            ids = [row.id for row in warnings]
            writer.conn.execute(update(warning).where(warning.c.id.in_(ids)).values(live=False))
        for row in warnings:
            writer.changed(
                "warnings", row.id, old_scope=row.scope, new_scope=row.scope, drill=row.drill
            )
        replaced = writer.conn.execute(_replaced(now)).all()
        if replaced:
            ids = [row.id for row in replaced]
            writer.conn.execute(
                update(event_thing).where(event_thing.c.id.in_(ids)).values(live=False)
            )
        for row in replaced:
            scope, event = row.scope, row.event
            writer.changed("event_things", row.id, old_scope=scope, new_scope=scope, event=event)
        supervised = end_supervision(writer, now)
        settled = outbox.sweep(writer, datetime.now(UTC))
        storms = writer.conn.execute(typhoons.turning(now)).scalars().all()
        typhoons.settle(writer, storms, now)
        watches = end_watches(writer, now)
    gone = len(cases) + len(warnings) + len(replaced) + len(storms)
    return gone + supervised + settled + watches


def _ended_cases(now: datetime) -> Select[Any]:
    return (
        select(case.c.id, case.c.scope, case.c.drill)
        .where(case.c.live == true(), case.c.ended_at <= now - LIVE_FOR)
        .order_by(case.c.ended_at)
        .limit(BATCH_ROWS)
    )


def _ended_supervision(now: datetime) -> Select[Any]:
    return select(case.c.id).where(case.c.supervised_until <= now).limit(1)


def _replaced(now: datetime) -> Select[Any]:
    """States of an event's things that another has replaced a while ago."""
    return (
        select(event_thing.c.id, event_thing.c.scope, event_thing.c.event)
        .where(event_thing.c.live == true(), event_thing.c.until <= now - SHOWN_AFTER)
        .limit(BATCH_ROWS)
    )


def _settled_messages() -> Select[Any]:
    return select(messages.c.id).where(outbox.settled_before(datetime.now(UTC))).limit(1)


def _expired_warnings(now: datetime) -> Select[Any]:
    return (
        select(warning.c.id, warning.c.scope, warning.c.drill)
        .where(warning.c.live == true(), warning.c.expires_at <= now)
        .limit(BATCH_ROWS)
    )
