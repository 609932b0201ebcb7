"""What goes wrong with the simulated stations now and then, so that it can be seen and handled.

A few fall silent and come back; now and then a gauge of the rivers jumps about, or sticks at a
level it does not have; an outlet tells the same value for hours. A function of the seed, the
station and the time: nothing is remembered. In a storm gauges hold: its course is its own.
"""

from enum import StrEnum, unique
from functools import lru_cache
from typing import NamedTuple

BLOCK_S = 8 * 3_600
SILENT_SHARE, SILENT_S = 0.014, (1_200, 6_000)
GAUGE_SHARE, GAUGE_S = 0.006, (5_400, 14_400)
OUTLET_SHARE, OUTLET_S = 0.0025, (14_400, 21_600)
"""Of the stations of a kind in eight hours, and for how many seconds, from and to."""
STUCK_M, ERRATIC_M = 1.25, 0.9


@unique
class Fault(StrEnum):
    """What is wrong with an instrument that still speaks."""

    ERRATIC = "erratic"
    STUCK = "stuck"


class _Time(NamedTuple):
    since: int
    until: int


def silent(station: str, second: int, seed: int) -> bool:
    """Say whether a station says nothing at that second of the epoch."""
    found = _trouble(station, second // BLOCK_S, seed, "silent")
    return found is not None and found.since <= second < found.until


def gauge_fault(station: str, second: int, seed: int) -> Fault | None:
    """What is wrong with a gauge of a river at that second."""
    found = _trouble(station, second // BLOCK_S, seed, "gauge")
    if found is None or not found.since <= second < found.until:
        return None
    return Fault.STUCK if found.since % 2 else Fault.ERRATIC


def outlet_stuck(station: str, second: int, seed: int) -> bool:
    """Say whether an outlet's instruments tell the same value again and again."""
    found = _trouble(station, second // BLOCK_S, seed, "outlet")
    return found is not None and found.since <= second < found.until


def gauge_level(fault: Fault, base: float, second: int, every_s: int) -> float:
    """What a faulty gauge tells: one level, or levels of which no two in a row agree."""
    if fault is Fault.STUCK:
        return base + STUCK_M
    return base + ERRATIC_M * (1.5 + second // every_s % 3)


_OF = {
    "silent": (SILENT_SHARE, SILENT_S),
    "gauge": (GAUGE_SHARE, GAUGE_S),
    "outlet": (OUTLET_SHARE, OUTLET_S),
}


@lru_cache(maxsize=16_384)
def _trouble(station: str, block: int, seed: int, kind: str) -> _Time | None:
    """When in a block of hours, if at all, a station has a trouble of a kind."""
    share, (least, most) = _OF[kind]
    if _luck(station, block, seed, kind) >= share:
        return None
    length = least + int((most - least) * _luck(station, block, seed, f"{kind} length"))
    room = BLOCK_S - length
    since = block * BLOCK_S + int(room * _luck(station, block, seed, f"{kind} since"))
    return _Time(since, since + length)


def _luck(*what: object) -> float:
    """Draw a number from 0 to 1 that is the same for the same."""
    mixed = 2166136261
    for sign in "/".join(map(str, what)).encode():
        mixed = ((mixed ^ sign) * 16777619) & 0xFFFFFFFF
    mixed ^= mixed >> 16
    mixed = (mixed * 2246822519) & 0xFFFFFFFF
    mixed ^= mixed >> 13
    return mixed / 0x100000000
