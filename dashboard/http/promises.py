"""Promises 承诺: written down about a thing, listed until they are kept."""

from typing import Any

from flask import Response

from dashboard.domain.masking import mask
from dashboard.domain.roles import Right
from dashboard.http import items, paging
from dashboard.http.idempotency import together
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body, sight_of
from dashboard.http.told import moment, number, text
from data_access.changes import Writer
from data_access.commands import promises
from data_access.queries import promises as queries
from data_access.queries.visible import Row

TEXT_CHARS = 500
_GONE = "没有此对象，或不在您的权限范围内。"
_LIVE = {"true": True, "false": False}


def register(site: Site) -> None:
    """Mount the routes."""
    guard = site.guard

    @guard.route("/api/v1/promises", right=Right.SUPERVISE)
    def listed() -> Response:
        with site.store.read() as conn:
            found = queries.page(
                conn,
                sight=sight_of(guard.known()),
                topic=paging.choice("topic", {name: name for name in queries.SUBJECTS}),
                name=paging.text("id"),
                live=paging.choice("live", _LIVE),
            )
        return answer({"items": [promise_item(row) for row in found], "next": None})

    @guard.route("/api/v1/promises", right=Right.SUPERVISE, methods=("POST",), endpoint="promise")
    @together(site)
    def make(writer: Writer) -> Response:
        body = json_body()
        now = site.clock.now()
        about = body.get("subject")
        about = about if isinstance(about, dict) else {}
        topic, name = text(about, "topic", needed=True) or "", text(about, "id", needed=True) or ""
        if topic not in queries.SUBJECTS:
            raise Problem(422, f"topic 应为 {'、'.join(queries.SUBJECTS)} 之一。")
        sight = sight_of(guard.known())
        row = queries.subject(writer.conn, topic=topic, name=name, sight=sight)
        if row is None:
            raise Problem(404, _GONE)
        due_at = moment(body, "due_at")
        if due_at is None or due_at <= now:
            raise Problem(422, "due_at 须填写，且晚于现在。", field="due_at")
        made = promises.make(
            writer,
            topic=topic,
            subject_id=name,
            about=row,
            text=text(body, "text", most=TEXT_CHARS, needed=True) or "",
            promised_by=text(body, "promised_by"),
            by=guard.known().name,
            due_at=due_at,
            now=now,
        )
        shown = promise_item(made)
        _note_promise(site, writer, "promise", made)
        return answer(shown, 201)

    @guard.route("/api/v1/promises/<promise_id>/keep", right=Right.SUPERVISE, methods=("POST",))
    @together(site)
    def keep(writer: Writer, promise_id: str) -> Response:
        body = json_body()
        sight = sight_of(guard.known())
        row = queries.find(writer.conn, promise_id=promise_id, sight=sight)
        if row is None:
            raise Problem(404, _GONE)
        version = number(body, "version")
        if row["kept_at"] is not None or (version is not None and version != row["version"]):
            raise Problem(409, "此承诺已被他人更改。", state=promise_item(row))
        note = text(body, "note", most=TEXT_CHARS)
        kept = promises.keep(writer, row, by=guard.known().name, note=note, now=site.clock.now())
        _note_promise(site, writer, "promise-keep", kept)
        return answer(promise_item(kept))


def _note_promise(site: Site, writer: Writer, act: str, row: Row) -> None:
    about = f"{row['subject_topic']}/{row['subject_id']}"
    scope, drill = row["scope"], row["drill"]
    site.note(writer, act, subject=row["id"], detail={"about": about}, scope=scope, drill=drill)


def promise_item(row: Row) -> dict[str, Any]:
    """Write a promise; numbers of people in it are masked."""
    item = items.plain(row)
    item["subject"] = {"topic": item.pop("subject_topic"), "id": item.pop("subject_id")}
    for name in ("text", "promised_by", "note"):
        if item[name]:
            item[name] = mask(item[name])
    return item
