"""Alerts over the API: lists, one with its record, and what people do with them."""

import random
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, TypeVar

from flask import Response
from sqlalchemy.exc import OperationalError

from dashboard.domain.masking import mask
from dashboard.domain.roles import Right, Role
from dashboard.http import items, paging
from dashboard.http.idempotency import once
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body, sight_of
from dashboard.http.told import moment, number, text
from data_access.alerts import book
from data_access.changes import Writer
from data_access.commands import alerts as commands
from data_access.queries import alerts as queries
from data_access.queries import outbox

MANY = 1_000
TRIES = 5
_NOTE = 1_000
_LIVE = {"true": True, "false": False}
_GONE = "没有此告警，或不在您的权限范围内。"
_WORDS = {"shelve": "reason", "transfer": "opinion"}
"""What an act must be told, beside the note of others."""
_ON_NO_WALL = ("owner", "evidence")
ENDED = 10
"""How many of a subject's alerts that are over are told at once."""

_Done = TypeVar("_Done")
Act = Callable[[Writer, commands.Row, commands.Said, dict[str, Any], int | None], commands.Row]


def register(site: Site) -> None:
    """Mount the routes."""
    _mount_questions(site)
    _mount_acts(site)


def _mount_questions(site: Site) -> None:
    guard = site.guard

    @guard.route("/api/v1/alerts", right=Right.LOOK)
    def listed() -> Response:
        who = guard.known()
        asked = paging.asked(who, (str,))
        with site.store.read() as conn:
            found = queries.page(
                conn,
                ask=asked,
                as_of=paging.as_of(),
                live=paging.choice("live", _LIVE),
                group=paging.text("group"),
            )
        wall = who.role is Role.WALL
        after = paging.after_last(found, asked.limit, "id")
        return paging.page([item(row, wall=wall) for row in found], after)

    @guard.route("/api/v1/alerts/ended", right=Right.LOOK, endpoint="alerts.ended")
    def ended() -> Response:
        who = guard.known()
        topic, _, subject = (paging.text("subject") or "").partition("/")
        if not topic or not subject:
            raise Problem(400, "subject 须是 TOPIC/ID，例如 stations/R001。")
        with site.store.read() as conn:
            found = queries.ended(
                conn, topic=topic, subject=subject, sight=sight_of(who), limit=ENDED
            )
        wall = who.role is Role.WALL
        return answer({"items": [_ended(row, wall=wall) for row in found]})

    @guard.route("/api/v1/alerts/<alert_id>", right=Right.LOOK, endpoint="alerts.one")
    def one(alert_id: str) -> Response:
        who = guard.known()
        wall = who.role is Role.WALL
        with site.store.read() as conn:
            found = queries.find(conn, alert_id=alert_id, sight=sight_of(who), now=site.clock.now())
            if found is None:
                raise Problem(404, _GONE)
            sent = outbox.states(conn, [it for it in map(_message, found.record) if it])
        return answer(
            {
                **item(found.alert, wall=wall),
                "record": [_line(line, sent, wall=wall) for line in found.record],
                "chart": [[items.iso(at), value] for at, value in found.chart],
            }
        )

    @guard.route("/api/v1/alert-rules", right=Right.LOOK, endpoint="alerts.rules")
    def rules() -> Response:
        with site.store.read() as conn:
            version, told = book.stored(conn)
        return answer({"version": version, **told})


def _mount_acts(site: Site) -> None:
    guard = site.guard

    @guard.route(
        "/api/v1/alerts/acknowledge",
        right=Right.ACKNOWLEDGE,
        methods=("POST",),
        endpoint="alerts.many",
    )
    @once(site)
    def many() -> Response:
        body = json_body()
        return answer({"items": _patiently(lambda: _acknowledge_many(site, body))})

    def mount(name: str, perform: Act) -> None:
        @guard.route(
            f"/api/v1/alerts/<alert_id>/{name}",
            right=Right.ACKNOWLEDGE,
            methods=("POST",),
            endpoint=f"alerts.{name}",
        )
        @once(site)
        def act(alert_id: str) -> Response:
            body = json_body()
            return answer(item(_patiently(lambda: _act(site, alert_id, name, perform, body))))

    mount("acknowledge", _acknowledge)
    mount("transfer", _transfer(site))
    mount("own", _own)
    mount("shelve", _shelve(site))
    mount("unshelve", _unshelve)


def item(row: Mapping[str, Any], *, wall: bool = False) -> dict[str, Any]:
    """Write one alert."""
    told = items.plain(row)
    topic, subject_id = told.pop("subject_topic"), told.pop("subject_id")
    written = {"id": told.pop("id"), "version": told.pop("version"), "rule": told.pop("rule")}
    written |= {"subject": {"topic": topic, "id": subject_id}, **told}
    for name in _ON_NO_WALL if wall else ():
        written.pop(name, None)
    return written


def _ended(row: Mapping[str, Any], *, wall: bool) -> dict[str, Any]:
    written = item(row, wall=wall)
    if wall:
        for name in ("by", "at", "note"):
            written.pop(f"acknowledged_{name}")
    elif written["acknowledged_note"]:
        written["acknowledged_note"] = mask(written["acknowledged_note"])
    return written


def _message(line: Mapping[str, Any]) -> str | None:
    message: str | None = line["detail"].get("message")
    return message


def _line(
    line: Mapping[str, Any], sent: Mapping[str, outbox.Delivery], *, wall: bool
) -> dict[str, Any]:
    written = {name: items.iso(line[name]) for name in ("n", "at", "act")}
    if wall:
        return written
    detail = {name: value for name, value in line["detail"].items() if name != "state"}
    note = line["note"]
    written |= {"by": line["by"], "note": mask(note) if note else note, "detail": detail}
    message = sent.get(_message(line) or "")
    if message is not None:
        told = ("id", "state", "attempts", "reason")
        written["delivery"] = {name: getattr(message, name) for name in told}
    return written


