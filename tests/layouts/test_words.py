"""The catalogue is complete in both languages, and everything that is asked for stands in it."""

import re

import pytest

from dashboard.domain.alerts.rules import KINDS
from layouts import page, words
from layouts.words import CATALOGUE
from tests.conftest import ROOT

CJK = re.compile(r"[一-鿿]")
SCRIPTS = sorted((ROOT / "assets").glob("*.js"))
SOURCES = [
    *SCRIPTS,
    *sorted((ROOT / "layouts").rglob("*.py")),
    *sorted((ROOT / "callbacks").rglob("*.py")),
]
SAID_BY_SCRIPT = re.compile(r'\bsay\(\s*"([a-z0-9_]+)"')
SAID_BY_LAYOUT = re.compile(r'words\.text\(\s*"([a-z0-9_]+)"')


@pytest.mark.parametrize("key", CATALOGUE)
def test_a_word_stands_in_both_languages(key: str) -> None:
    word = CATALOGUE[key]
    assert word.zh.strip()
    assert word.en.strip()
    if key != "language":  # the switch names the other language in that language
        assert CJK.search(word.zh), "Chinese"
        assert not CJK.search(word.en), "English"
    assert set(re.findall(r"\{\w+\}", word.zh)) == set(re.findall(r"\{\w+\}", word.en))


@pytest.mark.parametrize("name", page.code_lists())
def test_every_code_has_both_words(name: str) -> None:
    for code, word in page.code_lists()[name].items():
        assert word.zh.strip(), code
        assert word.en.strip(), code
        assert not CJK.search(word.en), code


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_word_asked_for_is_known(path) -> None:
    text = path.read_text("utf-8")
    pattern = SAID_BY_SCRIPT if path.suffix == ".js" else SAID_BY_LAYOUT
    for key in pattern.findall(text):
        beginning = key.endswith("_") and any(known.startswith(key) for known in CATALOGUE)
        assert key in CATALOGUE or beginning, key


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_speaks_for_itself(path) -> None:
    """Words stand in the catalogue; a script holds none, but for its comments."""
    code = re.sub(r"/\*.*?\*/|//[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
    assert CJK.findall(code) == []


def test_both_languages_stand_in_a_layout() -> None:
    found = words.text("open_cases").children
    assert [(span.children, span.lang) for span in found] == [("在办", "zh-CN"), ("Open", "en")]


def test_a_name_is_filled_in() -> None:
    found = words.text("times_in", zone="Asia/Shanghai").children
    assert [span.children for span in found] == ["时间为 Asia/Shanghai", "Times in Asia/Shanghai"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_rule_says_what_it_asks(kind: str) -> None:
    """With its own numbers: no name in braces that its parameters do not fill."""
    told = set(re.findall(r"\{(\w+)\}", CATALOGUE[f"rule_{kind}"].zh))
    assert told <= set(KINDS[kind].params)
