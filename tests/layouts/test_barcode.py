"""Code 39: nine elements a sign, three of them wide."""

from layouts import barcode


def test_every_sign_has_three_wide_elements() -> None:
    assert {len(p) for p in barcode._PATTERNS.values()} == {9}
    assert {p.count("w") for p in barcode._PATTERNS.values()} == {3}
    assert len(set(barcode._PATTERNS.values())) == 11


def read(bars: list[tuple[int, int]]) -> str:
    """Read bars as a scanner does: widths of bars and of the spaces between them."""
    signs = {pattern: sign for sign, pattern in barcode._PATTERNS.items()}
    told = ""
    for start in range(0, len(bars), 5):
        five = bars[start : start + 5]
        elements = ""
        for n, (x, width) in enumerate(five):
            elements += "w" if width > 1 else "n"
            if n < 4:
                elements += "w" if five[n + 1][0] - x - width > 1 else "n"
        told += signs[elements]
    return told


def test_a_scanner_reads_what_was_written() -> None:
    assert read(barcode.bars("01234567")) == "*01234567*"
    assert read(barcode.bars("98")) == "*98*"


def test_the_picture_is_our_own_and_says_its_digits() -> None:
    picture = barcode.picture("20939628")
    assert picture.src.startswith("data:image/svg+xml,")
    assert picture.alt == "20939628"
