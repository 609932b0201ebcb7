"""Calls to those on duty 叫应: whom an alert called, and what became of it.

A person reads and answers its own calls; the desk enters who was woken by telephone, and answers
that came that way.
"""

from collections.abc import Callable
from typing import Any

from flask import Response

from dashboard.domain.masking import mask, mask_phone
from dashboard.domain.roles import Right
from dashboard.http import items, paging
from dashboard.http.idempotency import together
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body, sight_of
from dashboard.http.told import text
from data_access.changes import Writer
from data_access.commands import calls
from data_access.queries import calls as queries
from data_access.queries import outbox
from data_access.queries.visible import Row

ANSWER_CHARS = 500
_GONE = "没有此对象，或不在您的权限范围内。"
_LIVE = {"true": True, "false": False}


def register(site: Site) -> None:
    """Mount the routes."""
    guard = site.guard

    @guard.route("/api/v1/calls", right=Right.SUPERVISE)
    def listed() -> Response:
        paging.no_as_of()
        who = guard.known()
        asked = paging.asked(who, (str,))
        mine = paging.choice("mine", _LIVE)
        with site.store.read() as conn:
            found = queries.page(
                conn,
                ask=asked,
                alert_id=paging.text("alert"),
                account=who.name if mine else None,
                live=paging.choice("live", _LIVE),
                since=paging.moment("since"),
            )
            ids = [row["outbox_id"] for row in found if row["outbox_id"]]
            states = outbox.states(conn, ids)
        shown = [call_item(row, states.get(row["outbox_id"] or "")) for row in found]
        return paging.page(shown, paging.after_last(found, asked.limit, "id"))

    def mount(name: str, act: Callable[[Writer, Row], dict[str, Any]]) -> None:
        @guard.route(
            f"/api/v1/calls/<call_id>/{name}",
            right=Right.SUPERVISE,
            methods=("POST",),
            endpoint=f"calls.{name}",
        )
        @together(site)
        def acted(writer: Writer, call_id: str) -> Response:
            row = _call(site, writer, call_id)
            detail = act(writer, row)
            site.note(
                writer,
                f"call-{name}",
                subject=call_id,
                detail={"alert": row["alert_id"], "name": row["name"], **detail},
                scope=row["scope"],
                drill=row["drill"],
            )
            return answer(call_item(_call(site, writer, call_id)))

    def read(writer: Writer, row: Row) -> dict[str, Any]:
        _own(site, row, but_desk=False)
        calls.read(writer, row, now=site.clock.now())
        return {}

    def phoned(writer: Writer, row: Row) -> dict[str, Any]:
        if not guard.known().may(Right.ACKNOWLEDGE):
            raise Problem(403, "电话叫醒由值班台填写。")
        calls.phoned(writer, row, by=guard.known().name, now=site.clock.now())
        return {}

    def answered(writer: Writer, row: Row) -> dict[str, Any]:
        _own(site, row, but_desk=True)
        told = text(json_body(), "answer", most=ANSWER_CHARS, needed=True) or ""
        if row["answered_at"] is not None:
            raise Problem(409, "此次叫应已有答复。", state=call_item(row))
        calls.answer(writer, row, told, by=guard.known().name, now=site.clock.now())
        return {"answer": told}

    mount("read", read)
    mount("phoned", phoned)
    mount("answer", answered)

    @guard.route(
        "/api/v1/calls/<call_id>/phone",
        right=Right.SUPERVISE,
        methods=("POST",),
        endpoint="calls.phone",
    )
    def phone(call_id: str) -> Response:
        with site.store.write() as writer:
            row = _call(site, writer, call_id)
            detail = {"topic": "calls", "name": row["name"]}
            about = {"scope": row["scope"], "drill": row["drill"]}
            site.note(writer, "unmask", subject=call_id, detail=detail, **about)
        return answer({"id": call_id, "phone": row["phone"]})


def _call(site: Site, writer: Writer, call_id: str) -> Row:
    row = queries.find(
        writer.conn, call_id=call_id, sight=sight_of(site.guard.known()), for_update=True
    )
    if row is None:
        raise Problem(404, _GONE)
    return row


def _own(site: Site, row: Row, *, but_desk: bool) -> None:
    who = site.guard.known()
    if row["account"] == who.name or (but_desk and who.may(Right.ACKNOWLEDGE)):
        return
    raise Problem(403, "只有被叫应的人可以这样做。")


def call_item(row: Row, sent: outbox.Delivery | None = None) -> dict[str, Any]:
    """Write a call; telephones are masked."""
    item = items.plain(row)
    for name in ("next_at", "live", "outbox_id"):
        item.pop(name)
    if item["phone"]:
        item["phone"] = mask_phone(item["phone"])
    if item["deputy"]:
        item["deputy"] = {"name": item["deputy"]["name"], "account": item["deputy"]["account"]}
    if item["answer"]:
        item["answer"] = mask(item["answer"])
    item["delivery"] = None
    if sent is not None:
        told = ("state", "attempts", "reason")
        item["delivery"] = {name: getattr(sent, name) for name in told}
    return item
