"""The hub: follows the store's changes and sends them, as the same bytes, to all who see the same.

One greenlet follows; everything it knows up to ``seq`` it has read in one snapshot of the store.
Streams stand in groups of equal topics and equal sight; a group's frame is made once.
"""

import logging
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import monotonic
from typing import Any

import gevent
from gevent.lock import RLock

from dashboard.accounts.doors import may_follow
from dashboard.accounts.principal import Credential, Principal
from dashboard.domain.topics import BY_NAME
from dashboard.live import frames
from dashboard.live.groups import Group, Start
from dashboard.live.pace import distance_s
from dashboard.live.picture import Picture
from dashboard.live.sight import Resolve
from dashboard.live.snapshots import Snapshots
from dashboard.live.source import Source
from dashboard.live.waiting import wait
from dashboard.live.writer import Stream
from dashboard.metrics import Metrics
from data_access.changes import Change, Wake

BEAT_S = 4.5
RECHECK_S = 4.0
RETRY_MOST_S = 5.0
OVERFLOW_S = 1.0
OBSERVED_MOST = 200
TOUCH_AFTER = timedelta(hours=1)
TOUCHES_MOST = 10

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
        touch: Callable[[Principal], object] | None = None,
    ) -> None:
        """Read nothing yet; ``start`` does.

        ``touch`` notes that a session is in use: who watches is not idle.
        """
        self.picture = Picture(source)
        self.away = False
        self._url = source.store.url
        self._build = build
        self._snapshots = snapshots
        self._resolve = resolve
        self._touch = touch
        self._metrics = metrics
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

    def close(self) -> None:
        """Let go of the store."""
        self.picture.close()

    # ── following ────────────────────────────────────────────────────────────────────────────

    def advance(self, want: Mapping[str, int] | None = None) -> None:
        """Read what changed and send it; with ``want`` also the rows changed since topic → seq.

        Raises what the store raises; nothing is sent then and nothing is lost.
        """
        with self._lock:
            started = monotonic()
            watched = {topic for group in self._groups.values() for topic in group.topics}
            before, changes = self.picture.advance(watched, want or {})
            if self.picture.seq > before:
                self._broadcast(before, changes)
                self._flushed_at = started
                self._metrics.flush_seconds.observe(monotonic() - started)

    def _broadcast(self, before: int, changes: Collection[Change] | None) -> None:
        overflow = False
        for group in list(self._groups.values()):
            try:
                overflow = self._tell(group, before) or overflow
            except Exception:  # noqa: BLE001 - whatever it is, the others are told
                _log.exception("a group could not be told; its readers come back")
                for stream in list(group.streams):
                    stream.close()
        self._pause_s = OVERFLOW_S if overflow else 0.0
        now = datetime.now(UTC)
        for topic, count in Counter(change.topic for change in changes or ()).items():
            self._metrics.changes.labels(topic).inc(count)
        for change in islice(changes or (), OBSERVED_MOST):
            self._metrics.commit_to_send.observe((now - change.real_at).total_seconds())

    def _tell(self, group: Group, before: int) -> bool:
        """Send a group what it sees of the changes after ``before``; True when a reset was due."""
        seq = self.picture.seq
        group.caught.clear()
        start = dict.fromkeys(group.topics, before)
        data, resets = group.frame(start, group.last, seq, self.picture.recents)
        if data:
            prev, group.last = group.last, seq
            self._metrics.frames.inc(len(group.streams))
            self._metrics.resets.inc(resets * len(group.streams))
            for stream in list(group.streams):
                self._offer(stream, data, before, prev)
        return resets > 0

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
                wake = Wake(self._url)
                self.advance()
                self._mark_back()
                retry_s = 0.1
                while True:
                    wait(wake, BEAT_S)
                    distance = max(distance_s(len(self._streams)), self._pause_s)
                    gap = self._flushed_at + distance - monotonic()
                    if gap > 0:
                        gevent.sleep(gap)
                    self.advance()
                    self._mark_back()
            except Exception as problem:  # noqa: BLE001
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
            _log.info("store is back", extra={"seq": self.picture.seq})
        self.away = False

    # ── streams ──────────────────────────────────────────────────────────────────────────────

    def prepare(self, asked: Mapping[str, int | None], principal: Principal) -> None:
        """Know everything that a stream begins with. Raises Away."""
        group = self._group(tuple(asked), principal)
        group.joining += 1
        try:
            # A flush under way may not read for this group: let it end first.
            with self._lock:
                want = self.picture.unread(asked)
                ahead = any(at is not None and at > self.picture.seq for at in asked.values())
                if self.picture.seq < 0 or want or ahead:
                    self.advance(want)
                    if want := self.picture.unread(asked):
                        self.advance(want)  # after the very first reading only
        except Exception as problem:
            group.joining -= 1
            self._drop_empty(group)
            raise Away from problem
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
        start, seq = self._start(group, asked), self.picture.seq
        key = (tuple(start.positions.items()), tuple(start.resets.items()))
        body = group.caught.get(key)
        if body is None:
            body, _ = group.frame(
                start.positions, start.seq, seq, self.picture.recents, resets=start.resets
            )
            group.remember(key, body)
        # With nothing to catch up, the reader stands where the hub stands.
        data = head + self._hello(group, start.seq if body else seq) + body
        self._offer(stream, data, seq, group.last)
        if stream.lagging:
            stream.close()
        return stream

    def _start(self, group: Group, asked: Mapping[str, int | None]) -> Start:
        """Decide where each topic of a new stream begins."""
        held = {
            topic: at
            for topic, at in asked.items()
            if at is not None and self.picture.recents[topic].floor <= at <= self.picture.seq
        }
        least = max(held.values(), default=0)
        resets = {}
        for topic in asked:
            if topic in held:
                continue
            cached = self._snapshots.seq_of(topic, group.scope_key)
            recent = self.picture.recents[topic]
            # A snapshot that lies ready serves this reader too; the stream goes on from it.
            ready = cached is not None and max(recent.floor, least) <= cached <= self.picture.seq
            if cached is not None and ready and not recent.unread_since(cached):
                resets[topic] = cached
            else:
                resets[topic] = self.picture.seq
        positions = {**held, **resets}
        return Start(seq=min(positions.values()), positions=positions, resets=resets)

    def _group(self, topics: tuple[str, ...], principal: Principal) -> Group:
        key = (topics, principal.scope_key)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(topics, principal, last=max(self.picture.seq, 0))
        return group

    def _hello(self, group: Group, seq: int) -> bytes:
        topics = {topic: {"columns": BY_NAME[topic].columns} for topic in group.topics}
        data = {"build": self._build, "seq": seq, **self.times(), "topics": topics}
        return b"retry: 1000\n" + frames.event("hello", data)

    def _catch_up(self, stream: Stream) -> None:
        """Send a lagging stream all that it missed, as one frame."""
        group, seq = self._streams[stream], self.picture.seq
        data: bytes | None = None
        if stream.position < seq:
            key = (stream.position, stream.prev)
            data = group.caught.get(key)
            if data is None:
                start = dict.fromkeys(group.topics, stream.position)
                data, _ = group.frame(start, stream.prev, seq, self.picture.recents)
                group.remember(key, data)
        stream.lagging = False
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
        self.look()
        seq = self.picture.seq
        if seq < 0:
            return
        data = frames.event("heartbeat", {"seq": seq, **self.times()}, seq=seq)
        for stream in list(self._streams):
            if not stream.lagging and stream.send(data):
                self._metrics.sent_bytes.inc(len(data))

    def look(self) -> None:
        """Read the clock and the feeds anew; while the store is away, keep the last known."""
        try:
            with self._lock:
                self.picture.look()
        except Exception as problem:  # noqa: BLE001 - as above
            self._mark_away(problem)

    def times(self) -> dict[str, Any]:
        """The time, and how old what is shown is."""
        return {**self.picture.times(), "store": "away" if self.away else "ok"}

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

        self._note_use(found.values())

    def _note_use(self, principals: Iterable[Principal]) -> None:
        """Keep the sessions of those who watch from ending as unused; a few at a time."""
        if self._touch is None:
            return
        before = datetime.now(UTC) - TOUCH_AFTER
        unseen = (p for p in principals if p.real_seen_at and p.real_seen_at < before)
        for principal in islice(unseen, TOUCHES_MOST):
            try:
                self._touch(principal)
            except Exception as problem:  # noqa: BLE001 - the next round tries again
                _log.debug("use of a session not noted", exc_info=problem)

    def _move(self, stream: Stream, old: Group, principal: Principal) -> None:
        """Give the stream another sight: all its topics anew."""
        new = self._group(old.topics, principal)
        prev = stream.prev if stream.lagging else old.last
        old.streams.discard(stream)
        new.streams.add(stream)
        self._streams[stream] = new
        self._drop_empty(old)
        resets = dict.fromkeys(new.topics, self.picture.seq)
        data, _ = new.frame(resets, prev, self.picture.seq, self.picture.recents, resets=resets)
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
            except Exception as problem:  # noqa: BLE001
                # Nobody is turned out because the store is away.
                _log.debug("rights not looked at", exc_info=problem)
