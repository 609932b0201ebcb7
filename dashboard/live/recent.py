"""What changed lately in one topic, by key: enough to bring a reader up to date without a query.

Each key stands once, with the number of its last change, the paths it has been in, and its row as
it is at the hub's seq. A reader that would need more than ``KEEP`` keys is reset, so no more are
kept.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from data_access.changes import Change

KEEP = 2_000


@dataclass(frozen=True, slots=True)
class LiveBytes:
    """One row, encoded once, and what decides who may see it.

    ``of_members``: a row of an event's room.
    """

    scope: str
    event: str | None
    on_wall: bool
    data: bytes
    of_members: bool = False


class Entry:
    """One key: when it changed last, where it has been, and its row.

    ``scopes``: path → the last number at which the key was, or stopped being, there. ``row``: None
    when it is not in the working set. ``read``: whether ``row`` is known.
    """

    __slots__ = ("key", "read", "row", "scopes", "seq")

    def __init__(self, key: str) -> None:
        """Know nothing yet."""
        self.key = key
        self.seq = 0
        self.scopes: dict[str, int] = {}
        self.row: LiveBytes | None = None
        self.read = False


class Recent:
    """The latest changes of one topic. A reader at ``floor`` or later can be caught up."""

    def __init__(self, floor: int, keep: int = KEEP) -> None:
        """Know nothing of what came up to ``floor``."""
        self.floor = floor
        self._keep = keep
        self._entries: OrderedDict[str, Entry] = OrderedDict()

    def note(self, change: Change) -> None:
        """Take in a change; they come in the order of their numbers."""
        if change.key is None:
            self.forget(change.seq)
            return
        entry = self._entries.pop(change.key, None) or Entry(change.key)
        self._entries[change.key] = entry
        entry.seq = change.seq
        entry.read = False
        entry.row = None
        if len(entry.scopes) > 1 and change.seq > self.floor:
            # A path left before the floor concerns nobody who can still resume.
            entry.scopes = {s: at for s, at in entry.scopes.items() if at > self.floor}
        for scope in (change.old_scope, change.new_scope):
            if scope is not None:
                entry.scopes[scope] = change.seq
        if len(self._entries) > self._keep:
            _, oldest = self._entries.popitem(last=False)
            self.floor = max(self.floor, oldest.seq)

    def forget(self, seq: int) -> None:
        """Let everybody who is below ``seq`` take a snapshot."""
        self._entries.clear()
        self.floor = max(self.floor, seq)

    def learn(self, keys: Iterable[str], rows: Mapping[str, LiveBytes]) -> None:
        """Keep the rows of ``keys`` as read; a key without one has left the working set."""
        for key in keys:
            entry = self._entries.get(key)
            if entry is not None:
                entry.row = rows.get(key)
                entry.read = True

    def since(self, seq: int) -> list[Entry] | None:
        """The keys that changed after ``seq``, oldest first; None when they are not known."""
        if seq < self.floor:
            return None
        found = []
        for entry in reversed(self._entries.values()):
            if entry.seq <= seq:
                break
            found.append(entry)
        found.reverse()
        return found

    def unread_since(self, seq: int) -> list[str]:
        """Keys changed after ``seq`` whose rows must be read before ``since`` can be shown."""
        return [entry.key for entry in self.since(seq) or () if not entry.read]
