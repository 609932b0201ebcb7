"""The recordings that a site offers as a drill's input: those that play here, and those it names.

Read without pandas, by whoever builds a page. A description that cannot be read is left out, and
said in the log; ``play`` and ``pingji check`` say more of it.
"""

import logging
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboard.domain.drills import INPUTS, Recorded, recorded
from dashboard.domain.words import Words

log = logging.getLogger(__name__)
_FILE = "city.toml"
Tables = Iterable[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One recording: what it is called in the form, and where it lies."""

    words: Words
    place: Recorded


def offered(feeds: Tables, named: Tables) -> dict[str, Offered]:
    """Give the recordings by the input that each is: of the feeds that play, and of those named."""
    found: dict[str, Offered] = {}
    for given, root in _places(feeds, named):
        path = given / _FILE if given.is_dir() else given
        try:
            told = tomllib.loads(path.read_text("utf-8"))
            city, name = str(told["id"]), str(told["name"])
        except (OSError, ValueError, KeyError) as error:
            log.warning("%s is no drill's input: %s", path, error)
            continue
        words = Words(f"回放：{name}", f"Replay: {told.get('name_en') or name}")
        place = Recorded(given, root, name, learn=told.get("unknown") == "learn")
        found.setdefault(recorded(city), Offered(words=words, place=place))
    return found


def inputs(feeds: Tables, named: Tables) -> dict[str, Words]:
    """Give everything that a drill may be fed with here, with its words."""
    return INPUTS | {name: it.words for name, it in offered(feeds, named).items()}


def _places(feeds: Tables, named: Tables) -> Iterator[tuple[Path, Path | None]]:
    playing = [it for it in feeds if it["kind"] == "recording"]
    told = [(path, it) for it in playing for path in it.get("paths", ())]
    for path, it in [*told, *((it["path"], it) for it in named)]:
        root = it.get("data_root")
        yield Path(path), Path(root) if root else None
