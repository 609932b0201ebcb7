"""Owns where a route has no camera: stretches of a line farther than so many metres from every one.

Exact on a plane that touches the earth at the route: along each leg the part within reach of a
camera is an interval (a line meets a circle), and what no interval holds is bare.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

METRES_A_DEGREE = 111_320.0
SHORTEST_M = 1.0
"""A gap shorter than this is none."""

Position = tuple[float, float]


class Stretch(NamedTuple):
    """A bare part of a route: from and to in metres along it, and its corners as lon, lat."""

    from_m: float
    to_m: float
    line: tuple[Position, ...]


class Coverage(NamedTuple):
    """How long a route is, and which parts of it no camera sees."""

    length_m: float
    bare: tuple[Stretch, ...]

    @property
    def bare_m(self) -> float:
        """How many metres no camera sees."""
        return sum(it.to_m - it.from_m for it in self.bare)


def coverage(
    route: Sequence[Position], cameras: Sequence[Position], *, within_m: float
) -> Coverage:
    """Give a route's length and the stretches without a camera within ``within_m``.

    Positions are lon, lat in WGS84 degrees; ``cameras``: those that are online.
    """
    plane = _Plane(route[0])
    points = [plane.metres(it) for it in route]
    eyes = [plane.metres(it) for it in cameras]
    along, held = 0.0, []
    legs = []
    for start, end in pairwise(points):
        length = math.dist(start, end)
        legs.append((along, length, start, end))
        held += [
            (along + low * length, along + high * length)
            for eye in eyes
            if (part := _within(start, end, eye, within_m)) is not None
            for low, high in (part,)
        ]
        along += length
    bare = [
        Stretch(low, high, _cut(low, high, legs, plane))
        for low, high in _gaps(held, along)
        if high - low >= SHORTEST_M
    ]
    return Coverage(along, tuple(bare))


class _Plane:
    def __init__(self, at: Position) -> None:
        self._at = at
        self._narrow = math.cos(math.radians(at[1])) * METRES_A_DEGREE

    def metres(self, position: Position) -> Position:
        return (
            (position[0] - self._at[0]) * self._narrow,
            (position[1] - self._at[1]) * METRES_A_DEGREE,
        )

    def degrees(self, point: Position) -> Position:
        return (
            round(point[0] / self._narrow + self._at[0], 6),
            round(point[1] / METRES_A_DEGREE + self._at[1], 6),
        )


def _within(
    start: Position, end: Position, eye: Position, within_m: float
) -> tuple[float, float] | None:
    """Give the share of a leg, from 0 to 1, that lies within reach of one camera."""
    east, north = end[0] - start[0], end[1] - start[1]
    square = east * east + north * north
    if square == 0:
        return (0.0, 1.0) if math.dist(start, eye) <= within_m else None
    middle = ((eye[0] - start[0]) * east + (eye[1] - start[1]) * north) / square
    off = math.dist(eye, (start[0] + middle * east, start[1] + middle * north))
    if off > within_m:
        return None
    half = math.sqrt((within_m * within_m - off * off) / square)
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return (low, high) if low <= high else None


def _gaps(held: list[tuple[float, float]], length: float) -> list[tuple[float, float]]:
    gaps, reached = [], 0.0
    for low, high in sorted(held):
        if low > reached:
            gaps.append((reached, low))
        reached = max(reached, high)
    if reached < length:
        gaps.append((reached, length))
    return gaps


def _cut(
    low: float,
    high: float,
    legs: Sequence[tuple[float, float, Position, Position]],
    plane: _Plane,
) -> tuple[Position, ...]:
    """Give the corners of a route between two distances along it."""
    points: list[Position] = []
    for along, length, start, end in legs:
        if length == 0 or along + length <= low or along >= high:
            continue
        for share in (max(0.0, (low - along) / length), min(1.0, (high - along) / length)):
            point = plane.degrees(
                (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
            )
            if not points or points[-1] != point:
                points.append(point)
    return tuple(points)
