"""The fixtures of ``live_town`` for the tests of this folder."""

from tests.dashboard.live.live_town import hub, lone_hub, lone_town, town

__all__ = ["hub", "lone_hub", "lone_town", "town"]
