"""The alert engine: judges what changed, and what time alone makes true, by the rules.

Nothing is rescanned. At a start (or when its transaction failed) the picture is made once from the
state; after that a change names what to look at, and a heap of moments says when to look again:
a deadline, a silence, a delay that ends, a shelf's end. What is neither idle nor raised yet stands
in ``alert_state``, written with the alerts themselves, so that a restart forgets no delay and no
deadband. While a city's opening state is loaded, nothing is judged.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from dashboard.domain.alerts.rules import RuleBook
from dashboard.domain.stations import SUMS, split_key
from data_access.alerts import book, facts, rows
from data_access.alerts.facts import Subject
from data_access.alerts.memory import DUE, Memory, sooner
from data_access.alerts.network import Network
from data_access.alerts.raising import Raising
from data_access.changes import Change, Writer, latest_seq
from data_access.clock import StoreClock
from data_access.commands import alerts as commands
from data_access.commands import audit
from data_access.follower import Follower
from data_access.store import Store
from data_access.tables import alert, station

log = logging.getLogger(__name__)

NAME = "alerts"
KEEP_S = 10.0
TURNS = 1_000  # alerts in one transaction
LATE = timedelta(hours=2)  # what comes later than that tells only how things are now
_TICK = timedelta(microseconds=1)
_FETCHED = ("cases", "places", "cameras", "feeds", "warnings")


def make(store: Store, clock: StoreClock) -> Callable[[], bool]:
    """Give the engine's step, as ``dashboard.ingest`` starts its followers."""
    return Engine(store, clock).step


