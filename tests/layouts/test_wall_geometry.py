"""Letters as large as the farthest seat needs, and rectangles that no seam crosses."""

import math

import pytest

from layouts.wall_geometry import (
    GLYPH_SHARE,
    Geometry,
    GeometryError,
    Rect,
    columns_of,
    of_json,
    rows_of,
    seen_at,
)

HALL = Geometry()
LCD = Geometry(width_mm=4844, pixels=(7680, 2160), rows=2, columns=4, seam_mm=3.5, seat_m=6)


def test_ten_metres_need_glyphs_of_58_mm() -> None:
    assert HALL.glyph_mm == pytest.approx(58.2, abs=0.1)
    assert HALL.text_mm == pytest.approx(72.7, abs=0.1)


@pytest.mark.parametrize("distance_m", [2, 6, 10, 25])
def test_a_glyph_is_seen_under_its_angle(distance_m: float) -> None:
    height = seen_at(20, distance_m)
    assert math.degrees(math.atan(height / (distance_m * 1000))) * 60 == pytest.approx(20)


@pytest.mark.parametrize(
    ("pixels", "px"), [((3840, 2160), 42.3), ((1920, 1080), 21.2), ((960, 540), 10.6)]
)
def test_pixels_follow_the_wall_and_not_the_other_way(pixels, px) -> None:
    geometry = Geometry(pixels=pixels)
    assert geometry.em_px == pytest.approx(px, abs=0.1)
    assert geometry.em_px * GLYPH_SHARE / geometry.px_per_mm == pytest.approx(geometry.glyph_mm)


def test_cells_keep_off_the_seams() -> None:
    upright, level = LCD.seams()
    assert upright == pytest.approx([1211, 2422, 3633])
    assert level == pytest.approx([LCD.height_mm / 2])
    for row in range(2):
        for column in range(4):
            cell = LCD.cell(row, column)
            for x in upright:
                assert cell.right <= x - LCD.seam_mm / 2 + 1e-9 or cell.x >= x + 1.75 - 1e-9
            for y in level:
                assert cell.bottom <= y - 1.75 + 1e-9 or cell.y >= y + 1.75 - 1e-9


def test_a_block_spans_the_seams_within_it() -> None:
    block = LCD.cell(0, 1, 2, 2)
    assert (block.x, block.width) == pytest.approx((1212.75, 2422 - 3.5))
    assert (block.y, block.height) == pytest.approx((0, LCD.height_mm))


def test_what_is_divided_fills_the_whole() -> None:
    area = Rect(10, 20, 300, 90)
    for parts in (columns_of(area, (1, 2, 3), 6), rows_of(area, (5, 1), 6)):
        whole = parts[0]
        for part in parts[1:]:
            assert part.x >= whole.right - 1e-9 or part.y >= whole.bottom - 1e-9
            whole = whole.joined(part)
        assert whole == area


def test_measures_come_back_as_they_were_kept() -> None:
    assert of_json(LCD.as_json()) == LCD
    assert of_json({}) == HALL


@pytest.mark.parametrize(
    "told",
    [
        {"width_mm": 0},
        {"width_mm": "wide"},
        {"pixels": [3840]},
        {"pixels": [0, 2160]},
        {"rows": 0},
        {"columns": 99},
        {"seam_mm": -1},
        {"seam_mm": 4000},
        {"seat_m": 0},
        {"width_mm": float("nan")},
    ],
    ids=str,
)
def test_what_cannot_be_a_screen_is_refused(told) -> None:
    with pytest.raises(GeometryError):
        of_json(told)
