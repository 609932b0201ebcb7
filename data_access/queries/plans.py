"""Tasks of an operation."""

from sqlalchemy import Connection, select

from data_access.queries import visible
from data_access.tables import task


def tasks(conn: Connection, *, operation_id: str) -> list[visible.Row]:
    """All tasks of an operation, in the plan's order, done or not."""
    query = select(task).where(task.c.operation == operation_id)
    return visible.rows(conn, query.order_by(task.c.n, task.c.id))


def find(conn: Connection, *, task_id: str, sight: visible.Sight) -> visible.Row | None:
    """One task, or None where there is none that the reader may see."""
    query = select(task).where(
        task.c.id == task_id, visible.seen(task.c.scope, task.c.event, sight)
    )
    return next(iter(visible.rows(conn, query)), None)
