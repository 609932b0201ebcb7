"""Marks of the desk beside those of a feed."""

from dashboard.domain import desk_marks as marks

UNTIL = "2026-07-01T06:00:00+00:00"


def test_what_the_desk_gave_stays_whatever_a_feed_tells() -> None:
    worn, given = marks.give(["extended"], None, "urged", {"by": "ann"})
    assert worn == ["extended", "urged"]
    assert marks.worn([], given, stage="handling")[0] == ["urged"]
    worn, given = marks.worn(["urged", "deferred"], given, stage="handling")
    assert worn == ["urged", "deferred"]
    assert given["urged"] == {"by": "ann", "told": True}


def test_a_mark_that_a_feed_tells_too_outlives_the_desks_own() -> None:
    worn, given = marks.give(["supervised"], None, "supervised", {"until": UNTIL})
    assert marks.take(worn, given, "supervised") == (["supervised"], None)
    worn, given = marks.give([], None, "supervised", {"until": UNTIL})
    assert marks.supervised_until(given).isoformat() == UNTIL
    assert marks.take(worn, given, "supervised") == ([], None)
    assert marks.take(["urged"], None, "supervised") == (["urged"], None)


def test_a_watch_ends_with_the_case_and_an_urging_stays_said() -> None:
    worn, given = marks.give([], None, "supervised", {"until": UNTIL})
    worn, given = marks.give(worn, given, "urged", {"by": "ann"})
    worn, given = marks.worn([], given, stage="closed")
    assert worn == ["urged"]
    assert marks.supervised_until(given) is None


def test_a_second_watch_takes_the_place_of_the_first() -> None:
    worn, given = marks.give([], None, "supervised", {"until": UNTIL})
    later = UNTIL.replace("06:", "08:")
    worn, given = marks.give(worn, given, "supervised", {"until": later})
    assert worn == ["supervised"]
    assert given["supervised"] == {"until": later, "told": False}
