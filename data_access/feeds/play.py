"""Plays recordings as if they were live: first the state of a moment, then on by the city's clock.

What was told stands in the store with its own moment, so it does not matter in which steps it came.
"""

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dashboard.domain.records import Limits
from data_access import geography
from data_access.changes import Writer
from data_access.clock import StoreClock, set_clock
from data_access.feeds import opening
from data_access.feeds.lists import (
    write_categories,
    write_city,
    write_jurisdictions,
    write_units,
)
from data_access.feeds.recording import Recording, RecordingError, TimedRecord
from data_access.feeds.recording.config import LISTS, RECORDS
from data_access.feeds.runner import FeedState, keep_going
from data_access.imports.deadlines import import_deadlines
from data_access.imports.judge import Options
from data_access.ingest import Policy, Report, ingest
from data_access.store import Store

log = logging.getLogger(__name__)

BATCH = 2_000
TICK_S = 0.1
LONGEST_WAIT_S = 0.5
SIGN_OF_LIFE_S = 5.0


def play(
    store: Store,
    paths: Sequence[Path],
    *,
    data_root: Path | None = None,
    speed: float = 1.0,
    start: str | None = None,
    expect_s: int | None = None,
    stop: threading.Event,
) -> None:
    """Play the recordings at ``paths`` together until ``stop``; ``start`` is ISO 8601.

    A store that has played goes on where it stood, also when ``start`` lies before that.
    ``expect_s``: real seconds after which a recording without a word is called silent. Raises
    RecordingError for a description or file that cannot be used.
    """
    players = open_players(store, paths, data_root=data_root)
    for player in players:
        player.state.expect_s = expect_s
    begin = min(player.recording.city.start for player in players)
    if start is not None:
        begin = parse_start(start, players[0].recording)
    begin = begin_playing(store, players, begin, fresh_start=start is not None)
    for player in players:
        if player.position is None:
            player.load_static()
        player.tell(begin, stop=stop)
        if stop.is_set():
            return
    with store.write() as writer:
        set_clock(writer, anchor_city=begin, speed=speed)
    for player in players:
        player.state.show("ok")
    clock = StoreClock(store)
    threads = [
        threading.Thread(
            target=keep_going,
            args=(player.state, _Follow(player, clock), stop),
            kwargs={"ended": "录制数据已全部播放"},
            name=player.state.name,
            daemon=True,
        )
        for player in players
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def parse_start(text: str, recording: Recording) -> datetime:
    """Read ``--start``; without a zone it is the city's own time. Raises RecordingError."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise RecordingError("--start", "", f"{text!r} is not an ISO 8601 time") from error
    if found.tzinfo is None:
        found = found.replace(tzinfo=recording.city.time_zone)
    return found.astimezone(UTC)


def open_players(
    store: Store, paths: Sequence[Path], *, data_root: Path | None = None
) -> list["Player"]:
    """Read the recordings and write their cities into the store."""
    return enter(store, [Recording(path, data_root) for path in paths])


def enter(store: Store, recordings: Sequence[Recording]) -> list["Player"]:
    """Write the cities of recordings that will play together; gives a player for each."""
    if not recordings:
        raise RecordingError("play", "", "give the path of at least one city.toml")
    ids = [recording.city.id for recording in recordings]
    if len(set(ids)) < len(ids):
        raise RecordingError("play", "id", f"two recordings have the same id: {', '.join(ids)}")
    root = "+".join(ids)
    with store.write() as writer:
        write_city(writer, path=root, **_shown_city(recordings))
        for recording in recordings:
            city = recording.city
            top = {"id": city.id, "name": city.name, "name_en": city.name_en, "level": "city"}
            alone = root == city.id
            if not alone:
                together = {"id": root, "name": _joined(recordings), "level": "city"}
                write_jurisdictions(writer, [together], root=root)
            write_jurisdictions(writer, [top], root=root)
    return [
        Player(
            store, recording, root if root == recording.city.id else f"{root}/{recording.city.id}"
        )
        for recording in recordings
    ]


def begin_playing(
    store: Store, players: Sequence["Player"], begin: datetime, *, fresh_start: bool
) -> datetime:
    """Hold the clock while states are loaded; gives the moment at which it will run on."""
    with store.write() as writer:
        stood = opening.stood_at(writer)
        if stood is not None:
            if fresh_start and begin < stood:
                log.warning("the city's clock has already shown %s and goes on from there", stood)
            begin = max(begin, stood) if fresh_start else stood
        positions = opening.hold(writer, begin, [player.state for player in players])
    for player in players:
        player.position = positions.get(player.state.name)
    return begin


@dataclass(slots=True)
class Outcome:
    """What became of source rows."""

    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0


class Player:
    """One recording on its way into the store."""

    def __init__(self, store: Store, recording: Recording, path: str) -> None:
        """``path``: the scope of the recording's city."""
        self.store = store
        self.recording = recording
        self.path = path
        city = recording.city
        self.state = FeedState(
            store, name=f"recording:{city.id}", title=city.name, kind="recording", scope=path
        )
        self.policy = Policy(
            limits=Limits(unknown="learn" if city.learn else "reject", bounds=city.bounds)
        )
        self.default_jurisdiction = city.id if "/" in path else None
        self.position: datetime | None = None

    def load_static(self) -> None:
        """Write lists and everything that is known from the start."""
        told = list(self.recording.static())
        lists: dict[str, list[Mapping[str, Any]]] = {name: [] for name in LISTS}
        for item in told:
            if item.kind in lists and isinstance(item.record, dict):
                lists[item.kind].append(item.record)
        with self.store.write() as writer:
            refused = write_jurisdictions(writer, lists["jurisdictions"], root=self.path)
            refused += write_units(writer, lists["units"], root=self.path)
            refused += write_categories(writer, lists["categories"])
            refused += self._write_deadlines(writer, lists["deadlines"])
        geography.forget(self.store)
        if refused:
            log.warning("recording %s: list entries refused: %s", self.state.name, refused[:20])
        first = self.recording.city.first
        self._take([item for item in told if item.kind in RECORDS], first, first)

    def _write_deadlines(self, writer: Writer, rows: Sequence[Mapping[str, Any]]) -> list[str]:
        """Write the rules of a recording that brings some, judged as an import's are."""
        if not rows:
            return []
        city = self.recording.city
        options = Options(now=city.first, crs="wgs84", zone=city.time_zone.key, learn=True)
        report = import_deadlines(writer, rows, options)
        return [f"deadlines {it.id}: {it.field}: {it.reason}" for it in report.rejected]

    def tell(self, until: datetime, *, stop: threading.Event | None = None) -> None:
        """Tell everything up to ``until`` that was not told yet."""
        for batch in _batches(self.recording.events(self.position, until)):
            if stop is not None and stop.is_set():
                return
            self._take(batch, batch[-1].at, until)
            self.position = batch[-1].at
        if self.position is None or self.position < until:
            self.position = until

    def _take(self, told: Sequence[TimedRecord], at: datetime, now: datetime) -> None:
        outcome = Outcome()
        for kind in RECORDS:
            items = [item for item in told if item.kind == kind]
            new = [item for item in items if item.record is not None]
            outcome.unchanged += sum(item.first for item in items if item.record is None)
            if new:
                self._ingest(kind, new, now, outcome)
        self.state.count(
            accepted=outcome.accepted,
            unchanged=outcome.unchanged,
            rejected=outcome.rejected,
            city_at=at,
            position={"until": at.isoformat()},
        )

    def _ingest(
        self, kind: str, items: Sequence[TimedRecord], now: datetime, outcome: Outcome
    ) -> None:
        """Send the records of a kind; a row is counted by its first event."""
        report: Report = ingest(
            self.store,
            kind,
            [self._own(item.record) for item in items],
            feed=self.state.name,
            now=now,
            policy=self.policy,
            known_at=_known(items),
            counted=False,
            told=[(item.source_row[1], item.at) for item in items],
        )
        outcome.accepted += sum(items[place].first for place in report.accepted_at)
        outcome.unchanged += sum(items[place].first for place in report.unchanged_at)
        outcome.rejected += sum(items[reject.index].first for reject in report.rejected)

    def _own(self, record: Any) -> Any:
        """Where several cities play, what names no jurisdiction belongs to its own city."""
        if self.default_jurisdiction is None or not isinstance(record, dict):
            return record
        return {"jurisdiction": self.default_jurisdiction, **record}


class _Follow:
    """Tells what is due by the city's clock; a quiet recording still shows that it is read."""

    def __init__(self, player: Player, clock: StoreClock) -> None:
        self.player = player
        self.clock = clock
        self.last_sign = datetime.now(UTC)

    def __call__(self) -> float | None:
        """Tell what is due; give the seconds to the next call, None when all is told."""
        player = self.player
        now = self.clock.now()
        before = player.position
        player.tell(now)
        upcoming = player.recording.next_at(now)
        real = datetime.now(UTC)
        if player.position != before and (real - self.last_sign).total_seconds() > SIGN_OF_LIFE_S:
            player.state.count(city_at=now, position={"until": now.isoformat()})
            self.last_sign = real
        if upcoming is None and now >= player.recording.city.end:
            return None
        if upcoming is None:
            return LONGEST_WAIT_S
        due_s = (upcoming - now).total_seconds() / self.clock.current().speed
        return min(LONGEST_WAIT_S, max(TICK_S, due_s))


def _batches(events: Iterator[TimedRecord]) -> Iterator[list[TimedRecord]]:
    """Cut between moments, never within one, so that a position is a moment."""
    batch: list[TimedRecord] = []
    for item in events:
        if len(batch) >= BATCH and item.at != batch[-1].at:
            yield batch
            batch = []
        batch.append(item)
    if batch:
        yield batch


def _known(items: Sequence[TimedRecord]) -> Any:
    """Say when a record became known: the moment at which the recording told it."""
    table = {_key(item.record): item.at for item in items if isinstance(item.record, dict)}
    last = items[-1].at

    def known_at(record: Any) -> datetime:
        if hasattr(record, "factor"):
            return table.get((record.station, record.factor, record.at), last)
        return table.get((record.id, getattr(record, "updated_at", None)), last)

    return known_at


def _key(record: Mapping[str, Any]) -> tuple[Any, ...]:
    if "factor" in record:
        return record.get("station"), record["factor"], record.get("at")
    return record.get("id"), record.get("updated_at")


def _joined(recordings: Sequence[Recording]) -> str:
    return "、".join(recording.city.name for recording in recordings)


def _shown_city(recordings: Sequence[Recording]) -> dict[str, Any]:
    """What the city's row says, of one recording or of several together."""
    cities = [recording.city for recording in recordings]
    boxes = [city.bounds for city in cities if city.bounds is not None]
    bounds = None
    if len(boxes) == len(cities):
        bounds = [
            min(box.west for box in boxes),
            min(box.south for box in boxes),
            max(box.east for box in boxes),
            max(box.north for box in boxes),
        ]
    return {
        "name": _joined(recordings),
        "name_en": ", ".join(city.name_en or city.name for city in cities),
        "time_zone": cities[0].time_zone.key,
        "centre": cities[0].centre,
        "settings": {
            "bounds": bounds,
            "notes": [note for city in cities for note in city.notes],
            "source": "; ".join(city.source for city in cities if city.source),
            "simulated": False,
            "recording": True,
            "map": None,
            "matters": [dict(matter) for city in cities for matter in city.matters],
        },
    }
