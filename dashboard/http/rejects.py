"""Rejects: seen, tried again, dismissed."""

import orjson
from flask import Response

from dashboard.domain.records import KINDS
from dashboard.domain.roles import Right
from dashboard.http import items, paging
from dashboard.http.idempotency import once
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, sight_of
from data_access.commands import rejects as commands
from data_access.ingest import Policy, ingest
from data_access.queries import rejects, visible

_STATES = {name: name for name in ("open", "retried", "dismissed")}


def register(site: Site) -> None:
    """Mount the routes."""
    guard = site.guard

    @guard.route("/api/v1/rejects", right=Right.FEEDS)
    def listed() -> Response:
        paging.no_as_of()
        asked = paging.asked(guard.known(), (int,))
        state, feed = paging.choice("state", _STATES), paging.text("feed")
        with site.store.read() as conn:
            found = rejects.page(conn, ask=asked, state=state, feed=feed)
        after = paging.after_last(found, asked.limit, "id")
        return paging.page([items.reject(row) for row in found], after)

    @guard.route("/api/v1/rejects/<int:reject_id>/retry", right=Right.FEEDS, methods=("POST",))
    @once(site)
    def retry(reject_id: int) -> Response:
        return answer(try_again(site, reject_id))

    @guard.route("/api/v1/rejects/<int:reject_id>/dismiss", right=Right.FEEDS, methods=("POST",))
    @once(site)
    def dismiss(reject_id: int) -> Response:
        row = _open_reject(site, reject_id)
        with site.store.write() as writer:
            if not commands.settle(writer, reject_id=reject_id, state="dismissed"):
                raise Problem(409, "此记录已被处理。", state=_state(site, reject_id))
            detail = {"feed": row["feed"], "kind": row["kind"], "record_id": row["record_id"]}
            site.note(
                writer, "reject-dismiss", subject=str(reject_id), detail=detail, scope=row["scope"]
            )
        return answer({"id": reject_id, "state": "dismissed"})


def try_again(site: Site, reject_id: int) -> dict[str, object]:
    """Send a rejected record through the one way in once more, and settle the reject.

    A record that is turned away again becomes a new reject; this one is ``retried`` either way.
    """
    row = _open_reject(site, reject_id)
    try:
        record = orjson.loads(row["record"])
    except orjson.JSONDecodeError as error:
        raise Problem(422, "此记录未完整保存，无法重试；请由来源重新发送。") from error
    if row["kind"] not in KINDS:
        raise Problem(422, "此种类的记录无法重试。")
    with site.store.write() as writer:
        if not commands.settle(writer, reject_id=reject_id, state="retried"):
            raise Problem(409, "此记录已被处理。", state=_state(site, reject_id))
        detail = {"feed": row["feed"], "kind": row["kind"], "record_id": row["record_id"]}
        site.note(writer, "reject-retry", subject=str(reject_id), detail=detail, scope=row["scope"])
    report = ingest(
        site.store,
        row["kind"],
        [record],
        feed=row["feed"],
        now=site.clock.now(),
        policy=Policy(drill=row["drill"]),
    )
    return {
        "id": reject_id,
        "state": "retried",
        "accepted": report.accepted,
        "unchanged": report.unchanged,
        "rejected": [
            {"index": 0, "id": again.id, "field": again.field, "reason": again.reason}
            for again in report.rejected
        ],
    }


def _open_reject(site: Site, reject_id: int) -> visible.Row:
    with site.store.read() as conn:
        row = None
        if reject_id < 2**62:
            row = rejects.find(conn, reject_id=reject_id, sight=sight_of(site.guard.known()))
    if row is None:
        raise Problem(404, "没有此记录，或不在您的权限范围内。")
    if row["state"] != "open":
        raise Problem(409, "此记录已被处理。", state=row["state"])
    return row


def _state(site: Site, reject_id: int) -> str | None:
    with site.store.read() as conn:
        row = rejects.find(conn, reject_id=reject_id, sight=sight_of(site.guard.known()))
    return None if row is None else str(row["state"])
