"""The hub: follows the store's changes and sends them, as the same bytes, to all who see the same.

One greenlet follows; everything it knows up to ``seq`` it has read in one snapshot of the store.
Streams stand in groups of equal topics and equal sight; a group's frame is made once.
"""

import logging
from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from itertools import islice
from time import monotonic
from typing import Any

import gevent
from gevent.lock import RLock

from dashboard.accounts.doors import may_follow
from dashboard.accounts.principal import Credential, Principal
from dashboard.domain.clock import CityClock
from dashboard.domain.topics import BY_NAME, TOPICS
from dashboard.live import frames
from dashboard.live.groups import Group, Start
from dashboard.live.pace import distance_s
from dashboard.live.recent import KEEP, LiveBytes, Recent
from dashboard.live.sight import Resolve
from dashboard.live.snapshots import Snapshots
from dashboard.live.source import FeedState, Snapshot, Source
from dashboard.live.writer import Stream
from dashboard.metrics import Metrics
from data_access.changes import Change, Wake

BEAT_S = 4.0
RECHECK_S = 4.0
RETRY_MOST_S = 5.0
LEAP = 20_000
FILL = 20_000
OVERFLOW_S = 1.0
OBSERVED_MOST = 200

_log = logging.getLogger(__name__)


class Away(Exception):
    """The store cannot be read now, and the hub does not know enough to begin a stream."""


