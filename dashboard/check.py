"""`pingji check`: one line for each thing that must work, with how to mend what does not."""

import socket
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

from sqlalchemy.exc import SQLAlchemyError

from dashboard.build import ASSETS
from dashboard.domain.topics import BY_NAME
from dashboard.settings import Settings
from data_access.clock import StoreClock
from data_access.deadlines import deadlines
from data_access.queries import live, outbox
from data_access.schema import newest_revision, revision
from data_access.store import Store

SILENT_S = 300
WAITS = timedelta(minutes=5)
LATELY = timedelta(days=1)
REACH = timedelta(days=45)  # within which most deadlines lie


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was looked at, what is wrong (empty: nothing), how to mend it."""

    subject: str
    wrong: str = ""
    mend: str = ""
    warning: bool = False

    def line(self) -> str:
        """Give the line as it is printed."""
        if not self.wrong:
            return f"OK    {self.subject}"
        mark = "WARN" if self.warning else "FAIL"
        return f"{mark:5} {self.subject}: {self.wrong} — {self.mend}"


def findings(settings: Settings) -> Iterator[Finding]:
    """Look at the database, the feeds, the outbox, the calendar, the map and the stream."""
    store = settings.store()
    try:
        database = _database(store)
        yield database
        if not database.wrong:
            yield from _feeds(store)
            yield _outbox(store, settings)
            yield from _calendar(store)
    finally:
        store.dispose()
    yield from _map(settings)
    yield _stream(settings)


def _database(store: Store) -> Finding:
    subject = f"database {store.engine.url.render_as_string(hide_password=True)}"
    try:
        with store.read() as conn:
            found = revision(conn)
    except (SQLAlchemyError, OSError) as error:
        reason = str(error).partition("\n")[0]
        return Finding(subject, f"does not answer: {reason}", "start it, or set database_url")
    if found != newest_revision():
        wrong = f"is at revision {found or 'none'}, this version wants {newest_revision()}"
        return Finding(subject, wrong, "run: pingji migrate")
    return Finding(subject)


def _feeds(store: Store) -> Iterator[Finding]:
    with store.read() as conn:
        rows = live.rows(conn, "feeds", None)
    if not rows:
        yield Finding(
            "feeds", "none has ever spoken", "start pingji ingest, or push to /api/v1/ingest", True
        )
    for _, _, _, row in rows:
        told = dict(zip(BY_NAME["feeds"].columns, row, strict=True))
        name, state, message, kind = (told[it] for it in ("id", "state", "message", "kind"))
        real_at, expect_s = told["real_at"], told["expect_s"]
        subject = f"feed {name}"
        age = None
        if real_at is not None:
            age = (datetime.now(UTC) - datetime.fromisoformat(real_at)).total_seconds()
        if state == "failed":
            yield Finding(subject, message or "failed", "see the ingest process's log")
        elif age is not None and age > SILENT_S and expect_s is None and kind == "push":
            wrong = f"silent for {age / 60:.0f} minutes, and nobody said how often it speaks"
            mend = f"pingji feed expect {name} SECONDS marks it as silent in time"
            yield Finding(subject, wrong, mend, warning=True)
        elif age is not None and age > (expect_s or SILENT_S) and state != "ended":
            wrong = f"silent for {age / 60:.0f} minutes"
            yield Finding(subject, wrong, "see whether its source and pingji ingest run")
        else:
            yield Finding(subject)


def _outbox(store: Store, settings: Settings) -> Finding:
    now = datetime.now(UTC)
    with store.read() as conn:
        waiting, reason = outbox.late(conn, real_now=now, after=WAITS)
        given_up = outbox.counts(conn, real_since=now - LATELY).get("failed", 0)
    if waiting:
        wrong = (
            f"{waiting} messages wait longer than {WAITS.seconds // 60} minutes: {reason or '-'}"
        )
        return Finding("outbox", wrong, "see whether the receiver and pingji ingest run")
    if given_up:
        wrong = f"{given_up} messages of the last day were not delivered"
        return Finding("outbox", wrong, "see GET /api/v1/outbox for the reasons", warning=True)
    if not settings.webhooks and not settings.demonstration:
        mend = "set webhooks, so that 催办, 督办 and calls leave"
        return Finding("outbox", "has no receiver", mend, warning=True)
    return Finding("outbox")


def _calendar(store: Store) -> Iterator[Finding]:
    """Say whether the holidays of the days that deadlines reach are known, where any rule asks."""
    with store.read() as conn:
        known = deadlines(store, conn)
    if not any(rule.by_calendar for it in known.versions for rule in it.rules):
        return
    now = StoreClock(store).now().astimezone(known.calendar.zone)
    beyond = next(
        (day for day in (now.date(), (now + REACH).date()) if not known.calendar.is_official(day)),
        None,
    )
    if beyond is None:
        yield Finding(f"holidays of {now.year}")
    else:
        wrong = "no list says which days are worked: counted Monday to Friday"
        mend = "pingji import holidays FILE, or install a newer Pingji"
        yield Finding(f"holidays of {beyond.year}", wrong, mend, warning=True)


def _map(settings: Settings) -> Iterator[Finding]:
    shapes = ASSETS / "map" / "hangzhou.geojson"
    if shapes.is_file():
        yield Finding("map")
    else:
        yield Finding("map", f"{shapes.name} is missing", "install Pingji again")
    if not settings.map_approval_number:
        yield Finding(
            "map approval number 审图号",
            "is not set",
            "set map_approval_number to that of your base map before it is shown in public",
            warning=True,
        )


def _stream(settings: Settings) -> Finding:
    host = "127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host  # noqa: S104
    subject = f"stream http://{host}:{settings.port}/live"
    try:
        with closing(HTTPConnection(host, settings.port, timeout=5)) as connection:
            connection.request("GET", "/live?topics=feeds")
            status = connection.getresponse().status
    except (OSError, socket.timeout):  # noqa: UP041 - a time-out says its name
        return Finding(subject, "nobody answers", "start pingji web (or demo, play, run)")
    if status != 401:
        return Finding(subject, f"answers {status} to a stranger, not 401", "see the web log")
    return Finding(subject)
