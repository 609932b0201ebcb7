"""Owns what camera, responder and place records must be."""

from dashboard.domain import cameras, places
from dashboard.domain.records import checks
from dashboard.domain.records.checks import Bad, Context, Raw, shown
from dashboard.domain.records.model import (
    CameraRecord,
    PlaceRecord,
    ResponderRecord,
    Supply,
)

_MAX_DEPTH_CM = 5_000.0
_MAX_QUANTITY = 1e9


def camera(ctx: Context, raw: Raw) -> CameraRecord:
    """Make a camera record, or raise `Bad`. Without `wall_allowed` the default rule holds."""
    lon, lat = checks.position(ctx, raw, required=not ctx.learn)
    position_type = checks.small_int(raw, "position_type")
    room_type = checks.small_int(raw, "room_type")
    secrecy = checks.small_int(raw, "secrecy")
    wall_allowed = raw.get("wall_allowed")
    if wall_allowed is None:
        wall_allowed = cameras.wall_allowed_by_default(position_type, room_type, secrecy)
    elif not isinstance(wall_allowed, bool):
        checks.wrong_type("wall_allowed", "布尔值", wall_allowed)
    return CameraRecord(
        id=checks.needed_code(raw, "id"),
        name=checks.needed_text(raw, "name", checks.MAX_NAME),
        lon=lon,
        lat=lat,
        source=checks.needed_code(raw, "source", checks.MAX_ID),
        status=checks.one_of(raw, "status", cameras.STATUSES),
        updated_at=checks.maybe_moment(ctx, raw, "updated_at"),
        wall_allowed=wall_allowed,
        position_type=position_type,
        room_type=room_type,
        secrecy=secrecy,
        streams=checks.streams(raw, cameras.STREAM_KINDS),
        jurisdiction=checks.jurisdiction(ctx, raw),
    )


def responder(ctx: Context, raw: Raw) -> ResponderRecord:
    """Make a responder record, or raise `Bad`. Kind and status are open lists."""
    lon, lat = checks.position(ctx, raw, required=not ctx.learn)
    return ResponderRecord(
        id=checks.needed_code(raw, "id"),
        kind=checks.needed_code(raw, "kind", checks.MAX_CODE),
        name=checks.needed_text(raw, "name", checks.MAX_NAME),
        lon=lon,
        lat=lat,
        at=checks.moment(ctx, raw, "at"),
        status=checks.needed_code(raw, "status", checks.MAX_CODE),
        unit=checks.listed(ctx, raw, "unit", "unit"),
        phone=checks.text(raw, "phone", 64),
        streams=checks.streams(raw, cameras.STREAM_KINDS),
        place=checks.code(raw, "place"),
        jurisdiction=checks.jurisdiction(ctx, raw),
    )


def place(ctx: Context, raw: Raw) -> PlaceRecord:
    """Make a place record, or raise `Bad`. Its kind is an open list, its state is not."""
    lon, lat = checks.position(ctx, raw, required=not ctx.learn)
    state = raw.get("state")
    if isinstance(state, str) and state in places.STATE_BY_WORD:
        state = places.STATE_BY_WORD[state]
    else:
        state = checks.one_of(raw, "state", places.STATES)
    return PlaceRecord(
        id=checks.needed_code(raw, "id"),
        kind=checks.needed_code(raw, "kind", checks.MAX_CODE),
        name=checks.needed_text(raw, "name", checks.MAX_NAME),
        lon=lon,
        lat=lat,
        state=state,
        depth_cm=checks.number(raw, "depth_cm", 0.0, _MAX_DEPTH_CM),
        at=checks.moment(ctx, raw, "at"),
        cameras=_cameras(raw),
        supplies=_supplies(raw),
        jurisdiction=checks.jurisdiction(ctx, raw),
    )


def _cameras(raw: Raw) -> tuple[str, ...]:
    """Return the ids of the place's cameras, each once."""
    ids = [
        checks.needed_code({field: value}, field)
        for n, value in enumerate(checks.items(raw, "cameras"))
        for field in [f"cameras[{n}]"]
    ]
    return tuple(dict.fromkeys(ids))


def _supplies(raw: Raw) -> tuple[Supply, ...]:
    """Return 物资: each a name, or an object {name, quantity?, unit?}; or name → quantity."""
    value = raw.get("supplies")
    if isinstance(value, dict):
        value = [{"name": name, "quantity": quantity} for name, quantity in value.items()]
    made = []
    for n, item in enumerate(checks.items({"supplies": value}, "supplies")):
        at = f"supplies[{n}]"
        entry = {"name": item} if isinstance(item, str) else item
        if not isinstance(entry, dict):
            raise Bad(at, f"类型应为文本或对象，收到“{shown(entry)}”。")
        made.append(
            Supply(
                name=checks.needed_text(entry, "name", checks.MAX_NAME, f"{at}."),
                quantity=checks.number(entry, "quantity", 0.0, _MAX_QUANTITY, f"{at}."),
                unit=checks.text(entry, "unit", checks.MAX_CODE, f"{at}."),
            )
        )
    return tuple(made)
