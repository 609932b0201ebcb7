"""What of a person is hidden, and what must not be."""

import pytest

from dashboard.domain.masking import is_masked, mask, mask_phone


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("请联系13812345678王女士", "请联系138****5678王女士"),
        ("电话 138-1234-5678。", "电话 138-****-5678。"),
        ("138 1234 5678", "138 **** 5678"),
        ("座机0571-87654321", "座机0571-****321"),
        ("身份证330106199001011234", "身份证3301**********1234"),
        ("33010619900101123X", "3301**********123X"),
        ("浙A12345乱停", "浙A***45乱停"),
        ("浙A·D12345 占道", "浙A·***45 占道"),
        ("浙AD12345", "浙A***45"),
        ("沪B1234挂", "沪B***4挂"),
    ],
)
def test_it_is_hidden(text: str, shown: str) -> None:
    assert mask(text) == shown
    assert is_masked(text)


@pytest.mark.parametrize(
    "text",
    [
        "文三路 138 号",
        "案件 20160904001234",
        "编号 3301062016090412345678",
        "水位 12.345 米",
        "浙江省",
        "",
        "2016-09-04 10:00:00",
    ],
)
def test_it_stays(text: str) -> None:
    assert mask(text) == text
    assert not is_masked(text)


def test_masking_again_changes_nothing() -> None:
    for text in ("13812345678", "浙A12345", "330106199001011234", "0571-87654321"):
        assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize(
    ("phone", "shown"),
    [("13812345678", "138****5678"), ("87654321", "****4321"), ("12319", "*2319"), ("110", "110")],
)
def test_a_field_that_is_a_telephone_is_hidden_whatever_its_form(phone: str, shown: str) -> None:
    assert mask_phone(phone) == shown
