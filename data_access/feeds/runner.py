"""Runs feeds: keeps their state in the store, and is the one place where their failures end.

A feed that fails says so once, is tried again with growing pauses, and says once that it is back.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from dashboard.domain.words import Words
from data_access.changes import Writer
from data_access.ingest import tally
from data_access.store import Store
from data_access.tables import feed

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 30.0
MAX_MESSAGE = 300


Message = str | Words
"""What a feed says of itself: in both languages, or what a machine said, as it is."""


def _said(message: Message) -> dict[str, str]:
    """Give the columns of a message."""
    words = message if isinstance(message, Words) else Words(message, message)
    return {"message": words.zh[:MAX_MESSAGE], "message_en": words.en[:MAX_MESSAGE]}


class FeedState:
    """A feed's row in the store: state ``loading``, ``ok``, ``failed`` or ``ended``."""

    def __init__(
        self,
        store: Store,
        *,
        name: str,
        title: str,
        kind: str,
        scope: str,
        expect_s: int | None = None,
        drill: bool = False,
    ) -> None:
        """``name``: the feed's id; nothing is written before :meth:`begin`.

        ``expect_s``: real seconds within which it should speak again, else it is called silent;
        None leaves what the store was told. ``drill``: it tells of a drill.
        """
        self.store = store
        self.name = name
        self.title = title
        self.kind = kind
        self.scope = scope
        self.expect_s = expect_s
        self.drill = drill
        self.shown: tuple[str, Message] | None = None

    def begin(self, state: str, message: Message = "") -> Mapping[str, Any] | None:
        """Enter the feed, or find it as it stood; gives the position at which it goes on."""
        with self.store.write() as writer:
            return self.begin_in(writer, state, message)

    def begin_in(
        self, writer: Writer, state: str, message: Message = ""
    ) -> Mapping[str, Any] | None:
        """As :meth:`begin`, in a transaction that does more."""
        query = select(feed.c.position, feed.c.scope).where(feed.c.id == self.name)
        found = writer.conn.execute(query).one_or_none()
        values: dict[str, Any] = {
            "name": self.title,
            "kind": self.kind,
            "scope": self.scope,
            "drill": self.drill,
        }
        values |= {"state": state, **_said(message)}
        if self.expect_s is not None:
            values["expect_s"] = self.expect_s
        if found is None:
            writer.conn.execute(insert(feed).values(id=self.name, **values))
        else:
            writer.conn.execute(update(feed).where(feed.c.id == self.name).values(**values))
        self.shown = (state, message)
        before = None if found is None else found.scope
        self._tell(writer, before)
        return None if found is None else found.position

    def show(self, state: str, message: Message = "") -> None:
        """Show another state; the same one again writes nothing."""
        if (state, message) == self.shown:
            return
        with self.store.write() as writer:
            writer.conn.execute(
                update(feed).where(feed.c.id == self.name).values(state=state, **_said(message))
            )
            self._tell(writer, self.scope)
        self.shown = (state, message)

    def _tell(self, writer: Writer, before: str | None) -> None:
        writer.changed("feeds", self.name, old_scope=before, new_scope=self.scope, drill=self.drill)

    def count(
        self,
        *,
        accepted: int = 0,
        unchanged: int = 0,
        rejected: int = 0,
        city_at: datetime,
        position: Mapping[str, Any] | None = None,
    ) -> None:
        """Add to the counts, say up to which moment the feed told, and where it goes on."""
        with self.store.write() as writer:
            tally.add(
                writer,
                self.name,
                read=accepted + unchanged + rejected,
                accepted=accepted,
                unchanged=unchanged,
                rejected=rejected,
                city_at=city_at,
            )
            if position is not None:
                writer.conn.execute(
                    update(feed).where(feed.c.id == self.name).values(position=dict(position))
                )

    def stands_at(self, moment: datetime) -> None:
        """Write down up to which moment the feed told."""
        with self.store.write() as writer:
            writer.conn.execute(
                update(feed)
                .where(feed.c.id == self.name)
                .values(position={"until": moment.isoformat()})
            )


def keep_going(
    state: FeedState,
    step: Callable[[], float | None],
    stop: threading.Event,
    *,
    ended: Message = "",
) -> None:
    """Call ``step`` until it gives None or ``stop`` is set; it gives the seconds to the next call.

    Whatever it raises becomes the state ``failed`` and a pause.
    """
    failures = 0
    while not stop.is_set():
        try:
            pause = step()
            if failures:
                log.info("feed %s is back after %d failures", state.name, failures)
                failures = 0
            if pause is None:
                tally.publish(state.store)  # what is said to be over has its counts
                state.show("ended", ended)
                return
            state.show("ok")
        except Exception as error:
            failures += 1
            if failures == 1:
                log.exception("feed %s failed", state.name)
            _try_to_say(state, error)
            pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** min(failures - 1, 10))
        stop.wait(pause)


def _try_to_say(state: FeedState, error: Exception) -> None:
    """Show the failure, unless the store itself is what failed."""
    reason = str(error).partition("\n")[0]
    try:
        state.show("failed", f"{type(error).__name__}: {reason}")
    except Exception as second:  # noqa: BLE001 - the first one is in the log already
        log.debug("the state of feed %s cannot be shown: %s", state.name, second)
