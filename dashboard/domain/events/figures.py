"""Owns the figures of an event: 区内未结, 到岗率, 视频在线率; each is a part of a whole."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from dashboard.domain.events.things import Thing


class Share(NamedTuple):
    """So many of so many."""

    n: int
    of: int

    @property
    def rate(self) -> float | None:
        """The share from 0 to 1; None where there is nothing to count."""
        return None if self.of == 0 else self.n / self.of


def attendance(posts: Iterable[Thing], present: Mapping[str, int]) -> Share:
    """Count who is at the posts 到岗 of who should be 应到.

    One post's surplus makes up for no other's want; a post of which nothing was said counts none.
    """
    n = of = 0
    for post in posts:
        needed = int(post.body["needed"])
        of += needed
        n += min(needed, present.get(post.key.id, 0))
    return Share(n, of)


def online(statuses: Iterable[str]) -> Share:
    """Count the cameras that are on."""
    told = list(statuses)
    return Share(sum(it == "on" for it in told), len(told))
