"""Proposals to start an operation: accepted or declined by a person, with a reason."""

from typing import Any

from flask import Response

from dashboard.domain import operations as rules
from dashboard.domain.roles import Right
from dashboard.http import operations
from dashboard.http.idempotency import once
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body
from dashboard.http.told import text
from data_access import proposals
from data_access.commands import operations as commands

_REASON = 500


def register(site: Site) -> None:
    """Mount the routes."""
    guard = site.guard

    def mount(name: str) -> None:
        @guard.route(
            f"/api/v1/proposals/<proposal_id>/{name}",
            right=Right.OPERATE,
            methods=("POST",),
            endpoint=f"proposal.{name}",
        )
        @once(site)
        def decide(proposal_id: str) -> Response:
            return answer(_decided(site, proposal_id, accepted=name == "accept"))

    mount("accept")
    mount("decline")


def _decided(site: Site, proposal_id: str, *, accepted: bool) -> dict[str, Any]:
    """Accept a proposal, which starts the operation it is for, or decline it; one transaction."""
    who, body, now = site.guard.known(), json_body(), site.clock.now()
    reason = text(body, "reason", most=_REASON, needed=True) or ""
    with site.store.read() as conn:
        row = proposals.find(conn, proposal_id=proposal_id)
    if row is None or not who.covers([row["scope"]]):
        raise Problem(404, "没有此建议，或不在您的权限范围内。")
    day = f"{now.astimezone(operations.zone_of(site)):%Y%m%d}"
    draft = None
    if accepted:
        named = {"kind": "emergency", "scenario": row["scenario"], "area": row["area"]}
        draft = operations.draft_of(site, {"level": row["level"], **body, **named})
    try:
        with site.store.write() as writer:
            made = None
            if draft is not None:
                made = commands.start(writer, draft, operations.said_of(site, body), day=day)
            decided = proposals.decide(
                writer,
                proposal_id,
                accepted=accepted,
                by=who.display_name,
                reason=reason,
                now=now,
                operation_id=None if made is None else made["id"],
            )
            act = f"proposal-{'accept' if accepted else 'decline'}"
            detail = {"reason": reason, "rule": row["rule"], "operation": decided["operation"]}
            site.note(writer, act, subject=proposal_id, detail=detail, scope=row["scope"])
    except rules.Refused as refused:
        raise Problem(422, refused.reason, field=refused.field) from refused
    except commands.Stale as stale:
        raise Problem(409, "同一行动已在进行。", state=operations.item(stale.state)) from stale
    except proposals.Stale as stale:
        told = {name: stale.state[name] for name in ("id", "state", "decided_by", "reason")}
        raise Problem(409, "此建议已被决定。", state=told) from stale
    told = {name: decided[name] for name in ("id", "version", "state", "reason", "operation")}
    return {**told, "started": None if made is None else operations.item(made)}
