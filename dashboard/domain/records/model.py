"""Owns the types of validated records: what ingest and recordings hand to the store.

Times are aware UTC; positions WGS84 degrees, rounded to six decimals (0.1 m); texts are
as sent (HTML in them is data, escaped where it is shown). Optional values are None.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple

from dashboard.domain.coordinates import BBox

KINDS = ("cases", "stations", "readings", "cameras", "responders", "places", "warnings")
"""The kinds of records, as in `POST /api/v1/ingest/{kind}`."""


@dataclass(frozen=True, slots=True)
class Reject:
    """Why one record was not accepted.

    `index` is its place in the batch, from 0; `id` the record's own id where it has a usable
    one; `field` a path such as `events[2].at`, or `record` where the whole is meant; `reason`
    one sentence in Chinese, bounded, without control characters or angle brackets.
    """

    index: int
    id: str | None
    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class Undecodable:
    """Stands in a batch for a record that could not be read at all; validated to a Reject.

    ``came``: what came, to be kept with the reject; None where that cannot be shown.
    """

    line: int
    reason: str
    id: str | None = None
    field: str = "record"
    came: object = None


@dataclass(frozen=True, slots=True)
class Limits:
    """What validation may take for granted about the city.

    `unknown`: what becomes of a code that the lists do not know: `reject` (the API), or
    `learn` (recordings), where any short text is taken. `known`: the codes of the store under
    the names subcategory, unit, jurisdiction, source, station; None or absent = not checked. A
    subcategory is known as `0102` or as `event/0102`. Sources built in are always known.
    `bounds`: where given, a position outside it is rejected.
    """

    unknown: Literal["learn", "reject"] = "reject"
    known: Mapping[str, Collection[str] | None] = field(default_factory=dict)
    bounds: BBox | None = None


class Stream(NamedTuple):
    """A way to see a camera: kind hls | whep | mjpeg | snapshot, and its http(s) address."""

    kind: str
    url: str


class Supply(NamedTuple):
    """物资 kept at a place: name, how many (None: not said), of what unit."""

    name: str
    quantity: float | None
    unit: str | None


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One line of a case's record: exactly one of `stage` and `mark` is set.

    `until`: the end that it names: of a 督办, or the deadline that a 延期 set.
    """

    stage: str | None
    mark: str | None
    at: datetime
    by: str | None = None
    note: str | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """案件 as a feed knows it at `updated_at` (default: the latest time in the record).

    `urgency` counts from 0, 一般; `condition` is the 立案条件 under which it was filed.
    """

    id: str
    kind: str
    source: str
    reported_at: datetime
    updated_at: datetime
    subcategory: str
    description: str
    address: str | None
    lon: float | None
    lat: float | None
    jurisdiction: str | None
    unit: str | None
    stage: str
    stage_at: datetime
    marks: tuple[str, ...]
    due_at: datetime | None
    urgency: int
    photos: tuple[str, ...]
    events: tuple[CaseEvent, ...]
    condition: str | None = None

    def history(self) -> tuple[CaseEvent, ...]:
        """Return the record's events in order of time, with those that the record implies.

        Implied are 上报 at `reported_at` and the present stage at `stage_at`, where the list
        does not hold that stage at all, or not at that moment, respectively. At one moment
        the order is that sent, the implied present stage last.
        """
        told = list(self.events)
        if self.stage != "reported" and not any(e.stage == "reported" for e in told):
            told.insert(0, CaseEvent("reported", None, self.reported_at))
        if not any(e.stage == self.stage and e.at == self.stage_at for e in told):
            told.append(CaseEvent(self.stage, None, self.stage_at))
        told.sort(key=lambda event: event.at)
        return tuple(told)


@dataclass(frozen=True, slots=True)
class StationRecord:
    """测站. `thresholds`: factor → name of the line → value in the factor's unit, or a text.

    A position may be missing only where codes are learned (`Limits.unknown`).
    """

    id: str
    kind: str
    name: str
    lon: float | None
    lat: float | None
    datum: str | None
    thresholds: dict[str, dict[str, float | str]]
    jurisdiction: str | None
    updated_at: datetime | None
    river: str | None = None
    basin: str | None = None


@dataclass(frozen=True, slots=True)
class ReadingRecord:
    """读数: `value` of `factor` at `station`, measured `at`; a new value for it is a revision."""

    station: str
    factor: str
    at: datetime
    value: float
    flag: str | None


@dataclass(frozen=True, slots=True)
class CameraRecord:
    """视频点位. `updated_at` None: not said, the newest sent counts."""

    id: str
    name: str
    lon: float | None
    lat: float | None
    source: str
    status: str
    updated_at: datetime | None
    wall_allowed: bool
    position_type: int | None
    room_type: int | None
    secrecy: int | None
    streams: tuple[Stream, ...]
    jurisdiction: str | None


@dataclass(frozen=True, slots=True)
class ResponderRecord:
    """处置力量: where it was `at` a moment, and its state."""

    id: str
    kind: str
    name: str
    lon: float | None
    lat: float | None
    at: datetime
    status: str
    unit: str | None
    phone: str | None
    streams: tuple[Stream, ...]
    place: str | None
    jurisdiction: str | None


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """重点部位: its state `at` a moment; `depth_cm` of water in centimetres."""

    id: str
    kind: str
    name: str
    lon: float | None
    lat: float | None
    state: str
    depth_cm: float | None
    at: datetime
    cameras: tuple[str, ...]
    supplies: tuple[Supply, ...]
    jurisdiction: str | None


class Area(NamedTuple):
    """Where a warning holds: a closed ring of (lon, lat), or a jurisdiction, or words alone.

    A CAP circle becomes a ring of 36 corners; one of radius 0 only its words.
    """

    desc: str | None
    polygon: tuple[tuple[float, float], ...] | None
    jurisdiction: str | None
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WarningRecord:
    """预警 from outside. `references`: ids of the messages that this one replaces or ends."""

    id: str
    event: str
    colour: str | None
    severity: str | None
    headline: str
    description: str
    sender: str
    sent: datetime
    effective_at: datetime
    expires_at: datetime | None
    status: str
    msg_type: str
    references: tuple[str, ...]
    areas: tuple[Area, ...]

    @property
    def drill(self) -> bool:
        """Say whether the message is an exercise (CAP status Exercise) and must be marked 演练."""
        return self.status == "exercise"


Record = (
    CaseRecord
    | StationRecord
    | ReadingRecord
    | CameraRecord
    | ResponderRecord
    | PlaceRecord
    | WarningRecord
)
