"""The picture: what the hub knows of the store at its ``seq``, read in one snapshot each time.

The latest changes of every topic with their rows, the city's clock, and the feeds.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

import gevent

from dashboard.domain.clock import CityClock
from dashboard.domain.topics import TOPICS
from dashboard.live.recent import KEEP, LiveBytes, Recent
from dashboard.live.source import PAGE, FeedState, Snapshot, Source
from data_access.changes import Change

LEAP = 20_000
FILL = 20_000


class Picture:
    """The store as of ``seq``; -1 before the first reading."""

    def __init__(self, source: Source) -> None:
        """Read nothing yet."""
        self.seq = -1
        self.recents: dict[str, Recent] = {}
        self.feeds: list[FeedState] = []
        self.clock: CityClock | None = None
        self.clock_is_set = False
        self._source = source

    def advance(
        self, watched: Collection[str], want: Mapping[str, int]
    ) -> tuple[int, list[Change] | None]:
        """Read on; returns the seq where it stood, and the changes since (None: too many).

        Rows are read for the ``watched`` topics, and those changed since ``want`` (topic → seq).
        Raises what the store raises; the picture then stands where it stood.
        """
        with self._source.snapshot() as snap:
            if self.seq < 0:
                self._begin(snap)
            before = self.seq
            changes, seq = self._read_changes(snap, before)
            learned = self._read_rows(snap, changes, watched, want)
        # From here to the end nothing yields: the picture goes from one state to the next.
        for change in changes or ():
            self.recents[change.topic].note(change)
        if changes is None:
            for recent in self.recents.values():
                recent.forget(seq)
        for topic, (keys, found) in learned.items():
            self.recents[topic].learn(keys, found)
        self.seq = seq
        return before, changes

    def look(self) -> None:
        """Read the clock and the feeds anew."""
        with self._source.snapshot() as snap:
            self._read_times(snap)

    def close(self) -> None:
        """Let go of the store's connection."""
        self._source.close()

    def unread(self, asked: Mapping[str, int | None]) -> dict[str, int]:
        """Which topics, since when, have rows that a catch-up of ``asked`` needs and lacks."""
        return {
            topic: at
            for topic, at in asked.items()
            if at is not None and topic in self.recents and self.recents[topic].unread_since(at)
        }

    def times(self) -> dict[str, Any]:
        """The time of the city and how old each feed is, as heartbeats tell it."""
        real = datetime.now(UTC)
        clock = self.clock or CityClock(real, real, 1.0)
        city = clock.at(real)
        return {
            "city_time": _iso(city),
            "real_time": _iso(real),
            "speed": clock.speed,
            "feeds": [
                {
                    "id": feed.id,
                    "name": feed.name,
                    "state": feed.state,
                    "age_s": _seconds(real, feed.real_at),
                    "city_age_s": _seconds(city, feed.city_at),
                    "silent": feed.silent(real),
                }
                for feed in self.feeds
            ],
        }

    def _begin(self, snap: Snapshot) -> None:
        """Stand at the store's latest change, knowing the keys of those shortly before."""
        self._read_times(snap)
        seq = snap.latest()
        floor = max(snap.oldest() - 1, seq - FILL, 0)
        self.recents = {topic.name: Recent(floor) for topic in TOPICS}
        for page in snap.follow(floor):
            for change in page:
                if change.topic in self.recents:
                    self.recents[change.topic].note(change)
            seq = max(seq, page[-1].seq)
        self.seq = seq

    def _read_changes(self, snap: Snapshot, before: int) -> tuple[list[Change] | None, int]:
        """Read the changes after ``before`` and the seq they reach; None when they are too many."""
        changes: list[Change] = []
        seq = before
        for page in snap.follow(before):
            if len(page) == PAGE and seq == before and (latest := snap.latest()) - before > LEAP:
                return None, latest
            changes += [change for change in page if change.topic in self.recents]
            seq = page[-1].seq
        return changes, seq

    def _read_rows(
        self,
        snap: Snapshot,
        changes: Collection[Change] | None,
        watched: Collection[str],
        want: Mapping[str, int],
    ) -> dict[str, tuple[set[str], dict[str, LiveBytes]]]:
        """Read the rows that somebody will be sent: those changed now, and those of ``want``."""
        if changes is None:
            return {}
        keys: dict[str, set[str]] = {topic: set() for topic in watched}
        for change in changes:
            if change.topic in watched and change.key is not None:
                keys[change.topic].add(change.key)
        learned = {}
        for topic, wanted in keys.items():
            if len(wanted) > KEEP:
                continue  # a reset takes their place
            if topic in want:
                wanted.update(self.recents[topic].unread_since(min(want[topic], self.seq)))
            if wanted:
                learned[topic] = (wanted, snap.rows(topic, wanted))
                gevent.sleep(0)
        return learned

    def _read_times(self, snap: Snapshot) -> None:
        self.clock = snap.clock()
        self.clock_is_set = snap.clock_is_set()
        self.feeds = snap.feeds()


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _seconds(now: datetime, then: datetime | None) -> int | None:
    return None if then is None else max(0, int((now - then).total_seconds()))
