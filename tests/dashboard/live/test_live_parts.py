"""The hub's small parts: what is asked, how far apart flushes lie, what is remembered."""

import pytest

from dashboard.live.pace import distance_s
from dashboard.live.recent import LiveBytes, Recent
from dashboard.live.request import BadRequest, positions
from dashboard.live.sight import Sight
from dashboard.live.snapshots import accepts_gzip
from data_access.changes import Change
from tests.dashboard.live.live_town import AT, principal


@pytest.mark.parametrize(
    ("viewers", "distance"),
    [
        (0, 0.05),
        (1, 0.05),
        (100, 0.05),
        (150, 0.075),
        (200, 0.1),
        (1100, 0.175),
        (2000, 0.25),
        (4000, 0.5),
    ],
)
def test_flushes_lie_further_apart_with_more_viewers(viewers: int, distance: float) -> None:
    assert distance_s(viewers) == pytest.approx(distance)


def test_positions_are_read_topic_by_topic() -> None:
    assert positions("topics=readings,cases%40105", None) == {"cases": 105, "readings": None}
    assert list(positions("topics=feeds,cases", None)) == ["cases", "feeds"], "one order for all"


def test_a_greater_last_event_id_replaces_every_position() -> None:
    asked = positions("topics=cases@105,stations@300,readings", "200")
    assert asked == {"cases": 200, "stations": 300, "readings": None}
    assert positions("topics=cases@105", "no number") == {"cases": 105}


def test_a_wrong_question_says_what_is_wrong() -> None:
    with pytest.raises(BadRequest, match="没有名为"):
        positions("topics=" + "x" * 500, None)


def change(seq: int, key: str | None, old: str | None = "c", new: str | None = "c") -> Change:
    return Change(seq, "places", key, old, new, False, AT)


def test_each_key_is_remembered_once_by_its_last_change() -> None:
    recent = Recent(0)
    for seq, key in enumerate("abcab", start=1):
        recent.note(change(seq, key))
    assert [entry.key for entry in recent.since(0) or ()] == ["c", "a", "b"]
    assert [entry.key for entry in recent.since(4) or ()] == ["b"]
    assert recent.since(5) == []


def test_what_is_forgotten_raises_the_floor() -> None:
    recent = Recent(0, keep=3)
    for seq, key in enumerate("abcd", start=1):
        recent.note(change(seq, key))
    assert recent.floor == 1
    assert recent.since(0) is None
    assert [entry.key for entry in recent.since(1) or ()] == ["b", "c", "d"]
    recent.forget(9)
    assert recent.since(8) is None
    assert recent.since(9) == []


def test_rows_read_are_kept_until_they_change() -> None:
    recent = Recent(0)
    recent.note(change(1, "a"))
    recent.note(change(2, "b"))
    assert recent.unread_since(0) == ["a", "b"]
    recent.learn(["a", "b"], {"a": LiveBytes("c", None, True, b"[]")})
    assert recent.unread_since(0) == []
    recent.note(change(3, "a"))
    assert recent.unread_since(0) == ["a"]
    assert recent.unread_since(3) == []


def test_a_path_left_before_is_no_longer_told() -> None:
    recent = Recent(0)
    recent.note(change(1, "a", "c/1", "c/2"))
    recent.note(change(2, "a", "c/2", "c/2"))
    (entry,) = recent.since(0) or ()
    sight = Sight(principal("c/1"))
    assert sight.was(entry, 0)
    assert not sight.was(entry, 1)


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("", False),
        ("gzip", True),
        ("br, gzip;q=0.5", True),
        ("GZIP", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0, br", False),
        ("x-gzipped", False),
        ("gzip;q=", False),
        ("identity", False),
    ],
)
def test_who_takes_gzip(header: str, taken: bool) -> None:
    assert accepts_gzip(header) is taken
