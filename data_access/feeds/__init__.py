"""Feeds: how facts from outside, recorded or simulated, come into the store.

``FEEDS`` names those that come with Pingji; other packages bring theirs through the entry-point
group ``pingji.feeds``, whose entries load a :class:`Feed`.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from data_access.store import Store

GROUP = "pingji.feeds"


@dataclass(frozen=True, kw_only=True)
class Feed:
    """One kind of feed.

    ``run(store, options, stop)`` works until ``stop`` is set; ``options`` are those of its
    ``[[feeds]]`` table. What it cannot go on without it raises; what passes it mends itself.
    ``sets_clock``: it decides what the city's clock shows, as a recording does.
    """

    kind: str
    run: Callable[[Store, Mapping[str, Any], threading.Event], None]
    sets_clock: bool = False


def _recording(store: Store, options: Mapping[str, Any], stop: threading.Event) -> None:
    from data_access.feeds.play import play  # noqa: PLC0415 - pandas, only where it plays

    _check(options, "paths", "data_root", "speed", "start", "expect_s")
    play(
        store,
        [Path(path) for path in options["paths"]],
        data_root=Path(options["data_root"]) if options.get("data_root") else None,
        speed=float(options.get("speed", 1)),
        start=options.get("start"),
        expect_s=options.get("expect_s"),
        stop=stop,
    )


def _simulator(store: Store, options: Mapping[str, Any], stop: threading.Event) -> None:
    from data_access.feeds.simulator import simulate  # noqa: PLC0415 - shapely, as above

    names = ("scale", "seed", "speed", "scenario", "scenario_at")
    _check(options, *names)
    given = {name: options[name] for name in names if name in options}
    simulate(store, **given, stop=stop)


def _check(options: Mapping[str, Any], *known_names: str) -> None:
    unknown = sorted(options.keys() - {"kind", *known_names})
    if unknown:
        raise ValueError(
            f"feed {options['kind']}: unknown option {unknown[0]!r}; "
            f"there are: {', '.join(known_names)}"
        )


FEEDS: tuple[Feed, ...] = (
    Feed(kind="recording", run=_recording, sets_clock=True),
    Feed(kind="simulator", run=_simulator, sets_clock=True),
)


def known() -> dict[str, Feed]:
    """Give every kind of feed by its name; one of ours wins over another package's."""
    found = {entry.name: entry.load() for entry in entry_points(group=GROUP)}
    return found | {feed.kind: feed for feed in FEEDS}
