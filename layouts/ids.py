"""Every id that a layout places and a callback or script looks for.

``<area>-<thing>[-<part>]``. The scripts in ``assets/`` name the same ids; a test compares them.
"""

from enum import StrEnum, unique


@unique
class Id(StrEnum):
    """The ids of the page, in the order in which they stand on it."""

    SHELL_LOCATION = "shell-location"
    SHELL_PAGE = "shell-page"
    SHELL_SCREEN = "shell-screen"
    SHELL_BANNER = "shell-banner"
    SHELL_ANNOUNCER = "shell-announcer"

    HEADER_CLOCK = "header-clock"
    HEADER_DATE = "header-date"
    HEADER_ZONE = "header-zone"
    HEADER_SPEED = "header-speed"
    HEADER_STREAM = "header-stream"

    CONSOLE = "console"
    FIGURE_OPEN = "figure-open"
    FIGURE_OVERDUE = "figure-overdue"
    FIGURE_FILED_TODAY = "figure-filed-today"
    FIGURE_CLOSED_TODAY = "figure-closed-today"
    FIGURE_STATIONS_OVER = "figure-stations-over"
    FIGURE_AS_OF = "figure-as-of"

    MAP = "map"
    MAP_SHAPES = "map-shapes"
    MAP_LAYERS = "map-layers"
    MAP_UNPLACED = "map-unplaced"

    CASES_LIST = "cases-list"
    CASES_COUNT = "cases-count"
    CASES_DETAIL = "cases-detail"
    CASES_SELECTED = "cases-selected"

    FEEDS_LIST = "feeds-list"

    WALL = "wall"
    WALL_STAGE = "wall-stage"
    WALL_NOTE = "wall-note"
    WALL_STEP = "wall-step"
    WALL_DISTRICTS = "wall-districts"
    WALL_RIVERS = "wall-rivers"
    WALL_RAIN = "wall-rain"
    WALL_FEEDS = "wall-feeds"
    WALL_MAP = "wall-map"

    TABLET = "tablet"
    TABLET_PAGES = "tablet-pages"
    TABLET_TABS = "tablet-tabs"
    TABLET_WORST = "tablet-worst"
    TABLET_DISTRICTS = "tablet-districts"

    ADMIN = "admin"
    ADMIN_TABS = "admin-tabs"
    ADMIN_BODY = "admin-body"
    ADMIN_NOTICE = "admin-notice"
    ADMIN_FRESH = "admin-fresh"


def row_action(act: str, key: str) -> dict[str, str]:
    """Return the id of a button in a row of /admin: what it does, and to which row."""
    return {"act": act, "key": key}


def row_field(field: str, key: str) -> dict[str, str]:
    """Return the id of an input in a row of /admin."""
    return {"field": field, "key": key}
