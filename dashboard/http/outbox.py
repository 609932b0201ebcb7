"""What leaves 发件箱: what became of each message, and trying one again that was given up."""

from flask import Response

from dashboard.domain.roles import Right
from dashboard.http import items, paging
from dashboard.http.idempotency import together
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, sight_of
from data_access import outbox
from data_access.changes import Writer
from data_access.queries import outbox as queries


def register(site: Site) -> None:
    """Mount the routes."""
    guard = site.guard

    @guard.route("/api/v1/outbox", right=Right.FEEDS)
    def listed() -> Response:
        states = {name: name for name in (outbox.WAITING, outbox.DELIVERED, outbox.FAILED)}
        asked = paging.asked(guard.known(), (int,))
        state = paging.choice("state", states)
        with site.store.read() as conn:
            found = queries.page(
                conn,
                after=int(asked.after[0]) if asked.after else None,
                limit=asked.limit,
                sight=asked.sight,
                states=(state,) if state else (),
            )
        shown = [{name: items.iso(value) for name, value in row.items()} for row in found]
        return paging.page(shown, paging.after_last(found, asked.limit, "n"))

    @guard.route("/api/v1/outbox/<message_id>/retry", right=Right.FEEDS, methods=("POST",))
    @together(site)
    def retry(writer: Writer, message_id: str) -> Response:
        found = queries.find(writer.conn, message_id=message_id, sight=sight_of(guard.known()))
        if found is None or not outbox.again(writer, message_id):
            raise Problem(404, "没有此消息，或它并未被放弃。")
        detail = {"kind": found["kind"], "about": found["subject"]}
        about = {"scope": found["scope"], "drill": found["drill"]}
        site.note(writer, "outbox-retry", subject=message_id, detail=detail, **about)
        return answer({"id": message_id, "state": outbox.WAITING})
