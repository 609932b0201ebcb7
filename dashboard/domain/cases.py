"""Owns the life of a case 案件: its stages, marks, sources, and which cases are live.

Stages and marks are those of the design and of GB/T 30428.8's workflow (采集 → 受理 → 立案 →
派遣 → 处置 → 核查 → 结案). Their moves and clocks stand in `lifecycle`, limits in `deadlines`.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum, unique

from dashboard.domain.words import Words

LIVE_FOR = timedelta(hours=24)
"""How long an ended case stays in the live working set, by the city's clock."""


@unique
class Stage(StrEnum):
    """阶段, in the order of the road."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    VERIFYING = "verifying"
    FILED = "filed"
    DISPATCHED = "dispatched"
    HANDLING = "handling"
    HANDLED = "handled"
    CHECKING = "checking"
    CLOSED = "closed"
    DECLINED = "declined"
    VOIDED = "voided"


STAGES: dict[str, Words] = {
    Stage.REPORTED: Words("上报", "Reported"),
    Stage.ACCEPTED: Words("受理", "Accepted"),
    Stage.VERIFYING: Words("核实", "Verifying"),
    Stage.FILED: Words("立案", "Filed"),
    Stage.DISPATCHED: Words("派遣", "Dispatched"),
    Stage.HANDLING: Words("处置", "Handling"),
    Stage.HANDLED: Words("处置反馈", "Handled"),
    Stage.CHECKING: Words("核查", "Checking"),
    Stage.CLOSED: Words("结案", "Closed"),
    Stage.DECLINED: Words("不予立案", "Declined"),
    Stage.VOIDED: Words("作废", "Voided"),
}

STAGE_ORDER: dict[str, int] = {stage: place for place, stage in enumerate(STAGES)}

TERMINAL: frozenset[str] = frozenset({Stage.CLOSED, Stage.DECLINED, Stage.VOIDED})
"""Stages that end a case."""

OPEN: frozenset[str] = frozenset(STAGES) - TERMINAL

WITH_UNIT: frozenset[str] = frozenset({Stage.DISPATCHED, Stage.HANDLING})
"""Stages in which the responsible unit has the case and owes 处置反馈."""

ANSWERED: frozenset[str] = TERMINAL | {Stage.HANDLED, Stage.CHECKING}
"""Stages in which 处置反馈 has been given, or is owed no more."""


@unique
class Mark(StrEnum):
    """标记: any number of them on a case at once."""

    SUSPENDED = "suspended"
    EXTENDED = "extended"
    RETURNED = "returned"
    REWORKED = "reworked"
    URGED = "urged"
    SUPERVISED = "supervised"
    SELF_HANDLED = "self_handled"
    DEFERRED = "deferred"


MARKS: dict[str, Words] = {
    Mark.SUSPENDED: Words("挂账", "Suspended"),
    Mark.EXTENDED: Words("延期", "Extended"),
    Mark.RETURNED: Words("回退", "Returned"),
    Mark.REWORKED: Words("返工", "Reworked"),
    Mark.URGED: Words("催办", "Urged"),
    Mark.SUPERVISED: Words("督办", "Supervised"),
    Mark.SELF_HANDLED: Words("自处置", "Self-handled"),
    Mark.DEFERRED: Words("顺延", "Deferred"),
}

PAUSING: frozenset[str] = frozenset({Mark.SUSPENDED, Mark.DEFERRED})
"""Marks under which the disposal clock stands."""

KINDS: dict[str, Words] = {
    "component": Words("部件", "Component"),
    "event": Words("事件", "Event"),
}

SOURCES: dict[str, Words] = {
    "collector": Words("采集员", "Collector"),
    "12319": Words("12319 热线", "Hotline 12319"),
    "96310": Words("96310 热线", "Hotline 96310"),
    "12345": Words("12345 热线", "Hotline 12345"),
    "app": Words("贴心城管", "Citizens' app"),
    "portal": Words("网站", "Portal"),
    "wechat": Words("微信", "WeChat"),
    "weibo": Words("微博", "Weibo"),
    "video": Words("视频", "Video"),
    "sensing": Words("物联感知", "Sensing"),
    "community": Words("社区", "Community"),
    "survey": Words("专项普查", "Survey"),
    "leader": Words("领导批示", "Leader's note"),
    "media": Words("媒体", "Media"),
    "transfer": Words("部门移送", "Transfer"),
    "desk": Words("值班录入", "Duty desk"),
}

URGENCIES: dict[int, Words] = {
    0: Words("一般", "Normal"),
    1: Words("紧急", "Urgent"),
    2: Words("特急", "Critical"),
}
"""By number; a feed may also say normal, urgent, critical."""

URGENCY_BY_NAME: dict[str, int] = {"normal": 0, "urgent": 1, "critical": 2}

LATENESS: dict[str, Words] = {
    "overdue": Words("超期", "Overdue"),
    "near": Words("临期", "Due soon"),
    "late": Words("超时", "Late"),
}


def is_open(stage: str) -> bool:
    """Say whether a case at `stage` still asks for something."""
    return stage not in TERMINAL


def is_live(stage: str, closed_at: datetime | None, now: datetime) -> bool:
    """Say whether a case belongs to the live working set at the city's `now`.

    Open cases do; ended ones (结案, 不予立案, 作废) for 24 hours after `closed_at`, the moment
    at which they ended. An ended case whose end is not known is not live.
    """
    if stage not in TERMINAL:
        return True
    return closed_at is not None and now - closed_at < LIVE_FOR


def is_overdue(
    stage: str, due_at: datetime | None, now: datetime, marks: Collection[str] = ()
) -> bool:
    """Say whether a case is 超期: past `due_at` at the city's `now` without 处置反馈.

    A case without a deadline never is, nor one 挂账 or 顺延 (its clock stands, CJ/T 315 practice).
    """
    return (
        due_at is not None
        and due_at < now
        and stage not in ANSWERED
        and not PAUSING.intersection(marks)
    )
