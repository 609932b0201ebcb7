"""Owns how a text is cut to be searched: Chinese has no spaces to split at, so pairs of signs.

What is no letter and no digit is left out, width and case are levelled: "文三路 12号" and
"文三路１２号" are one. Numbers have few different pairs, so every four of their signs count too.
"""

import unicodedata
from collections.abc import Iterable

HIDDEN = "*"
"""Stands for what is hidden of a person; it is kept, so that nothing is found across it."""

_RUN = 4


def squeeze(text: str) -> str:
    """Return the text as it is compared."""
    level = unicodedata.normalize("NFKC", text).casefold()
    return "".join(sign for sign in level if sign.isalnum() or sign == HIDDEN)


def words(asked: str) -> list[str]:
    """Return the words of a question, each as it is compared; all of them must be found."""
    return [word for word in map(squeeze, asked.split()) if word]


def of_text(parts: Iterable[str | None]) -> str:
    """Return every gram of a thing's texts once, in order, between spaces."""
    found: set[str] = set()
    for part in parts:
        text = squeeze(part) if part else ""
        for at in range(len(text) - 1):
            found.add(text[at : at + 2])
        found.update(run for run in _fours(text))
    return " ".join(sorted(gram for gram in found if HIDDEN not in gram))


def of_question(asked: Iterable[str]) -> list[str]:
    """Return the grams that whatever holds these words must have; none where they are too short."""
    found: set[str] = set()
    for word in asked:
        fours = set(_fours(word))
        found |= fours
        # a pair within a run of figures says nothing that its fours do not say better
        found.update(
            word[at : at + 2]
            for at in range(len(word) - 1)
            if not any(word[at : at + 2] in four for four in fours)
        )
    return sorted(gram for gram in found if HIDDEN not in gram)


def holds(parts: Iterable[str | None], asked: Iterable[str]) -> bool:
    """Say whether every word stands in one of the texts."""
    texts = [squeeze(part) for part in parts if part]
    return all(any(word in text for text in texts) for word in asked)


def _fours(text: str) -> Iterable[str]:
    """Every four signs that follow each other and are all plain letters or figures."""
    for at in range(len(text) - _RUN + 1):
        four = text[at : at + _RUN]
        if four.isascii() and HIDDEN not in four:
            yield four
