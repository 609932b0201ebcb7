"""How big things must be on a wall, and where they lie: pure arithmetic of a screen's own measures.

A screen states its width, its pixels, its rows and columns of panels with the seams between them,
and its farthest seat. From these follow the least height of a glyph (an angle at that seat) and
rectangles that no seam crosses. Lengths are millimetres on the wall.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

GLYPH_ARCMIN = 20.0
"""The least angle under which a glyph may appear to the farthest seat."""
TEXT_ARCMIN = 25.0
"""The least angle of running text."""
GLYPH_SHARE = 0.88
"""Height of a Chinese glyph as a share of the font's size."""

_MOST_MM = 200_000.0
_MOST_PX = 65_536
_MOST_PANELS = 12
_MOST_SEAT_M = 200.0


class GeometryError(ValueError):
    """Measures that cannot be a screen's; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle on the wall in mm, from the upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def inset(self, left: float, top: float, right: float, bottom: float) -> "Rect":
        """Give what is left within these margins."""
        return Rect(
            self.x + left, self.y + top, self.width - left - right, self.height - top - bottom
        )

    def joined(self, other: "Rect") -> "Rect":
        """Give the smallest rectangle around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Rect(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """The measures of a screen; a hall's usual one by default."""

    width_mm: float = 6000.0
    pixels: tuple[int, int] = (3840, 2160)
    rows: int = 1
    columns: int = 1
    seam_mm: float = 0.0
    seat_m: float = 10.0

    def __post_init__(self) -> None:
        """Refuse what cannot be."""
        wide, high = self.pixels
        told = (
            (0 < self.width_mm <= _MOST_MM, "width_mm", f"0–{_MOST_MM:.0f}"),
            (0 < wide <= _MOST_PX and 0 < high <= _MOST_PX, "pixels", f"1–{_MOST_PX}"),
            (1 <= self.rows <= _MOST_PANELS, "rows", f"1–{_MOST_PANELS}"),
            (1 <= self.columns <= _MOST_PANELS, "columns", f"1–{_MOST_PANELS}"),
            (0 <= self.seam_mm < self.width_mm / 20, "seam_mm", "0 – width / 20"),
            (0 < self.seat_m <= _MOST_SEAT_M, "seat_m", f"0–{_MOST_SEAT_M:.0f}"),
        )
        for good, name, possible in told:
            if not good:
                raise GeometryError(f"{name}: {possible}")

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.pixels[0] / self.pixels[1]

    @property
    def height_mm(self) -> float:
        """Height, its pixels being square."""
        return self.width_mm / self.aspect

    @property
    def px_per_mm(self) -> float:
        """Pixels in a millimetre."""
        return self.pixels[0] / self.width_mm

    @property
    def glyph_mm(self) -> float:
        """Least height of a glyph."""
        return seen_at(GLYPH_ARCMIN, self.seat_m)

    @property
    def text_mm(self) -> float:
        """Least height of a glyph of running text."""
        return seen_at(TEXT_ARCMIN, self.seat_m)

    @property
    def em_mm(self) -> float:
        """Size of the font whose glyphs have the least height: the unit of everything."""
        return self.glyph_mm / GLYPH_SHARE

    @property
    def em_px(self) -> float:
        """The same in the screen's pixels."""
        return self.em_mm * self.px_per_mm

    def cell(self, row: int, column: int, rows: int = 1, columns: int = 1) -> Rect:
        """Give a block of physical panels, without the seams that border it."""
        wide, high = self.width_mm / self.columns, self.height_mm / self.rows
        half = self.seam_mm / 2
        block = Rect(column * wide, row * high, columns * wide, rows * high)
        return block.inset(
            half if column else 0,
            half if row else 0,
            half if column + columns < self.columns else 0,
            half if row + rows < self.rows else 0,
        )

    def seams(self) -> tuple[list[float], list[float]]:
        """Give where the seams are: x of the upright ones, y of the level ones."""
        return (
            [self.width_mm * i / self.columns for i in range(1, self.columns)],
            [self.height_mm * i / self.rows for i in range(1, self.rows)],
        )

    def as_json(self) -> dict[str, Any]:
        """Give the measures as a screen's row keeps them."""
        return {
            "width_mm": self.width_mm,
            "pixels": list(self.pixels),
            "rows": self.rows,
            "columns": self.columns,
            "seam_mm": self.seam_mm,
            "seat_m": self.seat_m,
        }


def seen_at(arcmin: float, distance_m: float) -> float:
    """Give the height in mm that appears under an angle at a distance."""
    return distance_m * 1000 * math.tan(math.radians(arcmin / 60))


def of_json(told: Mapping[str, Any]) -> Geometry:
    """Read a screen's measures; what is not told is as usual. Raises GeometryError."""
    known: dict[str, Any] = {}
    try:
        for name in ("width_mm", "seam_mm", "seat_m"):
            if told.get(name) is not None:
                known[name] = float(told[name])
        for name in ("rows", "columns"):
            if told.get(name) is not None:
                known[name] = int(told[name])
        if told.get("pixels") is not None:
            wide, high = told["pixels"]
            known["pixels"] = (int(wide), int(high))
    except (TypeError, ValueError) as error:
        raise GeometryError(f"not a number: {error}") from error
    return Geometry(**known)


def columns_of(area: Rect, weights: Sequence[float], gap: float) -> list[Rect]:
    """Divide an area into columns of these weights, a gap between them."""
    room = area.width - gap * (len(weights) - 1)
    found, x = [], area.x
    for weight in weights:
        width = room * weight / sum(weights)
        found.append(Rect(x, area.y, width, area.height))
        x += width + gap
    return found


def rows_of(area: Rect, weights: Sequence[float], gap: float) -> list[Rect]:
    """Divide an area into rows of these weights, a gap between them."""
    room = area.height - gap * (len(weights) - 1)
    found, y = [], area.y
    for weight in weights:
        height = room * weight / sum(weights)
        found.append(Rect(area.x, y, area.width, height))
        y += height + gap
    return found
