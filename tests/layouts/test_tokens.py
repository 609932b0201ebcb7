"""Colours: two themes of one list of names, used nowhere but through it, legible everywhere."""

import re

import pytest

from tests.conftest import ROOT

ASSETS = ROOT / "assets"
TOKENS = (ASSETS / "tokens.css").read_text("utf-8")
SHEETS = sorted(ASSETS.glob("*.css"))
SCRIPTS = sorted(ASSETS.glob("*.js"))
LAYOUTS = [*sorted((ROOT / "layouts").rglob("*.py")), *sorted((ROOT / "callbacks").rglob("*.py"))]
HEX = re.compile(r"#[0-9a-fA-F]{3,8}\b")
USED = re.compile(r"var\((--[\w-]+)")
# By dash_leaflet, Dash's own parts, and by scripts or layouts, as data-driven custom properties.
FOREIGN = ("--Dash", "--wall-", "--at-")


def _block(selector: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for head, body in re.findall(
        r"([^{}]+)\{([^}]*)\}", re.sub(r"/\*.*?\*/", "", TOKENS, flags=re.DOTALL)
    ):
        if selector in [part.strip() for part in head.split(",")]:
            found |= dict(re.findall(r"(--[\w-]+):\s*([^;]+);", body))
    return found


ROOT_TOKENS = _block(":root")
DARK = _block(':root[data-theme="dark"]')
LIGHT = _block(':root[data-theme="light"]')
THEMES = {"dark": DARK, "light": LIGHT}

TEXTS = (
    "--text-strong",
    "--text",
    "--text-muted",
    "--text-quiet",
    "--text-lateness",
    "--text-action",
)
SURFACES = ("--surface-page", "--surface-panel", "--surface-raised", "--surface-hover")
PAIRS = [
    *[(text, surface, 4.5) for text in TEXTS for surface in SURFACES],
    ("--text-lateness", "--surface-lateness", 4.5),
    ("--text-on-fault", "--surface-fault", 4.5),
    ("--focus", "--surface-panel", 3.0),
    ("--map-ink", "--map-group", 4.5),
    ("--map-lateness", "--map-group", 4.5),
    ("--map-muted", "--map-land", 4.5),
    ("--map-muted", "--map-water", 4.5),
    ("--map-case", "--map-land", 3.0),
    ("--map-station", "--map-land", 3.0),
    ("--map-lateness", "--map-land", 3.0),
    ("--map-select", "--map-land", 3.0),
]


def _rgb(theme: dict[str, str], name: str) -> tuple[float, ...]:
    value = theme[name]
    while value.startswith("var("):
        inner = value[4:-1]
        value = theme.get(inner) or ROOT_TOKENS[inner]
    digits = value.lstrip("#")
    return tuple(int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))


def _luminance(rgb: tuple[float, ...]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(theme: dict[str, str], one: str, other: str) -> float:
    """WCAG 2.2: the ratio of the lighter to the darker."""
    light, dark = sorted((_luminance(_rgb(theme, name)) for name in (one, other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_themes_have_the_same_names() -> None:
    assert DARK.keys() == LIGHT.keys()
    assert DARK


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("one", "other", "least"), PAIRS)
def test_it_can_be_read(theme: str, one: str, other: str, least: float) -> None:
    found = contrast(THEMES[theme], one, other)
    assert found >= least, f"{one} on {other} in {theme}: {found:.2f}"


def test_lateness_is_none_of_the_four_warning_colours() -> None:
    for theme in THEMES.values():
        own = _rgb(theme, "--map-lateness")
        for colour in ("red", "orange", "yellow", "blue"):
            other = _rgb(theme, f"--warning-{colour}")
            assert sum((a - b) ** 2 for a, b in zip(own, other, strict=True)) > 0.12, colour


@pytest.mark.parametrize("path", [*SHEETS, *SCRIPTS, *LAYOUTS], ids=lambda path: path.name)
def test_colours_stand_in_the_tokens_alone(path) -> None:
    if path.name == "tokens.css":
        return
    text = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert HEX.findall(text) == []
    assert not re.search(r"\brgba?\(|\bhsla?\(", text)


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_every_token_used_is_defined(path) -> None:
    known = ROOT_TOKENS.keys() | DARK.keys()
    used = {name for name in USED.findall(path.read_text("utf-8")) if not name.startswith(FOREIGN)}
    own = set(re.findall(r"(--[\w-]+):", path.read_text("utf-8")))
    assert used <= known | own


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sheets_use_purposes_and_not_the_palette(path) -> None:
    if path.name == "tokens.css":
        return
    palette = {name for name, value in ROOT_TOKENS.items() if value.startswith("#")}
    assert set(USED.findall(path.read_text("utf-8"))) & palette == set()


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: path.name)
def test_sheets_load_in_the_order_of_their_numbers(path) -> None:
    assert path.name == "tokens.css" or re.fullmatch(r"\d\d-[a-z-]+\.css", path.name)


def test_scripts_read_tokens_that_exist() -> None:
    for path in SCRIPTS:
        named = re.findall(r'"(--[a-z][\w-]+)"', path.read_text("utf-8"))
        known = ROOT_TOKENS.keys() | DARK.keys()
        assert {name for name in named if not name.startswith(FOREIGN)} <= known, path.name
