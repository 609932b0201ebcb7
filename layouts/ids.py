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

    BAND = "band"

    HEADER_CLOCK = "header-clock"
    HEADER_DATE = "header-date"
    HEADER_ZONE = "header-zone"
    HEADER_SPEED = "header-speed"
    HEADER_STREAM = "header-stream"
    HEADER_ALERTS = "header-alerts"
    HEADER_SOUND = "header-sound"

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
    MAP_WAITING = "map-waiting"
    MAP_TILES = "map-tiles"
    MAP_FIND = "map-find"
    MAP_FILTER = "map-filter"
    MAP_FILTER_COUNT = "map-filter-count"

    QUEUE = "queue"
    QUEUE_COUNT = "queue-count"
    QUEUE_OLDEST = "queue-oldest"
    QUEUE_FRESH = "queue-fresh"
    QUEUE_LIST = "queue-list"
    QUEUE_TOLD = "queue-told"

    ENTRY_TOLD = "entry-told"
    ENTRY = "entry"
    ENTRY_TITLE = "entry-title"
    ENTRY_BODY = "entry-body"
    ENTRY_WRONG = "entry-wrong"

    CASES_LIST = "cases-list"
    CASES_COUNT = "cases-count"
    CASES_DETAIL = "cases-detail"
    CASES_SELECTED = "cases-selected"

    DRAWER = "drawer"
    DRAWER_KIND = "drawer-kind"
    DRAWER_BODY = "drawer-body"
    DRAWER_ALERTS = "drawer-alerts"
    DRAWER_ALERT = "drawer-alert"
    DRAWER_CASE = "drawer-case"
    DRAWER_CASE_ACTS = "drawer-case-acts"
    DRAWER_CASE_CLOCKS = "drawer-case-clocks"
    DRAWER_CASE_CAMERAS = "drawer-case-cameras"
    DRAWER_CASE_RECORD = "drawer-case-record"
    DRAWER_CASE_PHOTOS = "drawer-case-photos"
    DRAWER_CASE_BEFORE = "drawer-case-before"
    DRAWER_CASE_BEFORE_NOTE = "drawer-case-before-note"
    DRAWER_CASE_STATIONS = "drawer-case-stations"
    DRAWER_CASE_RESPONDERS = "drawer-case-responders"
    DRAWER_STATION = "drawer-station"
    DRAWER_STATION_HEAD = "drawer-station-head"
    DRAWER_STATION_FACTORS = "drawer-station-factors"
    DRAWER_STATION_GAUGE = "drawer-station-gauge"
    DRAWER_CHART = "drawer-chart"
    DRAWER_CHART_STATE = "drawer-chart-state"
    DRAWER_CHART_NOTE = "drawer-chart-note"
    DRAWER_FIGURE = "drawer-figure"
    DRAWER_CAMERA = "drawer-camera"
    DRAWER_CAMERA_PICTURE = "drawer-camera-picture"
    DRAWER_CAMERA_HEAD = "drawer-camera-head"
    DRAWER_CAMERA_CAMERAS = "drawer-camera-cameras"
    DRAWER_CAMERA_PLACES = "drawer-camera-places"
    DRAWER_RESPONDER = "drawer-responder"
    DRAWER_RESPONDER_HEAD = "drawer-responder-head"
    DRAWER_RESPONDER_TRACK = "drawer-responder-track"
    DRAWER_RESPONDER_TRACK_NOTE = "drawer-responder-track-note"
    DRAWER_RESPONDER_CAMERAS = "drawer-responder-cameras"
    DRAWER_PLACE = "drawer-place"
    DRAWER_PLACE_HEAD = "drawer-place-head"
    DRAWER_PLACE_STATES = "drawer-place-states"
    DRAWER_PLACE_CAMERAS = "drawer-place-cameras"
    DRAWER_PLACE_TEAMS = "drawer-place-teams"
    DRAWER_PLACE_SUPPLIES = "drawer-place-supplies"
    DRAWER_PLACE_STATIONS = "drawer-place-stations"
    DRAWER_LIST = "drawer-list"
    DRAWER_LIST_HEAD = "drawer-list-head"
    DRAWER_LIST_ROWS = "drawer-list-rows"
    DRAWER_SPOT = "drawer-spot"
    DRAWER_SPOT_HEAD = "drawer-spot-head"
    DRAWER_SPOT_CAMERAS = "drawer-spot-cameras"
    DRAWER_SPOT_STATIONS = "drawer-spot-stations"
    DRAWER_SPOT_PLACES = "drawer-spot-places"
    DRAWER_SPOT_RESPONDERS = "drawer-spot-responders"

    FEEDS_SAID = "feeds-said"
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

    PERFORMANCE = "performance"
    PERFORMANCE_SPAN = "performance-span"
    PERFORMANCE_FIGURES = "performance-figures"
    PERFORMANCE_BARS = "performance-bars"
    PERFORMANCE_BARS_NOTE = "performance-bars-note"
    PERFORMANCE_LISTS = "performance-lists"

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
