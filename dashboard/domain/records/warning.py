"""Owns what a warning record must be; CAP messages come to it through `cap`."""

from typing import Any

from dashboard.domain import warnings
from dashboard.domain.coordinates import CRS
from dashboard.domain.records import checks
from dashboard.domain.records.checks import Bad, Context, Raw, shown
from dashboard.domain.records.model import Area, WarningRecord

_MAX_CORNERS = 20_000
_MAX_AREAS = 500


def warning(ctx: Context, raw: Raw) -> WarningRecord:
    """Make a warning record, or raise `Bad`.

    Colour and severity may come in either case or in Chinese. A colour is taken from the
    headline (橙色预警) where none is said, a severity from the colour; never a colour from a
    severity. `effective_at` is `sent` where absent. A cancellation needs no event.
    """
    msg_type = _word(raw, "msg_type", warnings.MSG_TYPES, "alert")
    sent = checks.moment(ctx, raw, "sent")
    event = checks.text(raw, "event", checks.MAX_NAME) or ""
    if not event and msg_type in warnings.STANDING_TYPES:
        checks.missing("event")
    headline = checks.text(raw, "headline", checks.MAX_HEADLINE) or event
    colour = _colour(raw) or warnings.colour_in(headline) or warnings.colour_in(event)
    severity = _maybe_word(raw, "severity", warnings.SEVERITIES)
    expires_at = checks.maybe_moment(ctx, raw, "expires_at", ahead=True)
    effective_at = checks.maybe_moment(ctx, raw, "effective_at", ahead=True) or sent
    if expires_at is not None and expires_at < effective_at:
        raise Bad("expires_at", "失效时间早于生效时间。")
    return WarningRecord(
        id=checks.needed_code(raw, "id", 512),
        event=event,
        colour=colour,
        severity=severity or warnings.SEVERITY_BY_COLOUR.get(colour or ""),
        headline=headline,
        description=checks.text(raw, "description", checks.MAX_TEXT) or "",
        sender=checks.needed_text(raw, "sender", checks.MAX_LINE),
        sent=sent,
        effective_at=effective_at,
        expires_at=expires_at,
        status=_word(raw, "status", warnings.STATUSES, "actual"),
        msg_type=msg_type,
        references=_references(raw),
        areas=_areas(ctx, raw),
    )


def _word(raw: Raw, field: str, codes: dict[str, Any], default: str) -> str:
    """Return a code of the list whatever its case, or the default."""
    return _maybe_word(raw, field, codes) or default


def _maybe_word(raw: Raw, field: str, codes: dict[str, Any]) -> str | None:
    """Return a code of the list whatever its case, None where absent."""
    value = raw.get(field)
    if isinstance(value, str) and value.strip().lower() in codes:
        return value.strip().lower()
    return None if value is None else checks.one_of(raw, field, codes)


def _colour(raw: Raw) -> str | None:
    """Return the colour's code, None where absent."""
    value = raw.get("colour")
    if isinstance(value, str) and value.strip() in warnings.COLOUR_BY_WORD:
        return warnings.COLOUR_BY_WORD[value.strip()]
    return _maybe_word(raw, "colour", warnings.COLOURS)


def _references(raw: Raw) -> tuple[str, ...]:
    """Return ids of earlier messages; CAP's `sender,identifier,sent` gives its identifier."""
    value = raw.get("references")
    if isinstance(value, str):
        value = value.split()
    made = []
    for n, item in enumerate(checks.items({"references": value}, "references")):
        field = f"references[{n}]"
        text = checks.needed_code({field: item}, field, checks.MAX_URL)
        parts = text.split(",")
        made.append(",".join(parts[1:-1]) if len(parts) >= 3 else text)
    return tuple(dict.fromkeys(made))


def _areas(ctx: Context, raw: Raw) -> tuple[Area, ...]:
    """Return the areas; all polygons are of the warning's `crs`."""
    crs = raw.get("crs")
    if crs is not None and (not isinstance(crs, str) or crs not in CRS):
        raise Bad("crs", f"未知坐标系“{shown(crs)}”，应为 {'、'.join(CRS)} 之一。")
    made, corners = [], 0
    for n, area in enumerate(checks.items(raw, "areas", _MAX_AREAS)):
        at = f"areas[{n}]"
        if not isinstance(area, dict):
            checks.wrong_type(at, "对象", area)
        ring = _ring(area.get("polygon"), f"{at}.polygon", crs or "wgs84")
        corners += len(ring or ())
        if corners > _MAX_CORNERS:
            raise Bad("areas", f"顶点过多，最多 {_MAX_CORNERS} 个。")
        desc = checks.text(area, "desc", checks.MAX_TEXT, f"{at}.")
        jurisdiction = _jurisdiction(ctx, area, at)
        if ring is None and jurisdiction is None and not desc:
            raise Bad(at, "须给出 polygon、jurisdiction 或 desc。")
        made.append(Area(desc, ring, jurisdiction, _codes(area, at)))
    return tuple(made)


def _jurisdiction(ctx: Context, area: Raw, at: str) -> str | None:
    """Return an area's jurisdiction."""
    try:
        return checks.jurisdiction(ctx, area)
    except Bad as bad:
        raise Bad(f"{at}.{bad.field}", bad.reason) from None


def _codes(area: Raw, at: str) -> tuple[str, ...]:
    """Return an area's geocodes as texts."""
    try:
        sent = checks.items(area, "codes")
    except Bad as bad:
        raise Bad(f"{at}.{bad.field}", bad.reason) from None
    field = f"{at}.codes"
    return tuple(checks.needed_code({field: item}, field) for item in sent)


def _ring(value: object, field: str, crs: str) -> tuple[tuple[float, float], ...] | None:
    """Return a closed ring in WGS84, None where absent."""
    if value is None:
        return None
    if not isinstance(value, list | tuple):
        checks.wrong_type(field, "坐标数组", value)
    if len(value) > _MAX_CORNERS:
        raise Bad(field, f"顶点过多：{len(value)} 个，最多 {_MAX_CORNERS} 个。")
    ring = []
    for n, corner in enumerate(value):
        at = f"{field}[{n}]"
        if not isinstance(corner, list | tuple) or len(corner) != 2:
            raise Bad(at, "应为 [经度, 纬度]。")
        ring.append(checks.point(corner[0], corner[1], crs, at, at))
    if ring and ring[0] != ring[-1]:
        ring.append(ring[0])
    if len(ring) < 4:
        raise Bad(field, f"多边形至少 3 个顶点，收到 {max(0, len(ring) - 1)} 个。")
    return tuple(ring)
