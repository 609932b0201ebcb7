"""Owns the shape in which every code list carries its Chinese and English words.

A code list is `dict[code, Words]`, in the order in which it is shown.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Words(NamedTuple):
    """What a code is called on a screen: Chinese first, English beside it."""

    zh: str
    en: str


def said(code_list: Mapping[str, Words], code: str) -> Words:
    """Return the words of `code`; a code that the list does not know speaks for itself."""
    return code_list.get(code) or Words(code, code)
