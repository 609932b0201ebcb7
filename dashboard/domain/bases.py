"""Owns 口径: by what a rate is counted, over which period; a site's data, checked here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard.domain.cases import Mark, Stage
from dashboard.domain.indicators import EXCLUSIONS
from dashboard.domain.periods import SPANS, Span
from dashboard.domain.words import Words

FIELDS = (
    *("id", "name", "name_en", "note", "note_en", "numerator", "denominator", "left_out"),
    *("period", "month_from", "imported"),
)
"""The members of a basis, as a file has them."""

DENOMINATORS: Mapping[str, Words] = {
    "due": Words("期内到期", "fell due in the period"),
    "filed": Words("期内立案", "filed in the period"),
    "reported": Words("期内上报", "reported in the period"),
}
NUMERATORS: Mapping[str, Words] = {
    "timely": Words("按时处置反馈", "answered in time"),
    "closed_in_time": Words("按期结案", "closed in time"),
    "due_closed": Words("已结案", "closed by now"),
    "answered": Words("期内首次处置反馈", "first answered in the period"),
    "closed": Words("期内结案", "closed in the period"),
}
MAY_STAND_OVER: Mapping[str, tuple[str, ...]] = {
    "due": ("timely", "closed_in_time", "due_closed"),
    "filed": ("answered", "closed"),
    "reported": ("answered", "closed"),
}
"""Of what fell due the numerator is a part; of what was filed or reported it is what went out
against what came in, which may be more than all."""

LEFT_OUT: Mapping[str, Words] = {
    Mark.SUSPENDED: Words("挂账", "suspended"),
    Mark.EXTENDED: Words("延期", "extended"),
    Mark.DEFERRED: Words("顺延", "deferred"),
    Stage.VOIDED: Words("作废", "voided"),
}
"""What may keep a case out of both; sums are kept apart by it, so that none is counted anew."""

AS_PUBLISHED = Words("按公布数字导入，不由本系统计算", "Imported as published; not computed here")

MAX_TEXT = 400
LAST_FIRST_DAY = 28
_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class BasisError(ValueError):
    """A basis, or a list of them, that cannot be: which member, and why."""

    def __init__(self, where: str, reason: str) -> None:
        """Say what is wrong, in words that an administrator can act on."""
        super().__init__(f"{where}：{reason}")
        self.field = where
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """口径: what the 问题及时解决率 is counted by.

    ``numerator`` and ``denominator`` are measures, each of the day of the period that it falls to;
    ``left_out``: what keeps a case out of both; ``period``: what the figure on the screens is of;
    ``month_from``: the day on which a month of it begins. ``imported``: the figures came as
    published, and nothing is counted.
    """

    id: str
    name: Words
    note: Words = field(default=Words("", ""))
    numerator: str = "timely"
    denominator: str = "due"
    left_out: tuple[str, ...] = ()
    period: str = Span.MONTH
    month_from: int = 1
    imported: bool = False

    @property
    def mask(self) -> int:
        """The bits that keep a case out."""
        return sum(EXCLUSIONS[name] for name in self.left_out)

    def said(self) -> Words:
        """Say what is counted: the site's own note, else made of what the basis is."""
        return self.note if self.note.zh else self.formula()

    def formula(self) -> Words:
        """Say the numerator, the denominator and what is left out, as they are."""
        if self.imported:
            return AS_PUBLISHED
        over, under = NUMERATORS[self.numerator], DENOMINATORS[self.denominator]
        out = [LEFT_OUT[name] for name in self.left_out]
        zh, en = f"{over.zh} ÷ {under.zh}", f"{over.en} ÷ {under.en}"
        if out:
            zh += f"；不计{'、'.join(it.zh for it in out)}"
            en += f"; left out: {', '.join(it.en for it in out)}"
        if self.month_from != 1:
            zh += f"；月度自 {self.month_from} 日起"
            en += f"; months begin on day {self.month_from}"
        return Words(zh, en)


@dataclass(frozen=True, slots=True)
class Bases:
    """The bases of a city, in their order. ``version`` 0: the list that is shipped."""

    version: int
    every: Mapping[str, Basis]

    @property
    def main(self) -> Basis:
        """The first that is counted: the one of every screen."""
        return next(it for it in self.every.values() if not it.imported)


