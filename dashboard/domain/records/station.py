"""Owns what station and reading records must be."""

from dashboard.domain import stations
from dashboard.domain.records import checks
from dashboard.domain.records.checks import Bad, Context, Raw, shown
from dashboard.domain.records.model import ReadingRecord, StationRecord

_MAX_FACTORS = 200
_MAX_LINES = 32


def station(ctx: Context, raw: Raw) -> StationRecord:
    """Make a station record, or raise `Bad`. Its kind is an open list."""
    lon, lat = checks.position(ctx, raw, required=not ctx.learn)
    return StationRecord(
        id=checks.plain_id(raw, "id"),
        kind=checks.needed_code(raw, "kind", checks.MAX_CODE),
        name=checks.needed_text(raw, "name", checks.MAX_NAME),
        lon=lon,
        lat=lat,
        datum=checks.text(raw, "datum", checks.MAX_NAME),
        thresholds=_thresholds(raw),
        river=checks.text(raw, "river", checks.MAX_NAME) or None,
        basin=checks.text(raw, "basin", checks.MAX_NAME) or None,
        jurisdiction=checks.jurisdiction(ctx, raw),
        updated_at=checks.maybe_moment(ctx, raw, "updated_at"),
    )


def reading(ctx: Context, raw: Raw) -> ReadingRecord:
    """Make a reading record, or raise `Bad`. Its factor is an open list; ids have no slash."""
    station_id = checks.plain_id(raw, "station")
    known = ctx.known("station")
    if known is not None and station_id not in known:
        raise Bad("station", f"未知测站“{shown(station_id)}”。")
    return ReadingRecord(
        station=station_id,
        factor=checks.plain_id(raw, "factor"),
        at=checks.moment(ctx, raw, "at"),
        value=checks.needed_number(raw, "value", -stations.MAX_READING, stations.MAX_READING),
        flag=_flag(ctx, raw),
    )


def _flag(ctx: Context, raw: Raw) -> str | None:
    """Return the quality flag: one of the list, or any short code where codes are learned."""
    if raw.get("flag") is None:
        return None
    if ctx.learn:
        return checks.code(raw, "flag", checks.MAX_CODE)
    return checks.one_of(raw, "flag", stations.FLAGS)


def _thresholds(raw: Raw) -> dict[str, dict[str, float | str]]:
    """Return factor → name of the line → a number or a short text; nulls are left out."""
    value = raw.get("thresholds")
    if value is None:
        return {}
    if not isinstance(value, dict):
        checks.wrong_type("thresholds", "对象", value)
    if len(value) > _MAX_FACTORS:
        raise Bad("thresholds", f"因子过多：{len(value)} 个，最多 {_MAX_FACTORS} 个。")
    made: dict[str, dict[str, float | str]] = {}
    for factor, lines in value.items():
        _name(factor)
        at = f"thresholds.{shown(factor)}"
        if not isinstance(lines, dict):
            checks.wrong_type(at, "对象", lines)
        if len(lines) > _MAX_LINES:
            raise Bad(at, f"条目过多：{len(lines)} 个，最多 {_MAX_LINES} 个。")
        made[factor] = _lines(lines, at)
    return made


def _lines(lines: Raw, at: str) -> dict[str, float | str]:
    """Return the lines of one factor."""
    made: dict[str, float | str] = {}
    for name, value in lines.items():
        _name(name)
        if isinstance(value, str):
            made[name] = checks.needed_text({at: value}, at, checks.MAX_NAME)
        elif value is not None:
            made[name] = checks.needed_number(
                {at: value}, at, -stations.MAX_READING, stations.MAX_READING
            )
    return made


def _name(name: object) -> None:
    """Raise unless a key is a short printable text."""
    checks.needed_code({"thresholds": name}, "thresholds", checks.MAX_ID)
