"""Owns what a refusal says in English: Chinese stands where it is raised, English here.

A sentence is looked up whole, then by the template that made it, its parts in braces. What no list
knows stays as it is; ``tests/dashboard/test_refusals.py`` finds sentences that have no English.
"""

import re
from functools import cache

from dashboard.domain.refusals.desk import DESK
from dashboard.domain.refusals.doors import DOORS
from dashboard.domain.refusals.records import RECORDS

ENGLISH: dict[str, str] = {**DOORS, **DESK, **RECORDS}
COOKIE = "pingji_language"
"""In which a browser says its language, ``en`` or ``zh``."""
_HOLE = "{}"
_COLON = "："
_LIST = "、"


def english(told: str) -> str:
    """Say a refusal in English; one of a field and a reason, part by part."""
    if told in ENGLISH:
        return ENGLISH[told]
    for pattern, template in _patterns():
        found = pattern.fullmatch(told)
        if found is not None:
            return template.format(*(english(part) for part in found.groups()))
    head, colon, tail = told.partition(_COLON)
    if colon:
        return f"{english(head)}: {english(tail)}"
    if _LIST in told:
        return ", ".join(english(part) for part in told.split(_LIST))
    return told


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The templates, those that say most of themselves first."""
    made = [(zh, en) for zh, en in ENGLISH.items() if _HOLE in zh]
    made.sort(key=lambda pair: -len(pair[0].replace(_HOLE, "")))
    return tuple(
        (re.compile("(.+?)".join(map(re.escape, zh.split(_HOLE))), re.DOTALL), en)
        for zh, en in made
    )