class Hub:
    """All streams of this process."""

    def __init__(
        self,
        source: Source,
        *,
        build: str,
        snapshots: Snapshots,
        resolve: Resolve,
        metrics: Metrics,
    ) -> None:
        """Read nothing yet; ``start`` does."""
        self.seq = -1
        self.away = False
        self.feeds: list[FeedState] = []
        self.clock: CityClock | None = None
        self.clock_is_set = False
        self._source = source
        self._build = build
        self._snapshots = snapshots
        self._resolve = resolve
        self._metrics = metrics
        self._recents: dict[str, Recent] = {}
        self._groups: dict[tuple[tuple[str, ...], str], Group] = {}
        self._streams: dict[Stream, Group] = {}
        self._lock = RLock()
        self._flushed_at = 0.0
        self._pause_s = 0.0
        self._greenlets: list[Any] = []

    def __len__(self) -> int:
        """How many streams there are."""
        return len(self._streams)

    @property
    def lagging(self) -> int:
        """How many streams wait for room in their sockets."""
        return sum(stream.lagging for stream in self._streams)

    def start(self) -> None:
        """Begin to follow, to beat and to look again at rights."""
        self._greenlets = [
            gevent.spawn(self._follow),
            gevent.spawn(self._beat_forever),
            gevent.spawn(self._recheck_forever),
        ]

    def stop(self) -> None:
        """Close every stream at once and follow no more."""
        gevent.killall(self._greenlets, block=False)
        self._greenlets = []
        for stream in list(self._streams):
            stream.close()

    # ── following ────────────────────────────────────────────────────────────────────────────

    def advance(self, want: Mapping[str, int] | None = None) -> None:
        """Read what changed and send it; with ``want`` also the rows changed since topic → seq.

        Raises what the store raises; nothing is sent then and nothing is lost.
        """
        with self._lock:
            started = monotonic()
            with self._source.snapshot() as snap:
                if self.seq < 0:
                    self._begin(snap)
                before = self.seq
                changes, seq = self._read_changes(snap, before)
                learned = self._read_rows(snap, changes, before, want or {})
            for change in changes or ():
                self._recents[change.topic].note(change)
            if changes is None:
                for recent in self._recents.values():
                    recent.forget(seq)
            for topic, (keys, found) in learned.items():
                self._recents[topic].learn(keys, found)
            self.seq = seq
            if seq > before:
                self._broadcast(before, changes)
                self._flushed_at = started
                self._metrics.flush_seconds.observe(monotonic() - started)

    def _begin(self, snap: Snapshot) -> None:
        """Stand at the store's latest change, knowing the keys of those shortly before."""
        self._read_times(snap)
        seq = snap.latest()
        floor = max(snap.oldest() - 1, seq - FILL, 0)
        self._recents = {topic.name: Recent(floor) for topic in TOPICS}
        for page in snap.follow(floor):
            for change in page:
                if change.topic in self._recents:
                    self._recents[change.topic].note(change)
            seq = max(seq, page[-1].seq)
        self.seq = seq

    def _read_changes(self, snap: Snapshot, before: int) -> tuple[list[Change] | None, int]:
        """Read the changes after ``before`` and the seq they reach; None when they are too many."""
        latest = snap.latest()
        if latest - before > LEAP:
            return None, latest
        changes: list[Change] = []
        for page in snap.follow(before):
            changes += [change for change in page if change.topic in self._recents]
            latest = page[-1].seq
        return changes, max(latest, before)

    def _read_rows(
        self,
        snap: Snapshot,
        changes: Collection[Change] | None,
        before: int,
        want: Mapping[str, int],
    ) -> dict[str, tuple[set[str], dict[str, LiveBytes]]]:
        """Read the rows that somebody will be sent: those changed now, and those of ``want``."""
        if changes is None:
            return {}
        watched = {topic for group in self._groups.values() for topic in group.topics}
        keys: dict[str, set[str]] = {topic: set() for topic in watched}
        for change in changes:
            if change.topic in watched and change.key is not None:
                keys[change.topic].add(change.key)
        learned = {}
        for topic, wanted in keys.items():
            if len(wanted) > KEEP:
                continue  # a reset takes their place
            if topic in want:
                wanted.update(self._recents[topic].unread_since(min(want[topic], before)))
            if wanted:
                learned[topic] = (wanted, snap.rows(topic, wanted))
                gevent.sleep(0)
        return learned

    def _broadcast(self, before: int, changes: Collection[Change] | None) -> None:
        overflow = False
        for group in self._groups.values():
            group.caught.clear()
            data, resets = group.frame(
                dict.fromkeys(group.topics, before), group.last, self.seq, self._recents
            )
            overflow = overflow or resets > 0
            if not data:
                continue
            prev, group.last = group.last, self.seq
            self._metrics.frames.inc(len(group.streams))
            self._metrics.resets.inc(resets * len(group.streams))
            for stream in list(group.streams):
                self._offer(stream, data, before, prev)
        self._pause_s = OVERFLOW_S if overflow else 0.0
        now = datetime.now(UTC)
        for topic, count in Counter(change.topic for change in changes or ()).items():
            self._metrics.changes.labels(topic).inc(count)
        for change in islice(changes or (), OBSERVED_MOST):
            self._metrics.commit_to_send.observe((now - change.real_at).total_seconds())

    def _offer(self, stream: Stream, data: bytes, position: int, prev: int) -> None:
        """Send a frame, or note from where the stream must be caught up."""
        if stream.lagging:
            return
        if stream.send(data):
            self._metrics.sent_bytes.inc(len(data))
        elif not stream.closed:
            stream.lagging = True
            stream.position = position
            stream.prev = prev

    def _follow(self) -> None:
        """Follow for ever; while the store is away try again, ever more slowly."""
        retry_s = 0.1
        while True:
            wake: Wake | None = None
            try:
                wake = Wake(self._source.store.url)
                self.advance()
                self._mark_back()
                retry_s = 0.1
                while True:
                    wake.wait(BEAT_S)
                    distance = max(distance_s(len(self._streams)), self._pause_s)
                    gap = self._flushed_at + distance - monotonic()
                    if gap > 0:
                        gevent.sleep(gap)
                    self.advance()
                    self._mark_back()
            except Exception as problem:
                # Whatever it is, the streams stay and say that the picture is old.
                self._mark_away(problem)
            finally:
                if wake is not None:
                    wake.close()
            gevent.sleep(retry_s)
            retry_s = min(retry_s * 2, RETRY_MOST_S)

    def _mark_away(self, problem: Exception) -> None:
        if not self.away:
            _log.warning("store is away", exc_info=problem)
        self.away = True

    def _mark_back(self) -> None:
        if self.away:
            _log.info("store is back", extra={"seq": self.seq})
        self.away = False

    # ── streams ──────────────────────────────────────────────────────────────────────────────

    def prepare(self, asked: Mapping[str, int | None], principal: Principal) -> None:
        """Know everything that a stream begins with. Raises Away."""
        group = self._group(tuple(asked), principal)
        group.joining += 1
        try:
            # A flush under way may not read for this group: let it end first.
            with self._lock:
                want = self._unread(asked)
                ahead = any(at is not None and at > self.seq for at in asked.values())
                if self.seq < 0 or want or ahead:
                    self.advance(want)
                    if self._unread(asked):  # the first of all: only now is known what lacks
                        self.advance(self._unread(asked))
        except Exception as problem:
            self._drop_empty(group)
            raise Away from problem
        finally:
            group.joining -= 1

    def attach(
        self,
        fd: int,
        asked: Mapping[str, int | None],
        principal: Principal,
        *,
        head: bytes = frames.HEAD,
    ) -> Stream:
        """Begin a stream on a connected socket, after ``prepare`` and without a yield between."""
        group = self._group(tuple(asked), principal)
        stream = Stream(
            fd,
            credential=principal.credential,
            on_room=self._catch_up,
            on_close=self._forget,
        )
        group.streams.add(stream)
        self._streams[stream] = group
        start = self._start(group, asked)
        key = ("hello", *start.positions.items())
        data = group.caught.get(key)
        if data is None:
            body, _ = group.frame(
                start.positions, start.seq, self.seq, self._recents, resets=start.resets
            )
            # With nothing to catch up, the reader stands where the hub stands.
            data = self._hello(group, start.seq if body else self.seq) + body
            group.remember(key, data)
        self._offer(stream, head + data, self.seq, group.last)
        if stream.lagging:
            stream.close()
        return stream

    def _start(self, group: Group, asked: Mapping[str, int | None]) -> Start:
        """Decide where each topic of a new stream begins."""
        held = {
            topic: at
            for topic, at in asked.items()
            if at is not None and self._recents[topic].floor <= at <= self.seq
        }
        least = max(held.values(), default=0)
        resets = {}
        for topic in asked:
            if topic in held:
                continue
            cached = self._snapshots.seq_of(topic, group.scope_key)
            recent = self._recents[topic]
            # A snapshot that lies ready serves this reader too; the stream goes on from it.
            ready = cached is not None and max(recent.floor, least) <= cached <= self.seq
            if cached is not None and ready and not recent.unread_since(cached):
                resets[topic] = cached
            else:
                resets[topic] = self.seq
        positions = {**held, **resets}
        return Start(seq=min(positions.values()), positions=positions, resets=resets)

    def _unread(self, asked: Mapping[str, int | None]) -> dict[str, int]:
        """Which topics, since when, have rows that a catch-up of ``asked`` needs and lacks."""
        if self.seq < 0:
            return {}
        return {
            topic: at
            for topic, at in asked.items()
            if at is not None and self._recents[topic].unread_since(at)
        }

    def _group(self, topics: tuple[str, ...], principal: Principal) -> Group:
        key = (topics, principal.scope_key)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(topics, principal, last=max(self.seq, 0))
        return group

    def _hello(self, group: Group, seq: int) -> bytes:
        topics = {topic: {"columns": BY_NAME[topic].columns} for topic in group.topics}
        data = {"build": self._build, "seq": seq, **self.times(), "topics": topics}
        return b"retry: 1000\n" + frames.event("hello", data)

    def _catch_up(self, stream: Stream) -> None:
        """Send a lagging stream all that it missed, as one frame."""
        group = self._streams[stream]
        stream.lagging = False
        if stream.position >= self.seq:
            return
        key = (stream.position, stream.prev)
        data = group.caught.get(key)
        if data is None:
            data, _ = group.frame(
                dict.fromkeys(group.topics, stream.position), stream.prev, self.seq, self._recents
            )
            group.remember(key, data)
        if data:
            self._offer(stream, data, stream.position, stream.prev)

    def _forget(self, stream: Stream) -> None:
        group = self._streams.pop(stream, None)
        if group is not None:
            group.streams.discard(stream)
            self._drop_empty(group)

    def _drop_empty(self, group: Group) -> None:
        if not group.streams and not group.joining:
            self._groups.pop((group.topics, group.scope_key), None)

    # ── heartbeats and rights ────────────────────────────────────────────────────────────────

    def beat(self) -> None:
        """Tell every stream the time and the age of each feed."""
        if self.seq < 0:
            return
        self.look()
        data = frames.event("heartbeat", {"seq": self.seq, **self.times()}, seq=self.seq)
        for number, stream in enumerate(list(self._streams)):
            if not stream.lagging and stream.send(data):
                self._metrics.sent_bytes.inc(len(data))
            if number % 500 == 499:
                gevent.sleep(0)

    def look(self) -> None:
        """Read the clock and the feeds anew; while the store is away, keep the last known."""
        try:
            with self._lock, self._source.snapshot() as snap:
                self._read_times(snap)
        except Exception as problem:
            self._mark_away(problem)

    def _read_times(self, snap: Snapshot) -> None:
        self.clock = snap.clock()
        self.clock_is_set = snap.clock_is_set()
        self.feeds = snap.feeds()

    def times(self) -> dict[str, Any]:
        """The time of the city and how old each feed is, as heartbeats tell it."""
        real = datetime.now(UTC)
        clock = self.clock or CityClock(real, real, 1.0)
        city = clock.at(real)
        return {
            "city_time": _iso(city),
            "real_time": _iso(real),
            "speed": clock.speed,
            "store": "away" if self.away else "ok",
            "feeds": [
                {
                    "id": feed.id,
                    "name": feed.name,
                    "state": feed.state,
                    "age_s": _seconds(real, feed.real_at),
                    "city_age_s": _seconds(city, feed.city_at),
                }
                for feed in self.feeds
            ],
        }

    def recheck(self) -> None:
        """Close the streams whose sign-in is over; begin anew those that now see other rows."""
        credentials = {stream.credential for stream in self._streams if stream.credential}
        found: dict[Credential, Principal] = {}
        waiting = list(credentials)
        while waiting:
            some, waiting = waiting[:500], waiting[500:]
            found |= self._resolve(some)
            gevent.sleep(0)
        for stream, group in list(self._streams.items()):
            if stream.credential not in credentials or stream.closed:
                continue
            principal = found.get(stream.credential)
            if principal is None or not all(may_follow(principal, t) for t in group.topics):
                stream.close()
            elif principal.scope_key != group.scope_key:
                self._move(stream, group, principal)

    def _move(self, stream: Stream, old: Group, principal: Principal) -> None:
        """Give the stream another sight: all its topics anew."""
        new = self._group(old.topics, principal)
        prev = stream.prev if stream.lagging else old.last
        old.streams.discard(stream)
        new.streams.add(stream)
        self._streams[stream] = new
        self._drop_empty(old)
        resets = dict.fromkeys(new.topics, self.seq)
        data, _ = new.frame(resets, prev, self.seq, self._recents, resets=resets)
        stream.lagging = False
        # A reader that takes nothing now would be caught up with rows of its old sight beside it.
        if not stream.send(data):
            stream.close()

    def _beat_forever(self) -> None:
        while True:
            gevent.sleep(BEAT_S)
            self.beat()

    def _recheck_forever(self) -> None:
        while True:
            gevent.sleep(RECHECK_S)
            try:
                self.recheck()
            except Exception as problem:
                # Nobody is turned out because the store is away.
                _log.debug("rights not looked at", exc_info=problem)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _seconds(now: datetime, then: datetime | None) -> int | None:
    return None if then is None else max(0, int((now - then).total_seconds()))