class Engine:
    """The engine of one store."""

    def __init__(self, store: Store, clock: StoreClock) -> None:
        """Read nothing before the first step."""
        self.store = store
        self.clock = clock
        self.follower = Follower(NAME)
        self.network = Network(RuleBook(version=0, rules={}, plausible={}))
        self.memory = Memory(RuleBook(version=0, rules={}, plausible={}))
        self.raising = Raising()
        self._rezoned = False  # zones that raise alerts are others than they were
        self._watched: set[str] = set()
        self._back: list[str] = []
        self._begun = False
        self._listened: datetime | None = None
        self._kept_at = 0.0

    def step(self) -> bool:
        """Judge what changed and what has become due; say whether more is waiting."""
        try:
            return self._step()
        except Exception:
            self._begun = False  # what is remembered may be ahead of what was written
            raise

    def _step(self) -> bool:
        now = self.clock.now()
        if not self._begun and not self._may_begin(now):
            return False
        with self.store.read() as conn:
            if facts.loading(conn):
                self._begun = False
                return False
            changes = self.follower.changes(conn) if self._begun else []
            if not self._begun or any(it.topic == "alerts" and it.key is None for it in changes):
                self._begin(conn, now)
                upto = self.follower.seq
            else:
                upto = changes[-1].seq if changes else self.follower.seq
                self._look(conn, changes, now)
            due = self.memory.due(now)
            number = sum(len(names) for names in due.values())
            self._look_again(conn, due, now)
        self._write(upto, now)
        self.follower.seq = upto
        self._begun = True
        return bool(changes) or number >= DUE

    def _may_begin(self, now: datetime) -> bool:
        """Keep the rules that are shipped, unless a city is still being loaded."""
        with self.store.read() as conn:
            if facts.loading(conn):
                return False
        with self.store.write() as writer:
            book.keep_shipped(writer, now)
        return True

    # ── looking ─────────────────────────────────────────────────────────────────────────────

    def _begin(self, conn: Connection, now: datetime) -> None:
        """Make the picture from the state, and judge all that there is to judge, once."""
        began = time.monotonic()
        self.follower.begin(conn)
        self.follower.seq = latest_seq(conn)
        rules = book.current(conn)
        self._listened = self._listened or now
        self.memory, self.network, self._back = Memory(rules), Network(rules, self._listened), []
        self.memory.modes.load(conn)
        self.memory.recall(conn)
        self._load_zones(conn, now)
        self._rezoned = True
        self._watched = facts.watched_cameras(conn)
        self._look_at_stations(conn, self.network.load(conn, now), now)
        for topic in _FETCHED:
            self._look_at(conn, topic, self._all(conn, topic), now)
        log.info("the alert engine took up the state in %.1f s", time.monotonic() - began)

    def _look(self, conn: Connection, changes: list[Change], now: datetime) -> None:
        named: dict[str, set[str]] = defaultdict(set)
        whole: set[str] = set()
        for it in changes:
            if it.key is None:
                whole.add(it.topic)
            else:
                named[it.topic].add(it.key)
        self._look_at_rows(conn, named["alerts"])
        if any(named[topic] or topic in whole for topic in ("operations", "event_things")):
            self._load_zones(conn, now)
        if (named["operations"] or "operations" in whole) and self.memory.modes.load(conn):
            # another mode judges otherwise: all that is known is judged anew, nothing is read anew
            whole.update(_FETCHED)
            self._look_at_stations(conn, list(self.network.known), now)
        if whole & {"stations", "readings"}:
            self.network = Network(self.memory.book, self._listened)
            self._look_at_stations(conn, self.network.load(conn, now), now)
        else:
            found = self.network.load(conn, now, named["stations"]) if named["stations"] else set()
            self._look_at_stations(conn, found | named["stations"], now)
            self._look_at_readings(conn, named["readings"], now)
        if "places" in whole or named["places"]:
            before, self._watched = self._watched, facts.watched_cameras(conn)
            named["cameras"] |= before ^ self._watched
        if named["cameras"] and self._only_watched:
            named["cameras"] &= self._watched | self.memory.seen("cameras")
        for topic in _FETCHED:
            ids = named[topic] | self._all(conn, topic) if topic in whole else named[topic]
            self._look_at(conn, topic, ids, now)

    def _load_zones(self, conn: Connection, now: datetime) -> None:
        self._rezoned |= self.raising.load(conn)
        self._arm_zones(now)

    def _arm_zones(self, now: datetime) -> None:
        at = self.raising.next_after(now)
        if at is not None:
            self.memory.arm("zones", "", at)

    def _look_again(self, conn: Connection, due: dict[str, set[str]], now: datetime) -> None:
        if due.pop("zones", None):
            self._rezoned = True
            self._arm_zones(now)
        self._back += sorted(due.pop("alerts", ()))
        names = due.pop("stations", set())
        self.network.sum_rain(conn, names, now)
        self._look_at_stations(conn, names, now)
        for topic, ids in due.items():
            self._look_at(conn, topic, ids, now)

    def _all(self, conn: Connection, topic: str) -> set[str]:
        """Give the ids of all of a topic that a rule could hold for, or does."""
        seen = self.memory.seen(topic)
        if not self.memory.judges(topic):
            return seen
        if topic == "cases":
            classes = {
                name for it in self.memory.judges(topic) for name in it.params.get("classes", ())
            }
            return seen | facts.owing_cases(conn) | facts.grave_cases(conn, classes)
        if topic == "places":
            return seen | facts.wet_places(conn)
        if topic == "cameras":
            return seen | facts.off_cameras(conn, self._watched if self._only_watched else None)
        if topic == "feeds":
            return seen | {it.id for it in facts.feeds(conn, None, self.clock.current())}
        return seen | {it.id for it in facts.warnings(conn, None)}

    @property
    def _only_watched(self) -> bool:
        return all(it.params["only_at_places"] for it in self.memory.judges("cameras"))

    def _look_at(self, conn: Connection, topic: str, ids: Iterable[str], now: datetime) -> None:
        missing = set(ids)
        if not missing or not self.memory.judges(topic):
            return
        for subject in list(self._subjects(conn, topic, missing)):
            missing.discard(subject.id)
            self._arm(subject, self.memory.judge(subject, now), now)
        for name in missing:
            self.memory.gone(topic, name, now)

    def _subjects(self, conn: Connection, topic: str, ids: set[str]) -> Iterable[Subject]:
        if topic == "cases":
            return facts.cases(conn, ids)
        if topic == "places":
            return facts.places(conn, ids)
        if topic == "cameras":
            return facts.cameras(conn, ids, self._watched)
        if topic == "feeds":
            return facts.feeds(conn, ids, self.clock.current())
        return facts.warnings(conn, ids)

    def _look_at_stations(self, _conn: Connection, names: Iterable[str], now: datetime) -> None:
        for name in names:
            known = self.network.known.get(name)
            if known is None:
                self.memory.gone("stations", name, now)
                continue
            self.network.end_of_suspect(name, now)
            again = self.memory.judge(known.subject, now)
            self._arm(known.subject, sooner(again, self.network.settle_suspect(name)), now)

    def _look_at_readings(self, conn: Connection, keys: set[str], now: datetime) -> None:
        """Judge each reading that came as of its moment, and in the end as of now."""
        pairs = {split_key(key) for key in keys}
        if not pairs:
            return
        names = {name for name, factor in pairs if factor not in SUMS}
        for name, at, more in self.network.read(conn, pairs, now):
            names.add(name)
            if more and timedelta() < now - at < LATE:
                self.memory.judge(self.network.known[name].subject, at)
                if self.memory.turning:
                    self._write_turns(now)  # it may be over with the next reading already
        self._look_at_stations(conn, names, now)

    def _look_at_rows(self, conn: Connection, ids: set[str]) -> None:
        """Take up what people did with alerts."""
        ordered = sorted(ids)
        for start in range(0, len(ordered), facts.CHUNK):
            query = select(alert).where(alert.c.id.in_(ordered[start : start + facts.CHUNK]))
            for row in conn.execute(query):
                self.memory.refresh(row)

    def _arm(self, subject: Subject, again: datetime | None, now: datetime) -> None:
        if again is not None:
            self.memory.arm(subject.topic, subject.id, max(again, now + _TICK))

    # ── writing ─────────────────────────────────────────────────────────────────────────────

    def _write(self, upto: int, now: datetime) -> None:
        memory = self.memory
        turns = memory.turns(now)
        regrouped = memory.regroup(turns)
        suspects = self.network.suspects
        news = turns or regrouped or memory.phased or suspects or self._back or self._rezoned
        kept = upto == self.follower.seq or time.monotonic() - self._kept_at < KEEP_S
        if not news and kept:
            return
        while len(turns) > TURNS:
            part, turns = turns[:TURNS], turns[TURNS:]
            with self.store.write() as writer:
                self._turn(writer, part, {}, now)
        latches = memory.latches
        with self.store.write() as writer:
            self._turn(writer, turns, regrouped, now, also=self._back)
            memory.keep(writer.conn)
            self._write_suspects(writer, now)
            later = {
                name: commands.come_back(writer, name, now=now, latches=latches)
                for name in self._back
            }
            self.follower.keep(writer, upto)
        if self._rezoned:  # by itself, so that rows are locked in the order of their ids
            with self.store.write() as writer:
                self.raising.settle_all(writer, now)
        for name, moment in later.items():
            if moment is not None:
                memory.arm("alerts", name, moment)
        self.network.written()
        memory.phased, self._back, self._rezoned = {}, [], False
        self._kept_at = time.monotonic()

    def _write_turns(self, now: datetime) -> None:
        """Write what became of alerts before more is judged."""
        turns = self.memory.turns(now)
        regrouped = self.memory.regroup(turns)
        with self.store.write() as writer:
            self._turn(writer, turns, regrouped, now)

    def _turn(
        self,
        writer: Writer,
        turns: list[rows.Turn],
        regrouped: dict[str, tuple[str, bool]],
        now: datetime,
        *,
        also: Sequence[str] = (),
    ) -> None:
        turned = rows.turn(
            writer,
            turns,
            regrouped,
            now=now,
            rule_version=self.memory.book.version,
            latches=self.memory.latches,
            also=also,
        )
        self.raising.settle(writer, [row["id"] for row in turned.values()], now)
        # Should this transaction fail, the whole picture is made anew.
        for key, row in turned.items():
            if row["live"] or row["active"]:
                self.memory.hold(key, row)
            else:
                self.memory.alerts.pop(key, None)

    def _write_suspects(self, writer: Writer, now: datetime) -> None:
        """Mark stations 可疑, or take the mark away; what a supervisor marks meanwhile stays."""
        for name, told in sorted(self.network.suspects.items()):
            query = select(station.c.suspect, station.c.suspect_until)
            stood = writer.conn.execute(query.where(station.c.id == name)).first()
            by_hand = stood is not None and stood.suspect == "hand"
            if stood is None or (
                by_hand and (stood.suspect_until is None or stood.suspect_until > now)
            ):
                continue
            values = {"suspect": told, "suspect_note": None, "suspect_by": None}
            writer.conn.execute(
                update(station).where(station.c.id == name).values(**values, suspect_until=None)
            )
            scope = self.network.known[name].subject.scope
            writer.changed("stations", name, old_scope=scope, new_scope=scope)
            if by_hand:
                audit.record(
                    writer,
                    actor="pingji",
                    role="",
                    act="station-unsuspect",
                    subject=name,
                    detail={"why": "end"},
                    city_at=now,
                    scope=scope,
                )
