"""/event/<operation>: whether whoever asks may enter the room, and which event it is."""

from dash.development.base_component import Component

from callbacks.services import Services
from dashboard.domain.operations import Kind, State, title
from dashboard.domain.roles import Role
from data_access.queries import events, operations
from data_access.queries.visible import Sight
from layouts.page import Page
from layouts.screens import event


def screen(services: Services, page: Page, pathname: str) -> Component:
    """Return the room of an address to those of it, 保障中 to everyone else."""
    name = pathname.removeprefix(event.PATH)
    who = services.guard.known()
    with services.store.read() as conn:
        if not events.exists(conn, operation_id=name):
            return event.missing(page)
        sight = Sight(scopes=who.scopes, events=who.events)
        row = operations.find(conn, operation_id=name, sight=sight)
    member = name in who.events
    if row is None or (who.role is Role.WALL and not member):
        return event.guarded(page)
    words = title(
        kind=Kind.EVENT, level=None, scenario=None, issuer_told=row["issuer"], name=row["name"]
    )
    room = event.Room(
        id=name,
        title=words,
        drill=bool(row["drill"]),
        member=member,
        over=row["state"] != State.IN_FORCE,
    )
    return event.build(page, room)
