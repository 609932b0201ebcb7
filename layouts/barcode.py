"""A code as bars that any scanner reads (Code 39, digits): an SVG picture in a data address."""

from urllib.parse import quote

from dash import html

_NARROW, _WIDE = 1, 3
_PATTERNS = {
    "0": "nnnwwnwnn",
    "1": "wnnwnnnnw",
    "2": "nnwwnnnnw",
    "3": "wnwwnnnnn",
    "4": "nnnwwnnnw",
    "5": "wnnwwnnnn",
    "6": "nnwwwnnnn",
    "7": "nnnwnnwnw",
    "8": "wnnwnnwnn",
    "9": "nnwwnnwnn",
    "*": "nwnnwnwnn",
}
"""Nine elements a sign, bar and space by turns."""
_QUIET = 10
_HEIGHT = 40


def bars(digits: str) -> list[tuple[int, int]]:
    """Return place and width of each bar, start and stop signs included."""
    found, x = [], _QUIET
    for sign in f"*{digits}*":
        for n, element in enumerate(_PATTERNS[sign]):
            width = _WIDE if element == "w" else _NARROW
            if n % 2 == 0:
                found.append((x, width))
            x += width
        x += _NARROW
    return found


def picture(digits: str) -> html.Img:
    """Return the picture, dark on light whatever the theme, as scanners want it."""
    drawn = bars(digits)
    wide = drawn[-1][0] + drawn[-1][1] + _QUIET
    rects = "".join(
        f'<rect x="{x}" y="4" width="{width}" height="{_HEIGHT - 8}"/>' for x, width in drawn
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {_HEIGHT}" '
        f'shape-rendering="crispEdges"><rect width="{wide}" height="{_HEIGHT}" fill="white"/>'
        f"{rects}</svg>"
    )
    return html.Img(src=f"data:image/svg+xml,{quote(svg)}", className="barcode", alt=digits)
