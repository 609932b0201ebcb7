"""How far apart flushes lie at least: more viewers, fewer flushes. Pure."""

from itertools import pairwise

_STEPS = ((100, 0.050), (200, 0.100), (2_000, 0.250))


def distance_s(viewers: int) -> float:
    """Return the least distance between two flushes: 50 ms at 100 viewers, 250 ms at 2,000."""
    if viewers <= _STEPS[0][0]:
        return _STEPS[0][1]
    for (few, short), (many, long) in pairwise(_STEPS):
        if viewers <= many:
            return short + (long - short) * (viewers - few) / (many - few)
    many, long = _STEPS[-1]
    return long * viewers / many