def read(items: Sequence[Mapping[str, Any]], version: int = 0) -> Bases:
    """Read a whole list; raises BasisError."""
    made = [basis(item) for item in items]
    every = {it.id: it for it in made}
    if len(every) != len(made):
        raise BasisError("id", "清单中有重复的 id")
    if all(it.imported for it in made):
        raise BasisError("imported", "清单中至少要有一个由本系统计算的口径")
    return Bases(version, every)


def basis(raw: Mapping[str, Any]) -> Basis:
    """Read a basis; raises BasisError."""
    told = {name: value for name, value in raw.items() if value not in (None, "")}
    name = _text(told, "name")
    if not name:
        raise BasisError("name", "缺少必填字段")
    identity = told.get("id")
    if not isinstance(identity, str) or not _ID.fullmatch(identity):
        raise BasisError("id", "应为小写字母、数字、- 或 _，最多 32 个字符")
    imported = _truth(told)
    denominator = _choice(told, "denominator", DENOMINATORS, "due")
    numerator = _choice(told, "numerator", NUMERATORS, MAY_STAND_OVER[denominator][0])
    if numerator not in MAY_STAND_OVER[denominator]:
        allowed = "、".join(MAY_STAND_OVER[denominator])
        raise BasisError("numerator", f"分母为 {denominator} 时，分子只能是 {allowed}")
    return Basis(
        id=identity,
        name=Words(name, _text(told, "name_en") or name),
        note=_note(told),
        numerator=numerator,
        denominator=denominator,
        left_out=_left_out(told),
        period=_choice(told, "period", SPANS, str(Span.MONTH)),
        month_from=_month_from(told),
        imported=imported,
    )


def plain(it: Basis) -> dict[str, Any]:
    """Return a basis as a file has it."""
    return {
        "id": it.id,
        "name": it.name.zh,
        "name_en": it.name.en,
        "note": it.note.zh,
        "note_en": it.note.en,
        "numerator": it.numerator,
        "denominator": it.denominator,
        "left_out": list(it.left_out),
        "period": str(it.period),
        "month_from": it.month_from,
        "imported": it.imported,
    }


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name, "")
    if not isinstance(value, str):
        raise BasisError(name, "应为文本")
    if len(value) > MAX_TEXT or not value.isprintable():
        raise BasisError(name, f"应为一行文字，最多 {MAX_TEXT} 个字符")
    return value.strip()


def _note(told: Mapping[str, Any]) -> Words:
    note = _text(told, "note")
    return Words(note, _text(told, "note_en") or note)


def _choice(told: Mapping[str, Any], name: str, words: Mapping[str, Words], default: str) -> str:
    """Read a word of a closed list, by its code or in Chinese."""
    value = told.get(name, default)
    by_name = {said.zh: str(code) for code, said in words.items()}
    if isinstance(value, str) and (value in words or value in by_name):
        return by_name.get(value, value)
    raise BasisError(name, f"应为 {'、'.join(str(it) for it in words)} 之一")


def _left_out(told: Mapping[str, Any]) -> tuple[str, ...]:
    value = told.get("left_out", [])
    if not isinstance(value, list):
        raise BasisError("left_out", "应为列表，如 挂账;顺延;作废")
    by_name = {said.zh: str(code) for code, said in LEFT_OUT.items()}
    found = {by_name.get(str(it), str(it)) for it in value}
    unknown = sorted(found - set(LEFT_OUT))
    if unknown:
        allowed = "、".join(f"{said.zh}（{code}）" for code, said in LEFT_OUT.items())
        raise BasisError("left_out", f"只能是 {allowed}")
    return tuple(str(it) for it in LEFT_OUT if it in found)


def _month_from(told: Mapping[str, Any]) -> int:
    value = told.get("month_from", 1)
    if isinstance(value, str) and value.strip().isdigit():
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= LAST_FIRST_DAY:
        raise BasisError("month_from", f"应为 1 到 {LAST_FIRST_DAY} 的整数")
    return value


def _truth(told: Mapping[str, Any]) -> bool:
    value = told.get("imported", False)
    if not isinstance(value, bool):
        raise BasisError("imported", "应为 true 或 false")
    return value