def _patiently(act: Callable[[], _Done]) -> _Done:
    """Do it again where the database ended it because two waited for each other."""
    for attempt in range(TRIES):
        try:
            return act()
        except OperationalError as error:
            if attempt == TRIES - 1 or "deadlock" not in str(error).lower():
                raise
            time.sleep(random.uniform(0.01, 0.05) * (attempt + 1))  # noqa: S311
    raise AssertionError("unreachable")


def _said(site: Site, body: Mapping[str, Any], name: str, *, needed: bool = False) -> commands.Said:
    note = text(body, name, most=_NOTE, needed=needed)
    return commands.Said(by=site.guard.known().name, now=site.clock.now(), note=note)


def _act(site: Site, alert_id: str, name: str, perform: Act, body: dict[str, Any]) -> commands.Row:
    """Do something with one alert and note it; a stale version is told how it now stands."""
    version = number(body, "version")
    said = _said(site, body, _WORDS.get(name, "note"), needed=name in _WORDS)
    with site.store.write() as writer:
        try:
            row = commands.lock(writer, alert_id)
            if not site.guard.known().sees(row["scope"], row["event"]):
                raise commands.Missing
            before = row["version"]
            row = perform(writer, row, said, body, version)
        except commands.Missing as error:
            raise Problem(404, _GONE) from error
        except commands.Stale as error:
            raise Problem(
                409, "此告警已变化，请按现在的状态再决定。", current=item(error.state)
            ) from error
        if row["version"] != before:
            _note(site, writer, f"alert-{name}", row, said)
    return row


def _acknowledge(
    writer: Writer,
    row: commands.Row,
    said: commands.Said,
    _body: dict[str, Any],
    version: int | None,
) -> commands.Row:
    return commands.acknowledge(writer, row, said, version=version)


def _transfer(site: Site) -> Act:
    def act(
        writer: Writer,
        row: commands.Row,
        said: commands.Said,
        _body: dict[str, Any],
        version: int | None,
    ) -> commands.Row:
        if not row["department"]:
            raise Problem(422, "此告警由值班台负责，没有可转办的部门。")
        name = site.guard.known().display_name
        return commands.transfer(writer, row, said, by_name=name, version=version)

    return act


def _own(
    writer: Writer,
    row: commands.Row,
    said: commands.Said,
    _body: dict[str, Any],
    version: int | None,
) -> commands.Row:
    return commands.own(writer, row, said, version=version)


def _shelve(site: Site) -> Act:
    longest = timedelta(hours=site.settings.shelve_hours)

    def act(
        writer: Writer,
        row: commands.Row,
        said: commands.Said,
        body: dict[str, Any],
        version: int | None,
    ) -> commands.Row:
        until = moment(body, "until")
        if until is None:
            raise Problem(422, "until 须填写。", field="until")
        if not timedelta() < until - said.now <= longest:
            hours = site.settings.shelve_hours
            raise Problem(422, f"until 须晚于现在，且不超过 {hours} 小时。", field="until")
        return commands.shelve(writer, row, said, until=until, version=version)

    return act


def _unshelve(
    writer: Writer,
    row: commands.Row,
    said: commands.Said,
    _body: dict[str, Any],
    version: int | None,
) -> commands.Row:
    rule = book.current(writer.conn).rules.get(row["rule"])
    latch = rule is not None and rule.latch
    return commands.unshelve(writer, row, said, latch=latch, version=version)


def _acknowledge_many(site: Site, body: dict[str, Any]) -> list[dict[str, Any]]:
    """Acknowledge several in one transaction; each that is refused is told by itself."""
    asked = _asked(body)
    said = _said(site, body, "note")
    who = site.guard.known()
    told: list[dict[str, Any]] = []
    with site.store.write() as writer:
        rows = commands.many(writer, (name for name, _ in asked))
        for name, version in asked:
            row = rows.get(name)
            if row is None or not who.sees(row["scope"], row["event"]):
                told.append({"id": name, "status": 404, "detail": _GONE})
                continue
            before = row["version"]
            try:
                row = commands.acknowledge(writer, row, said, version=version)
            except commands.Stale as error:
                told.append({"id": name, "status": 409, "current": item(error.state)})
                continue
            if row["version"] != before:
                _note(site, writer, "alert-acknowledge", row, said)
            told.append({"id": name, "status": 200, "version": row["version"]})
    return told


def _asked(body: Mapping[str, Any]) -> list[tuple[str, int | None]]:
    told = body.get("items")
    if not isinstance(told, list) or not 0 < len(told) <= MANY:
        raise Problem(422, f"items 应为 1 至 {MANY} 个 {{id, version}} 的列表。", field="items")
    asked: dict[str, int | None] = {}
    for each in told:
        if not isinstance(each, dict) or not isinstance(each.get("id"), str):
            raise Problem(422, "items 的每一项须写明 id。", field="items")
        asked[each["id"][:200]] = number(each, "version")
    return sorted(asked.items())


def _note(site: Site, writer: Writer, act: str, row: commands.Row, said: commands.Said) -> None:
    detail = {
        "rule": row["rule"],
        "subject": f"{row['subject_topic']}/{row['subject_id']}",
        "version": row["version"],
    }
    if said.note:
        detail[_WORDS.get(act.removeprefix("alert-"), "note")] = said.note
    if act == "alert-transfer":
        detail["department"] = row["department"]
    about = {"scope": row["scope"], "drill": row["drill"]}
    site.note(writer, act, subject=row["id"], detail=detail, **about)
