"""What becomes of a reject at the administrator's hand: sent through ingest again, or dismissed.

Each is in the audit, in the transaction that settles the reject.
"""

import orjson
from sqlalchemy import select

from callbacks.services import Services
from dashboard.domain.records import Limits
from data_access.commands import audit
from data_access.commands import rejects as commands
from data_access.ingest import Policy, ingest
from data_access.queries import rejects as queries
from data_access.queries.visible import Row, Sight
from data_access.tables import city

RETRIED = "retried"
DISMISSED = "dismissed"
ACTS = {RETRIED: "reject-retry", DISMISSED: "reject-dismiss"}


def retry(services: Services, reject_id: int) -> str | None:
    """Send the record of a reject through ingest once more; return why it failed, or None."""
    found = _find(services, reject_id)
    if found is None:
        return "没有此拒收记录，或已处理。"
    try:
        record = orjson.loads(found["record"])
    except orjson.JSONDecodeError:
        return "原始记录不完整（超过 16 KiB 的部分未保存），请由来源重发。"
    report = ingest(
        services.store,
        found["kind"],
        [record],
        feed=found["feed"],
        now=services.clock.now(),
        policy=_policy(services, found["feed"]),
    )
    _settle(services, found, RETRIED)
    if report.rejected:
        again = report.rejected[0]
        return f"仍被拒收：{again.field}：{again.reason}"
    return None


def dismiss(services: Services, reject_id: int) -> str | None:
    """Put a reject aside; return why that failed, or None."""
    found = _find(services, reject_id)
    if found is None:
        return "没有此拒收记录，或已处理。"
    _settle(services, found, DISMISSED)
    return None


def _find(services: Services, reject_id: int) -> Row | None:
    who = services.guard.known()
    sight = Sight(scopes=who.scopes, events=who.events)
    with services.store.read() as conn:
        found = queries.find(conn, reject_id=reject_id, sight=sight)
    return found if found is not None and found["state"] == "open" else None


def _policy(services: Services, feed: str) -> Policy:
    """A recording learns codes that no list knows; what is pushed must name known ones."""
    if not feed.startswith("recording:"):
        return Policy()
    with services.store.read() as conn:
        told = conn.execute(select(city.c.settings).limit(1)).scalar() or {}
    return Policy(limits=Limits(unknown="learn" if told.get("recording") else "reject"))


def _settle(services: Services, found: Row, state: str) -> None:
    who = services.guard.known()
    with services.store.write() as writer:
        commands.settle(writer, reject_id=found["id"], state=state)
        audit.record(
            writer,
            actor=who.name,
            role=str(who.role),
            act=ACTS[state],
            subject=str(found["id"]),
            detail={"feed": found["feed"], "kind": found["kind"], "record": found["record_id"]},
            address=services.guard.address(),
            city_at=services.clock.now(),
            scope=found["scope"],
        )
