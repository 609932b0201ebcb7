"""``POST /api/v1/ingest/{kind}``: what outside programs tell, through the one way in."""

from flask import Response, request

from dashboard.domain.records import KINDS, BadBody, TooLarge, decode
from dashboard.domain.roles import Right
from dashboard.http.idempotency import once
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, body_bytes
from data_access.ingest import Policy, ingest


def register(site: Site) -> None:
    """Mount the route."""

    @site.guard.route("/api/v1/ingest/<kind>", right=Right.INGEST, methods=("POST",))
    @once(site)
    def post_ingest(kind: str) -> Response:
        if kind not in KINDS:
            raise Problem(404, f"没有此数据种类；可用：{'、'.join(KINDS)}。")
        who = site.guard.known()
        if not who.may_ingest(kind):
            raise Problem(403, "此令牌不可写入这一数据种类。")
        try:
            records = decode(body_bytes(), request.headers.get("Content-Type", "application/json"))
        except TooLarge as error:
            raise Problem(413, str(error)) from error
        except BadBody as error:
            raise Problem(400, str(error)) from error
        report = ingest(
            site.store,
            kind,
            records,
            feed=f"push:{who.display_name}",
            now=site.clock.now(),
            policy=Policy(),
        )
        return answer(
            {
                "accepted": report.accepted,
                "unchanged": report.unchanged,
                "rejected": [
                    {
                        "index": reject.index,
                        "id": reject.id,
                        "field": reject.field,
                        "reason": reject.reason,
                    }
                    for reject in report.rejected
                ],
            }
        )
