"""The store's tables, as SQLAlchemy Core describes them; migrations create them.

Every row that a person or screen may see carries ``scope`` (the path of its jurisdiction, city
first, ids joined by ``/``), ``event`` (the operation whose members may see it, or NULL) and
``drill``. Times are UTC. Two clocks: names ending in ``_at`` are city time unless they begin with
``real_``.
"""

from data_access.tables.alerts import alert, alert_record, alert_rule, alert_state
from data_access.tables.base import JSON, Seq, UTCDateTime, metadata
from data_access.tables.cases import (
    case,
    case_caller,
    case_event,
    case_treatment,
    case_version,
    desk_number,
)
from data_access.tables.deadlines import deadline_rule, deadline_version, holiday
from data_access.tables.duty import call, duty, duty_rule, escalation, handover, promise
from data_access.tables.events import (
    event_act,
    event_confirmation,
    event_hazard,
    event_post,
    event_report,
    event_report_plan,
    event_thing,
    event_version,
)
from data_access.tables.indicators import (
    case_counted,
    case_to_count,
    figure,
    indicator_published,
    indicator_state,
    indicator_sum,
    rate_basis,
)
from data_access.tables.lists import category, jurisdiction, unit
from data_access.tables.operations import mode, operation, operation_act, proposal
from data_access.tables.outbox import outbox
from data_access.tables.people import account, idempotency, session, token
from data_access.tables.plans import plan, task, task_act
from data_access.tables.road import audit, change, city, clock, feed, feed_tally, follower, reject
from data_access.tables.search import search
from data_access.tables.sensors import reading, reading_latest, station
from data_access.tables.shown import danger, scene, screen, screen_code, screen_seen
from data_access.tables.things import camera, place, place_record, responder, warning
from data_access.tables.typhoons import typhoon, typhoon_point

__all__ = [
    "JSON",
    "Seq",
    "UTCDateTime",
    "account",
    "alert",
    "alert_record",
    "alert_rule",
    "alert_state",
    "audit",
    "call",
    "camera",
    "case",
    "case_caller",
    "case_counted",
    "case_event",
    "case_to_count",
    "case_treatment",
    "case_version",
    "category",
    "change",
    "city",
    "clock",
    "danger",
    "deadline_rule",
    "deadline_version",
    "desk_number",
    "duty",
    "duty_rule",
    "escalation",
    "event_act",
    "event_confirmation",
    "event_hazard",
    "event_post",
    "event_report",
    "event_report_plan",
    "event_thing",
    "event_version",
    "feed",
    "feed_tally",
    "figure",
    "follower",
    "handover",
    "holiday",
    "idempotency",
    "indicator_published",
    "indicator_state",
    "indicator_sum",
    "jurisdiction",
    "metadata",
    "mode",
    "operation",
    "operation_act",
    "outbox",
    "place",
    "place_record",
    "plan",
    "promise",
    "proposal",
    "rate_basis",
    "reading",
    "reading_latest",
    "reject",
    "responder",
    "scene",
    "screen",
    "screen_code",
    "screen_seen",
    "search",
    "session",
    "station",
    "task",
    "task_act",
    "token",
    "typhoon",
    "typhoon_point",
    "unit",
    "warning",
]
