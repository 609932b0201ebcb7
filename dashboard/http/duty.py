"""Who is on duty 值班: now, or over some days.

Names and telephones of persons never leave for a wall; a telephone in full is given only by a POST
that stands in the audit.
"""

from datetime import timedelta
from typing import Any

from flask import Response

from dashboard.domain.masking import mask_phone
from dashboard.domain.roles import Right, Role
from dashboard.http import items, paging
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, sight_of
from data_access.queries import duty as duties
from data_access.queries.visible import Row

LONGEST_LIST = timedelta(days=62)
_GONE = "没有此对象，或不在您的权限范围内。"
_PERSON = ("name", "phone", "account", "deputy", "deputy_phone", "deputy_account")


def register(site: Site) -> None:
    """Mount the routes."""
    guard = site.guard

    @guard.route("/api/v1/duty", right=Right.LOOK)
    def duty() -> Response:
        who = guard.known()
        now = site.clock.now()
        after, before = paging.moment("from"), paging.moment("to")
        post, place = paging.text("post"), paging.text("jurisdiction")
        with site.store.read() as conn:
            shifts, posts = duties.newest(conn, "shifts"), duties.newest(conn, "posts")
            if after is None and before is None:
                found = duties.on_duty(conn, now, post, place)
                found = duties.seen_by(found, sight_of(who))
            else:
                after, before = after or now, before or (after or now) + timedelta(days=7)
                if not timedelta(0) < before - after <= LONGEST_LIST:
                    raise Problem(400, f"from 须早于 to，且相距不超过 {LONGEST_LIST.days} 天。")
                found = duties.on_list(conn, after=after, before=before, sight=sight_of(who))
        wall = who.role is Role.WALL
        return answer(
            {
                "at": items.iso(now),
                "shifts": shifts.items,
                "posts": posts.items,
                "items": [person(row, wall=wall) for row in found],
            }
        )

    @guard.route("/api/v1/duty/<int:n>/phone", right=Right.SUPERVISE, methods=("POST",))
    def phone(n: int) -> Response:
        now = site.clock.now()
        with site.store.write() as writer:
            found = duties.seen_by(duties.on_duty(writer.conn, now), sight_of(guard.known()))
            row = next((it for it in found if it["n"] == n), None)
            if row is None:
                raise Problem(404, _GONE)
            detail = {"topic": "duty", "name": row["name"]}
            site.note(writer, "unmask", subject=f"duty/{n}", detail=detail, scope=row["scope"])
        return answer({"id": n, "phone": row["phone"], "deputy_phone": row["deputy_phone"]})


def person(row: Row, *, wall: bool = False) -> dict[str, Any]:
    """Write a line of the duty list; on a wall without the person."""
    item = items.plain(row)
    item["id"] = item.pop("n")
    for name in _PERSON if wall else ():
        item.pop(name, None)
    for name in ("phone", "deputy_phone"):
        if item.get(name):
            item[name] = mask_phone(item[name])
    return item
