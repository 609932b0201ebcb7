"""Small rules of cameras, stations and warnings."""

from datetime import UTC, datetime, timedelta

import pytest

from dashboard.domain import stations, warnings
from dashboard.domain.cameras import wall_allowed_by_default

NOW = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("attributes", "allowed"),
    [
        ({}, True),
        ({"position_type": 10, "room_type": 1, "secrecy": 0}, True),
        ({"room_type": 2}, False),
        ({"secrecy": 1}, False),
        ({"position_type": 2}, False),
        ({"position_type": 7}, False),
        ({"position_type": 8}, False),
        ({"position_type": 9}, True),
    ],
)
def test_which_cameras_may_go_on_a_wall(attributes, allowed):
    assert wall_allowed_by_default(**attributes) is allowed


def test_a_readings_id_splits_at_its_last_slash():
    assert stations.split_key(stations.key("33/01", "level")) == ("33/01", "level")


@pytest.mark.parametrize(
    ("headline", "colour"),
    [
        ("杭州市气象台发布暴雨橙色预警", "orange"),
        ("将暴雨黄色预警信号升级为暴雨红色预警信号", "red"),
        ("台风蓝色预警信号", "blue"),
        ("Flash Flood Watch", None),
        ("红色旅游", None),
    ],
)
def test_a_headline_names_its_colour(headline, colour):
    assert warnings.colour_in(headline) == colour


@pytest.mark.parametrize(
    ("status", "msg_type", "start", "end", "in_force"),
    [
        ("actual", "alert", -HOUR, HOUR, True),
        ("exercise", "update", -HOUR, None, True),
        ("test", "alert", -HOUR, HOUR, False),
        ("actual", "cancel", -HOUR, HOUR, False),
        ("actual", "alert", HOUR, None, False),
        ("actual", "alert", -HOUR, timedelta(), False),
    ],
)
def test_when_a_warning_is_in_force(status, msg_type, start, end, in_force):
    expires = None if end is None else NOW + end
    assert warnings.in_force(status, msg_type, NOW + start, expires, NOW) is in_force
