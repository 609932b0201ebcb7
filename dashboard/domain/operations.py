"""Owns operations 应急响应 and 重大活动保障: their acts, levels and names.

An operation is decided outside (市防指, 城管局), often by phone: each act carries who issued and
who approved it, how, and from when. What an operation makes of a jurisdiction is in ``modes``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, unique

from dashboard.domain.words import Words

LEVELS = (1, 2, 3, 4)
"""Ⅰ is the highest."""

REVOCABLE_FOR = timedelta(minutes=10)
"""How long after it was entered a mistaken start may be revoked 撤销, by the city's clock."""

BACKDATED_AT_MOST = timedelta(days=7)
"""How far back an act may take effect."""


@unique
class Kind(StrEnum):
    """What is run."""

    EMERGENCY = "emergency"
    EVENT = "event"


KINDS: dict[str, Words] = {
    Kind.EMERGENCY: Words("应急响应", "Emergency response"),
    Kind.EVENT: Words("重大活动保障", "Event security"),
}


SCENARIOS: dict[str, Words] = {
    "flood-typhoon": Words("防汛防台", "Flood and typhoon"),
    "snow-freeze": Words("抗雪防冻", "Snow and freeze"),
    "incident": Words("突发事件", "Incident"),
}
"""The scenarios shipped; a city may name others."""

SHORT_SCENARIOS: dict[str, Words] = {
    "flood-typhoon": Words("防汛", "Flood"),
    "snow-freeze": Words("抗雪防冻", "Snow"),
    "incident": Words("突发事件", "Incident"),
}
"""As the name of a response says it: 防汛Ⅲ级应急响应."""


@unique
class Approval(StrEnum):
    """How an act was approved."""

    DOCUMENT = "document"
    PHONE = "phone"
    MEETING = "meeting"


APPROVALS: dict[str, Words] = {
    Approval.DOCUMENT: Words("文件", "Document"),
    Approval.PHONE: Words("电话", "Telephone"),
    Approval.MEETING: Words("会商", "Meeting"),
}


@unique
class Act(StrEnum):
    """What is done with an operation."""

    START = "start"
    RAISE = "raise"
    LOWER = "lower"
    END = "end"
    REVOKE = "revoke"
    CONFIRM = "confirm"


ACTS: dict[str, Words] = {
    Act.START: Words("启动", "Started"),
    Act.RAISE: Words("提升", "Raised"),
    Act.LOWER: Words("降低", "Lowered"),
    Act.END: Words("结束", "Ended"),
    Act.REVOKE: Words("撤销", "Revoked"),
    Act.CONFIRM: Words("补签", "Confirmed"),
}


TIMELINE_KINDS: dict[str, Words] = {
    "operation": Words("响应", "Operation"),
    "proposal": Words("启动建议", "Proposal"),
    "task": Words("任务", "Task"),
    "alert": Words("告警", "Alert"),
    "place": Words("重点部位", "Place"),
    "case": Words("案件", "Case"),
}
"""What the lines and figures of an operation's timeline are about."""


@unique
class State(StrEnum):
    """Where an operation stands."""

    IN_FORCE = "in_force"
    ENDED = "ended"
    REVOKED = "revoked"


STATES: dict[str, Words] = {
    State.IN_FORCE: Words("响应中", "In force"),
    State.ENDED: Words("已结束", "Ended"),
    State.REVOKED: Words("已撤销", "Revoked"),
}

