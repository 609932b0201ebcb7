"""Owns the marks that this desk gives a case, 催办 and 督办, beside what a feed tells of it.

The case platform is the record of truth for what it tells; an act of this desk stands until its
own end. So both are kept, and the case wears what either of them gave it. What the desk gave is a
mapping: mark → ``by``, ``at``, ``note``, ``until`` (ISO 8601), and ``told``: a feed tells it too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dashboard.domain.cases import TERMINAL, Mark

Given = dict[str, dict[str, Any]]

ENDS_WITH_THE_CASE = (Mark.SUPERVISED,)
"""督办 is over when the case is; that it was urged stays said."""


def worn(
    told: Sequence[str], given: Mapping[str, Mapping[str, Any]] | None, *, stage: str
) -> tuple[list[str], Given | None]:
    """Join what a feed tells with what the desk gave; gives the marks worn and what is left of it.

    A feed that does not name the desk's mark takes nothing away; a case that ended ends its 督办.
    """
    kept = {
        mark: {**act, "told": mark in told}
        for mark, act in (given or {}).items()
        if not (stage in TERMINAL and mark in ENDS_WITH_THE_CASE)
    }
    return [*told, *(mark for mark in kept if mark not in told)], kept or None


def give(
    marks: Sequence[str],
    given: Mapping[str, Mapping[str, Any]] | None,
    mark: str,
    act: Mapping[str, Any],
) -> tuple[list[str], Given]:
    """Add an act of the desk; a second one takes the place of the first."""
    before = (given or {}).get(mark)
    told = bool(before["told"]) if before else mark in marks
    kept = {name: dict(known) for name, known in (given or {}).items()}
    kept[mark] = {**act, "told": told}
    return [*marks, *([] if mark in marks else [mark])], kept


def take(
    marks: Sequence[str], given: Mapping[str, Mapping[str, Any]] | None, mark: str
) -> tuple[list[str], Given | None]:
    """End an act of the desk; the mark stays worn where a feed tells it too."""
    kept = {name: dict(known) for name, known in (given or {}).items()}
    ended = kept.pop(mark, None)
    stays = ended is None or bool(ended.get("told"))
    return [name for name in marks if stays or name != mark], kept or None


def supervised_until(given: Mapping[str, Mapping[str, Any]] | None) -> datetime | None:
    """Return when the desk's 督办 ends."""
    until = ((given or {}).get(Mark.SUPERVISED) or {}).get("until")
    return datetime.fromisoformat(until) if until else None
