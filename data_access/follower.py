"""Following the changes: what is judged or counted is worked out from what changed, not rescanned.

A follower remembers in the store how far it has come, in the same transaction as what it wrote: a
killed process goes on where its effects end. Where changes it has not seen are already forgotten,
or there is no memory yet, :meth:`Follower.begin` says so and its owner starts from the state.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update

from data_access.changes import Change, Wake, Writer, follow, latest_seq, oldest_seq
from data_access.store import Store
from data_access.tables import follower

log = logging.getLogger(__name__)

LIMIT = 5_000
RETRY_S = 2.0
POLL_S = 0.01


class Follower:
    """A position in the changes, kept under ``name``."""

    def __init__(self, name: str) -> None:
        """Know nothing yet; :meth:`begin` looks up the position."""
        self.name = name
        self.seq = 0

    def begin(self, conn: Connection) -> bool:
        """Look up the position; say whether every change after it is still kept.

        False: there was no memory, or changes were forgotten meanwhile. The position then is the
        newest, and the owner works from the state that ``conn`` shows.
        """
        query = select(follower.c.seq).where(follower.c.name == self.name)
        kept = conn.execute(query).scalar()
        if kept is None or kept + 1 < oldest_seq(conn):
            self.seq = latest_seq(conn)
            return False
        self.seq = int(kept)
        return True

    def changes(self, conn: Connection, limit: int = LIMIT) -> list[Change]:
        """Read the next changes; nothing is remembered before :meth:`keep`."""
        return follow(conn, self.seq, limit)

    def keep(self, writer: Writer, seq: int) -> None:
        """Remember, in the transaction of what was done about them, all changes up to ``seq``.

        Set :attr:`seq` to it once the transaction has ended well.
        """
        now = datetime.now(UTC)
        statement = update(follower).where(follower.c.name == self.name)
        if not writer.conn.execute(statement.values(seq=seq, real_at=now)).rowcount:
            writer.conn.execute(insert(follower).values(name=self.name, seq=seq, real_at=now))


def run(
    store: Store,
    name: str,
    step: Callable[[], bool],
    stop: threading.Event,
    *,
    idle_s: float = 1.0,
    rest_s: float = 0.0,
) -> None:
    """Call ``step`` whenever the store changed, and every ``idle_s``, until ``stop``.

    ``rest_s``: how long at least it rests after a step, so that many small changes are one step.
    ``step`` says whether more is waiting. What it raises is logged and tried again: one that
    judges must not fall silent for a database that was away.
    """
    wake: Wake | None = None
    while not stop.is_set():
        try:
            if wake is None:
                wake = Wake(store.url, poll_s=max(POLL_S, rest_s / 4))
            while step() and not stop.is_set():
                pass
            if not stop.wait(rest_s):
                wake.wait(idle_s)
        except Exception:
            log.exception("%s failed; trying again", name)
            if wake is not None:
                wake.close()
                wake = None
            stop.wait(RETRY_S)
    if wake is not None:
        wake.close()


def start(
    store: Store,
    name: str,
    step: Callable[[], bool],
    stop: threading.Event,
    *,
    idle_s: float = 1.0,
    rest_s: float = 0.0,
) -> threading.Thread:
    """Run in a thread of its own; see :func:`run`."""
    thread = threading.Thread(
        target=run,
        args=(store, name, step, stop),
        kwargs={"idle_s": idle_s, "rest_s": rest_s},
        name=name,
        daemon=True,
    )
    thread.start()
    return thread
