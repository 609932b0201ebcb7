"""A group: streams with equal topics and equal sight, for whom a frame is made once."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.domain.topics import BY_NAME
from dashboard.live import frames
from dashboard.live.recent import Recent
from dashboard.live.sight import Sight, Viewer
from dashboard.live.writer import Stream

CAUGHT_MOST = 64


@dataclass(frozen=True, slots=True)
class Start:
    """Where a new stream begins: its hello's seq, each topic's, and those that begin by reset."""

    seq: int
    positions: Mapping[str, int]
    resets: Mapping[str, int]


class Group:
    """Streams that are all sent the same bytes.

    ``last``: the last seq at which something was sent to them. ``caught``: frames already made for
    readers at some position, good until the hub's seq moves.
    """

    def __init__(self, topics: tuple[str, ...], viewer: Viewer, *, last: int) -> None:
        """Begin without streams."""
        self.topics = topics
        self.scope_key = viewer.scope_key
        self.last = last
        self.joining = 0
        self.streams: set[Stream] = set()
        self.caught: dict[object, bytes] = {}
        self._sight = Sight(viewer)

    def remember(self, key: object, data: bytes) -> None:
        """Keep a frame for the next reader who stands at the same place."""
        if len(self.caught) >= CAUGHT_MOST:
            self.caught.clear()
        self.caught[key] = data

    def frame(
        self,
        positions: Mapping[str, int],
        prev: int,
        seq: int,
        recents: Mapping[str, Recent],
        *,
        resets: Mapping[str, int] | None = None,
    ) -> tuple[bytes, int]:
        """Make what a reader at ``positions`` needs to stand at ``seq``, and how many resets.

        ``resets``: topics that begin anew, with the seq of their snapshot. Empty when nothing that
        this group sees has changed. The resets come first; the frame after them carries the id.
        """
        anew = dict(resets or {})
        changes = []
        for topic, position in positions.items():
            entries = recents[topic].since(position)
            if entries is None:
                anew[topic] = seq
                continue
            upsert: list[bytes] = []
            remove: list[str] = []
            for entry in entries:
                if entry.row is not None and self._sight.row(entry.row):
                    upsert.append(entry.row.data)
                elif self._sight.was(entry, position, of_members=BY_NAME[topic].members):
                    remove.append(entry.key)
            if upsert or remove:
                changes.append((topic, upsert, remove))
        data = b"".join(frames.reset(topic, at) for topic, at in anew.items())
        if changes or (anew and prev < seq):
            data += frames.change(seq, prev, changes)
        return data, len(anew)
