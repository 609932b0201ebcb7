"""The walls' tab of /admin: what screens measure and show, and the codes that enrol them."""

from typing import Any

from dash import html
from dash.development.base_component import Component

from callbacks import admin_tabs
from callbacks.services import Screens, Services
from data_access.queries import screens
from layouts import barcode, words
from layouts.screens.admin import button, notice, table
from layouts.screens.wall import PATH
from layouts.wall_geometry import GeometryError, of_json


def tab(services: Services) -> list[Component]:
    """Return the screens within the scope of who asks."""
    who = services.guard.known()
    with services.store.read() as conn:
        found = screens.all_screens(conn)
        seen = screens.seen(conn)
    when = admin_tabs.clock(services)
    rows = [
        [
            html.A(row["id"], href=PATH + row["id"], className="link"),
            row["name"],
            _measures(row["geometry"]),
            row["scene"] or "—",
            words.text("enrolled" if row["id"] in seen else "not_enrolled"),
            when(seen.get(row["id"])),
            _buttons(row["id"], enrolled=row["id"] in seen),
        ]
        for row in found
        if admin_tabs.within(row["scope"], who.scopes)
    ]
    columns = ["screen_id", "token_name", "measures", "scene", "state", "seen_at", ""]
    return [table(columns, rows, note=admin_tabs.zone(services))]


def code(services: Services, enrol: Screens, actor: Any, screen_id: str) -> Component:
    """Make a code and show it once, as digits and as bars."""
    made = enrol.make_code(services.store, actor, screen_id)
    told = [screen_id, " · ", words.text("code_once"), barcode.picture(made.digits)]
    return notice(told, good=True, secret=f"{made.digits[:4]} {made.digits[4:]}")


def unenrol(services: Services, enrol: Screens, actor: Any, screen_id: str) -> Component:
    """Turn the browser of a screen into a stranger's."""
    enrol.unenrol(services.store, actor, screen_id)
    return notice(screen_id, good=True)


def _buttons(screen_id: str, *, enrolled: bool) -> Component:
    buttons = [button("screen-code", screen_id, "screen_code")]
    if enrolled:
        buttons.append(button("screen-unenrol", screen_id, "unenrol"))
    return html.Div(buttons, className="table__actions")


def _measures(told: dict[str, Any]) -> str:
    try:
        geometry = of_json(told)
    except GeometryError as error:
        return str(error)
    wide, high = geometry.pixels
    return (
        f"{geometry.width_mm:,.0f} mm · {wide}×{high} · {geometry.rows}×{geometry.columns}"
        f" · {geometry.seat_m:g} m · {geometry.em_px:.0f} px"
    )
