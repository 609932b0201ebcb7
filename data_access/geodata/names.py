"""Owns the names of simulated communities: plausible, two characters and 社区 or 村, none twice."""

from random import Random

FIRST = "清文景和安兴春华映云凤金新东西南北长永福松竹荷桂柳石沙塘章施"
SECOND = "桥苑园弄坊河浜岭埠里井湾港街墩渡荡泉庄亭溪岸门池"


def stems(seed: int) -> list[str]:
    """Give all two-character names in the seed's order."""
    found = [first + second for first in FIRST for second in SECOND]
    Random(f"{seed}/names").shuffle(found)  # noqa: S311 (a simulated city, not a secret)
    return found


def community(stem: str, *, town: bool, place: int) -> str:
    """Give the full name; in a town 镇 only the first ones are 社区, the others villages."""
    return stem + ("村" if town and place > 2 else "社区")
