"""What becomes of a reject: retried, or dismissed."""

from sqlalchemy import update

from data_access.changes import Writer
from data_access.tables import reject


def settle(writer: Writer, *, reject_id: int, state: str) -> bool:
    """Set an open reject to ``retried`` or ``dismissed``; False where it is not open any more."""
    statement = (
        update(reject).where(reject.c.id == reject_id, reject.c.state == "open").values(state=state)
    )
    return writer.conn.execute(statement).rowcount > 0
