"""Every code list has Chinese and English words, and covers its enum."""

import re

import pytest

from dashboard.domain import (
    cameras,
    cases,
    jurisdictions,
    places,
    responders,
    roles,
    stations,
    warnings,
)
from dashboard.domain.words import Words, said

MODULES = (cameras, cases, jurisdictions, places, responders, roles, stations, warnings)
LISTS = [
    pytest.param(value, id=f"{module.__name__.rpartition('.')[2]}.{name}")
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, dict)
    and name.isupper()
    and value
    and isinstance(next(iter(value.values())), Words)
]
ALIKE = {"HLS", "MJPEG", "WebRTC"}


@pytest.mark.parametrize("code_list", LISTS)
def test_both_languages_are_complete(code_list):
    for code, words in code_list.items():
        assert re.search("[\u4e00-\u9fff]", words.zh) or words.zh in ALIKE, code
        assert words.en, code
        assert not re.search("[\u4e00-\u9fff]", words.en), code


@pytest.mark.parametrize("code_list", LISTS)
def test_no_two_codes_share_a_word(code_list):
    assert len({words.zh for words in code_list.values()}) == len(code_list)


def test_enums_are_covered():
    assert set(cases.STAGES) == set(cases.Stage)
    assert set(cases.MARKS) == set(cases.Mark)
    assert set(roles.ROLES) == set(roles.Role)
    assert set(jurisdictions.LEVELS) == set(jurisdictions.Level)
    assert set(jurisdictions.COMMAND_MODELS) == set(jurisdictions.CommandModel)


def test_an_unknown_code_speaks_for_itself():
    assert said(cases.STAGES, "closed").zh == "结案"
    assert said(cases.STAGES, "mystery") == Words("mystery", "mystery")


def test_factors_have_words_and_units():
    assert all(factor.words.zh and factor.words.en for factor in stations.FACTORS.values())


def test_no_word_that_is_never_used():
    said_zh = "".join(words.zh for param in LISTS for words in param.values[0].values())
    assert "战时" not in said_zh
    assert "报警" not in said_zh
