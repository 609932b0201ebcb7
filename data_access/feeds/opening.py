"""How a played or simulated city opens: the clock is held while its state is loaded.

All feeds are entered as ``loading`` together with the clock, so that nobody takes a city that is
still being loaded for one that is ready.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from dashboard.domain.words import Words
from data_access.changes import Writer
from data_access.clock import last_city, read_clock, set_clock
from data_access.feeds.runner import FeedState

STANDING = 1e-9  # city seconds a second: as good as standing, which a clock may not
RUNNING_ON_S = 60.0
LOADING = Words("正在载入起始状态", "Loading the state at the opening")


def stood_at(writer: Writer) -> datetime | None:
    """Where the city's clock stands in a store that was used before; None in a fresh one.

    A clock written down within the last minute is still running on somebody's screen; an older
    one stopped when it was last written down.
    """
    shown = last_city(writer.conn)
    if shown is None:
        return None
    clock = read_clock(writer.conn)
    now = clock.at(datetime.now(UTC))
    silent_s = (now - shown).total_seconds() / clock.speed
    return now if silent_s < RUNNING_ON_S else shown


def hold(writer: Writer, begin: datetime, feeds: Sequence[FeedState]) -> dict[str, datetime]:
    """Hold the clock at ``begin`` and enter the feeds; gives where each that told before stood."""
    set_clock(writer, anchor_city=begin, speed=STANDING)
    positions = {}
    for feed in feeds:
        found = feed.begin_in(writer, "loading", LOADING)
        if found and "until" in found:
            positions[feed.name] = datetime.fromisoformat(found["until"])
    return positions