ROMAN = ("", "Ⅰ级", "Ⅱ级", "Ⅲ级", "Ⅳ级")
HAN = ("", "一级", "二级", "三级", "四级")
ROMAN_EN = ("", "Ⅰ", "Ⅱ", "Ⅲ", "Ⅳ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues responses, and how it numbers its levels: ``roman`` Ⅰ–Ⅳ or ``han`` 一级–四级."""

    id: str
    name: Words
    numbering: str = "roman"


ISSUERS: tuple[Issuer, ...] = (
    Issuer(id="city-flood-hq", name=Words("市防指", "City flood HQ")),
    Issuer(id="city-management", name=Words("城管系统", "City management"), numbering="han"),
    Issuer(id="city-emergency", name=Words("市应急局", "City emergency bureau")),
    Issuer(id="district-flood-hq", name=Words("区防指", "District flood HQ")),
)
"""The issuers shipped; another is called by the name that it was given, and counts in Roman."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation as it now stands. ``area``: scope path; times are the city's."""

    id: str
    kind: str
    level: int | None
    scenario: str | None
    name: str
    area: str
    issuer: str
    drill: bool
    effective_at: datetime
    entered_at: datetime
    entered_by: str
    needs_confirmation: bool
    state: str
    version: int
    watch_until: datetime | None = None

    @property
    def in_force(self) -> bool:
        """Say whether it is being run."""
        return self.state == State.IN_FORCE


class Refused(Exception):
    """An act that the rules do not allow; ``field`` names what to mend."""

    def __init__(self, field: str, reason: str) -> None:
        """Say which field of the act is at fault, and why."""
        super().__init__(reason)
        self.field = field
        self.reason = reason


def issuer(told: str) -> Issuer:
    """Give the issuer called ``told``, by id or by name."""
    for known in ISSUERS:
        if told in (known.id, known.name.zh):
            return known
    return Issuer(id=told, name=Words(told, told))


def level_words(level: int, numbering: str) -> Words:
    """Give a level as its issuer writes it."""
    return Words((HAN if numbering == "han" else ROMAN)[level], ROMAN_EN[level])


def title(
    *, kind: str, level: int | None, scenario: str | None, issuer_told: str, name: str
) -> Words:
    """Give the title of a band: ``市防指 防汛Ⅳ级应急响应``, ``城管系统 防汛二级``.

    Never by colour: the four colours belong to warnings.
    """
    if kind == Kind.EVENT:
        whole = KINDS[Kind.EVENT]
        return Words(f"{whole.zh} {name}".strip(), f"{whole.en} {name}".strip())
    by = issuer(issuer_told)
    what = SHORT_SCENARIOS.get(scenario or "") or Words(scenario or "", scenario or "")
    grade = level_words(level or LEVELS[-1], by.numbering)
    zh = f"{by.name.zh} {what.zh}{grade.zh}" + ("" if by.numbering == "han" else "应急响应")
    return Words(zh.strip(), f"{by.name.en}: {what.en} level {grade.en}".strip())


def check_start(
    *,
    kind: str,
    level: int | None,
    reason: str,
    effective_at: datetime,
    now: datetime,
    approved_by: str | None,
    on_word: bool,
) -> None:
    """Raise Refused where an operation may not be started so.

    ``on_word``: whoever enters it may do so only on a named approver's word.
    """
    if kind == Kind.EMERGENCY and level not in LEVELS:
        raise Refused("level", "应急响应须有级别 1 至 4（1 为Ⅰ级）。")
    if kind == Kind.EVENT and level is not None:
        raise Refused("level", "重大活动保障没有级别。")
    if not reason.strip():
        raise Refused("reason", "须写明理由。")
    _check_moment(effective_at, now)
    check_word(approved_by, on_word=on_word)


def check_word(approved_by: str | None, *, on_word: bool) -> None:
    """Raise Refused where one who acts on an approver's word names nobody."""
    if on_word and not (approved_by or "").strip():
        raise Refused("approved_by", "须写明批准人：值班监督员凭批准人的话录入，由其补签。")


def change_of(operation: Operation, level: int) -> Act:
    """Say whether going to ``level`` raises or lowers; raises Refused where it is neither."""
    if operation.level is None:
        raise Refused("level", "重大活动保障没有级别。")
    if level not in LEVELS:
        raise Refused("level", "级别须为 1 至 4（1 为Ⅰ级）。")
    if level == operation.level:
        raise Refused("level", "已是此级别。")
    return Act.RAISE if level < operation.level else Act.LOWER


def skips(operation: Operation, level: int) -> bool:
    """Say whether going to ``level`` leaves one out, which asks for a reason of its own."""
    return operation.level is not None and abs(level - operation.level) > 1


def check_revoke(operation: Operation, now: datetime, reason: str) -> None:
    """Raise Refused where a start may no longer be revoked."""
    if not reason.strip():
        raise Refused("reason", "须写明撤销理由。")
    if now - operation.entered_at > REVOCABLE_FOR:
        raise Refused("id", "启动录入已超过十分钟，不能撤销，请结束。")


def check_effective(operation: Operation, effective_at: datetime, now: datetime) -> None:
    """Raise Refused where a later act would take effect before the operation began."""
    _check_moment(effective_at, now)
    if effective_at < operation.effective_at:
        raise Refused("effective_at", "不能早于启动的时间。")


def _check_moment(at: datetime, now: datetime) -> None:
    if at > now + timedelta(minutes=5):
        raise Refused("effective_at", "生效时间在未来。")
    if at < now - BACKDATED_AT_MOST:
        raise Refused("effective_at", "生效时间早于七天前。")


def overlap(one: str, other: str) -> bool:
    """Say whether two areas, as scope paths, share ground: one lies within the other."""
    return one == other or one.startswith(other + "/") or other.startswith(one + "/")
