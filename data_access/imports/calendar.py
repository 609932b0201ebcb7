"""Owns what a list of holidays that changed does to open cases: their own deadlines follow it."""

from sqlalchemy import or_, select, true

from dashboard.domain.cases import ANSWERED
from data_access import treating
from data_access.clock import StoreClock
from data_access.store import Store
from data_access.tables import case


def follow_calendar(store: Store) -> int:
    """Compute the deadlines of open cases anew, some at a time; gives how many moved.

    One that a feed gave stands. It is done for the same list again as well: an import that was
    killed on its way is made good by the next.
    """
    columns = case.c
    own = or_(columns.due_by == "rule", columns.desk_due_at.is_not(None))
    query = select(columns.id).where(
        columns.live == true(), columns.stage.not_in(sorted(ANSWERED)), own
    )
    with store.read() as conn:
        ids = list(conn.execute(query.order_by(columns.id)).scalars())
    clock = StoreClock(store)
    pages = range(0, len(ids), treating.CHUNK)
    return sum(treating.settle(store, clock, ids[at : at + treating.CHUNK]) for at in pages)
