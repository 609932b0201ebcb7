"""A recording replayed as what happens in a drill: its times and, of another city, its place moved.

Everything has the drill's ids and names. What a drill's screens do not show (cameras, responders)
is left out, and so is what belongs to the other city alone (areas, offices, pictures). A class of
case that this city's list does not know is refused and counted, never learned.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from dashboard.domain.drills import Recorded, named, titled
from data_access.feeds.recording import Recording, TimedRecord

KINDS = ("stations", "places", "warnings", "readings", "cases")
"""What is replayed, in the order in which what came together is told."""
_OF_THE_OTHER = ("jurisdiction", "unit", "areas")
_NEVER = ("cameras", "supplies", "photos", "streams")
_TITLED = ("name", "headline", "description", "sender")

Told = tuple[str, list[Any]]


class Replay:
    """One recording over a whole city, from the moment at which its playing begins.

    ``own``: it is of the city in which the drill is run; ``centre``: where another city's is moved.
    Raises RecordingError for a recording that cannot be read.
    """

    def __init__(
        self,
        operation: str,
        recorded: Recorded,
        begin: datetime,
        *,
        own: bool,
        centre: tuple[float, float],
    ) -> None:
        """Read the recording and put it where and when the drill is."""
        self.operation = operation
        self.begin = begin
        self.base: Mapping[str, float] = {}
        self.own = own
        move_to = None if own else centre
        self.recording = Recording(recorded.path, recorded.data_root, move_to=move_to)
        self.recording.begin_at(begin)

    def opening(self, until: datetime) -> Iterator[Told]:
        """What stands when the drill begins: lists' things, and all that was told before."""
        known = [*self.recording.static(), *self.recording.events(None, until)]
        yield from self._by_kind(known)

    def told(self, after: datetime, until: datetime) -> Iterator[Told]:
        """What became known after one moment up to another."""
        yield from self._by_kind(self.recording.events(after, until))

    def _by_kind(self, told: Any) -> Iterator[Told]:
        found: dict[str, list[Any]] = {kind: [] for kind in KINDS}
        for item in told:
            if item.kind in found and item.record is not None:
                found[item.kind].append(self._twin(item))
        yield from found.items()

    def _twin(self, item: TimedRecord) -> Any:
        """Give a record under the drill's ids and names; what cannot be read stays as it is."""
        record = item.record
        if not isinstance(record, dict):
            return record
        left_out = _NEVER if self.own else (*_NEVER, *_OF_THE_OTHER)
        twin = {key: value for key, value in record.items() if key not in left_out}
        for key in ("id", "station"):
            if isinstance(twin.get(key), str):
                twin[key] = named(self.operation, twin[key])
        for key in _TITLED:
            if isinstance(twin.get(key), str) and twin[key]:
                twin[key] = titled(twin[key])
        if item.kind == "warnings":
            twin["status"] = "exercise"
            earlier = twin.get("references") or []
            twin["references"] = [named(self.operation, str(it)) for it in earlier]
        return twin
