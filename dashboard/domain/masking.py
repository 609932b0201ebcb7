"""Owns what of a person is hidden in a text: telephones, identity numbers, number plates.

By pattern, because citizens write what they like where they like. What stands before and after is
kept, so that whoever knows the number recognizes it.
"""

import re

_IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{4})\d{10}([0-9]{3}[0-9Xx])(?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d)([ -]?)\d{4}([ -]?)(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(0\d{2,3}[ -]?)\d{4,5}(\d{3})(?!\d)")
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领"
_PLATE = re.compile(
    rf"([{_PROVINCES}][A-HJ-NP-Z])([·•. ]?)"
    r"(?=[A-HJ-NP-Z0-9]*\d)[A-HJ-NP-Z0-9]{3,4}([A-HJ-NP-Z0-9][A-HJ-NP-Z0-9挂学警港澳])"
    r"(?![A-Za-z0-9])"
)


def mask(text: str) -> str:
    """Return `text` with the middle of every telephone, identity number and plate hidden."""
    text = _IDENTITY.sub(r"\1**********\2", text)
    text = _MOBILE.sub(r"\1\2****\3\4", text)
    text = _LANDLINE.sub(r"\1****\2", text)
    return _PLATE.sub(r"\1\2***\3", text)


def mask_phone(text: str) -> str:
    """Return a field that holds a telephone and nothing else, hidden whatever its form."""
    masked = mask(text)
    if masked != text or len(text) < 5:
        return masked
    return text[:-4].translate({ord(digit): "*" for digit in "0123456789"}) + text[-4:]


def mask_name(text: str) -> str:
    """Return a person's name of which the first sign alone is shown."""
    return text[:1] + "*" * min(2, len(text) - 1) if text else text


def is_masked(text: str) -> bool:
    """Say whether anything in `text` would be hidden."""
    return mask(text) != text
