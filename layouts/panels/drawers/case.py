"""The record 案卷 of a case: what is known, what was done, what is near, what was here before.

Painted by ``assets/75-case-detail.js`` and ``assets/82-drawer-case.js``.
"""

from dash import html

from layouts.ids import Id
from layouts.panels.drawers.parts import drawer, section


def build() -> html.Div:
    """Return the empty drawer."""
    return drawer(
        "case",
        Id.DRAWER_CASE,
        [
            html.Div(id=Id.CASES_DETAIL, className="drawer__facts"),
            section("clocks", Id.DRAWER_CASE_CLOCKS),
            section("desk_acts", Id.DRAWER_CASE_ACTS),
            section("near_cameras", Id.DRAWER_CASE_CAMERAS),
            section("timeline", Id.DRAWER_CASE_RECORD),
            section("photos", Id.DRAWER_CASE_PHOTOS),
            section("before_here", Id.DRAWER_CASE_BEFORE, note=Id.DRAWER_CASE_BEFORE_NOTE),
            section("near_stations", Id.DRAWER_CASE_STATIONS),
            section("near_responders", Id.DRAWER_CASE_RESPONDERS),
        ],
    )
