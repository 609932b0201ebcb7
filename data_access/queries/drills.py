"""What is of a drill 演练, and what of it stands: the one place that tells it from what is real.

A question about things leaves drills out unless its reader asks for them. What a drill's feed told
stands while the drill is run; afterwards it is in the record alone.
"""

from enum import StrEnum, unique
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    Table,
    Text,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from dashboard.domain.drills import Input, feed_of, named
from dashboard.domain.operations import State
from data_access.tables import (
    alert,
    call,
    camera,
    case,
    escalation,
    feed,
    operation,
    place,
    promise,
    reading_latest,
    responder,
    station,
    warning,
)

MARKED = frozenset(
    it.name
    for it in (
        *(alert, call, camera, case, escalation, feed, place, promise, reading_latest),
        *(responder, station, warning),
    )
)
"""Tables of things that may be of a drill; acts and operations are marked, never left out."""


@unique
class Drills(StrEnum):
    """Which things a question gives: those that are real, those of drills, or both."""

    NONE = "false"
    ONLY = "true"
    ALL = "all"


def asked(column: ColumnElement[Any], drills: Drills) -> ColumnElement[bool]:
    """Say that a row is of those asked for; ``column``: any of a table that may hold a drill's."""
    table: Any = getattr(column, "table", None)
    if drills is Drills.ALL or table is None or "drill" not in table.c:
        return true()
    if drills is Drills.ONLY:
        only: ColumnElement[bool] = table.c.drill == true()
        return only
    return real(table) if table.name in MARKED else true()


def real(table: Table) -> ColumnElement[bool]:
    """Say that a row is of no drill."""
    return table.c.drill == false()


def stands(table: Table) -> ColumnElement[bool]:
    """Say that a row is real, or of no drill that is over; ``table`` says which feed told it."""
    return or_(real(table), table.c.feed.not_in(_feeds_over()))


def feed_stands() -> ColumnElement[bool]:
    """Say that a feed is a real one, or of no drill that is over."""
    return or_(real(feed), feed.c.id.not_in(_feeds_over()))


def alert_stands() -> ColumnElement[bool]:
    """Say that an alert is real, or about something of no drill that is over."""
    own = operation.c.id.concat(literal(named("", ""), Text))
    about = or_(
        func.substr(alert.c.subject_id, 1, func.length(own)) == own,
        alert.c.subject_id == literal(feed_of(""), Text).concat(operation.c.id),
    )
    return or_(real(alert), not_(exists(_over(operation.c.id).where(about))))


def fed(conn: Connection) -> list[Any]:
    """The rows of the drills that are run on an input, by their number."""
    query = select(operation).where(
        operation.c.drill == true(),
        operation.c.state == State.IN_FORCE,
        operation.c.input.is_not(None),
        operation.c.input != Input.NONE,
    )
    return list(conn.execute(query.order_by(operation.c.id)))


def is_run(conn: Connection, operation_id: str) -> bool:
    """Say whether a drill is run, and keep it so until the transaction ends."""
    query = select(operation.c.state).where(operation.c.id == operation_id)
    if conn.dialect.name == "postgresql":
        query = query.with_for_update(read=True)
    return bool(conn.execute(query).scalar() == State.IN_FORCE)


def _over(*what: Any) -> Select[Any]:
    return select(*what).where(operation.c.drill == true(), operation.c.state != State.IN_FORCE)


def _feeds_over() -> ScalarSelect[Any]:
    return _over(literal(feed_of(""), Text).concat(operation.c.id)).scalar_subquery()
