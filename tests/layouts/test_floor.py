"""Halls run old browsers: what scripts and sheets use stands in Chromium 90 and Safari 15."""

import re

import pytest

from tests.conftest import ROOT

ASSETS = ROOT / "assets"
TOO_NEW_SCRIPT = {
    r"\.at\(-?\d": "Array.at: Chromium 92",
    r"\bstructuredClone\(": "Chromium 98",
    r"\bObject\.hasOwn\(": "Chromium 93",
    r"\.findLast(Index)?\(": "Chromium 97",
    r"\.to(Sorted|Reversed|Spliced)\(": "Chromium 110",
    r"\brandomUUID\(": "Chromium 92, and https only",
    r"\(\?<[=!]": "lookbehind: Safari 16.4",
    r"^\s*static\s*\{": "static blocks: Chromium 94",
    r"\bArray\.fromAsync\b|\bPromise\.withResolvers\b|\bAbortSignal\.(timeout|any)\b": "later still",
    r"\bBroadcastChannel\b": "Safari 15.4",
    r"\beval\(|\bnew Function\(": "the policy allows no eval",
    r"\.innerHTML\s*=|\binsertAdjacentHTML\(|\bdocument\.write\(": "text is set as text",
}
TOO_NEW_SHEET = {
    r":has\(": "Chromium 105",
    r"\bcolor-mix\(": "Chromium 111",
    r"@container|@layer|@scope": "Chromium 99 and later",
    r"@import|url\(\s*['\"]?(https?:)?//": "nothing comes from elsewhere",
}

HARMLESS = {".plain__card:has(.enrol__code)": "only makes a card wider"}


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*.js")), ids=lambda path: path.name)
def test_scripts_stay_above_the_floor(path) -> None:
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
    for pattern, why in TOO_NEW_SCRIPT.items():
        assert not re.search(pattern, code, re.MULTILINE), f"{pattern}: {why}"


@pytest.mark.parametrize("path", sorted(ASSETS.glob("*.css")), ids=lambda path: path.name)
def test_sheets_stay_above_the_floor(path) -> None:
    code = re.sub(r"/\*.*?\*/", "", path.read_text("utf-8"), flags=re.DOTALL)
    for harmless in HARMLESS:
        code = code.replace(harmless, "")
    for pattern, why in TOO_NEW_SHEET.items():
        assert not re.search(pattern, code), f"{pattern}: {why}"
