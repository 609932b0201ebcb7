"""Owns the checks of single values: text, numbers, times, positions, codes.

Each takes the raw object and a field's name, gives back a clean value or raises `Bad` with one
sentence in Chinese. A reason mentions at most 60 characters of what came, made harmless.
"""

import math
import re
from collections.abc import Collection
from datetime import UTC, datetime
from numbers import Real
from typing import Any, NoReturn

from dashboard.domain.clock import FUTURE_TOLERANCE
from dashboard.domain.coordinates import CRS, to_wgs84
from dashboard.domain.records.model import Limits, Stream

Raw = dict[str, Any]

MAX_ID = 128
MAX_CODE = 32
MAX_NAME = 200
MAX_LINE = 500
MAX_HEADLINE = 1_000
MAX_NOTE = 2_000
MAX_TEXT = 20_000
MAX_URL = 2_048
MAX_ITEMS = 200
MAX_SHOWN = 60

_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)
_LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_MAX_TIME_TEXT = 40

# Cc but for tab, line feed and carriage return; lone surrogates
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
# in what is shown back also the signs of HTML, line and paragraph ends, direction overrides
_UNSHOWABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_WIDE = str.maketrans("<>&\"'", "＜＞＆＂＇")
_ADDRESS = re.compile(r"https?://[^/?#\s]+|/(?!/)", re.IGNORECASE)


class Bad(Exception):
    """A value that cannot be taken: which field, and why."""

    def __init__(self, field: str, reason: str) -> None:
        """Keep both; the reason ends up in a `Reject`."""
        super().__init__(field, reason)
        self.field = field
        self.reason = reason


class Context:
    """What all records of one batch are judged by: the city's time and its lists of codes."""

    __slots__ = ("bounds", "latest", "learn", "limits", "now")

    def __init__(self, now: datetime, limits: Limits) -> None:
        """Work out once what each record needs."""
        self.now = now.astimezone(UTC)
        self.latest: datetime = self.now + FUTURE_TOLERANCE
        self.limits = limits
        self.learn = limits.unknown == "learn"
        self.bounds = limits.bounds

    def known(self, name: str) -> Collection[str] | None:
        """Return the store's codes of a list, None where they are not to be checked."""
        return None if self.learn else self.limits.known.get(name)


def shown(value: object) -> str:
    """Return what came, for a sentence: short, on one line, without control or HTML signs."""
    if isinstance(value, str):
        text = value[: MAX_SHOWN + 1]
    elif value is None:
        text = "null"
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, float):
        text = f"{value:g}"
    elif isinstance(value, int):
        text = str(value) if abs(value) < 10**MAX_SHOWN else "极大的整数"
    elif isinstance(value, dict):
        text = "对象"
    elif isinstance(value, list | tuple):
        text = "数组"
    else:
        text = type(value).__name__[:MAX_SHOWN]
    text = _UNSHOWABLE.sub("·", text.translate(_WIDE))
    text = text.encode("utf-8", "replace").decode("utf-8")
    return f"{text[:MAX_SHOWN]}…" if len(text) > MAX_SHOWN else text


def missing(field: str) -> NoReturn:
    """Raise for a required field that is absent or null."""
    raise Bad(field, "缺少必填字段。")


def wrong_type(field: str, wanted: str, value: object) -> NoReturn:
    """Raise for a value of another type."""
    raise Bad(field, f"类型应为{wanted}，收到“{shown(value)}”。")


def text(raw: Raw, field: str, limit: int, at: str = "") -> str | None:
    """Return an optional text as sent (outer blanks off), None where absent or null."""
    value = raw.get(field)
    if value is None:
        return None
    if not isinstance(value, str):
        wrong_type(at + field, "文本", value)
    if len(value) > limit:
        raise Bad(at + field, f"文本过长：{len(value)} 个字符，最多 {limit} 个。")
    if not value.isprintable() and _FORBIDDEN.search(value):
        raise Bad(at + field, f"文本含控制字符或无效字符：“{shown(value)}”。")
    return value.strip()


def needed_text(raw: Raw, field: str, limit: int, at: str = "") -> str:
    """Return a required text; it may be empty."""
    value = text(raw, field, limit, at)
    return missing(at + field) if value is None else value


def code(raw: Raw, field: str, limit: int = MAX_ID, at: str = "") -> str | None:
    """Return an optional id or code: one line, not empty, printable."""
    value = raw.get(field)
    if value is None:
        return None
    if not isinstance(value, str):
        wrong_type(at + field, "文本", value)
    value = value.strip()
    if not value:
        raise Bad(at + field, "不能为空。")
    if len(value) > limit:
        raise Bad(at + field, f"过长：{len(value)} 个字符，最多 {limit} 个。")
    if not value.isprintable():
        raise Bad(at + field, f"含控制字符或不可见字符：“{shown(value)}”。")
    return value


def needed_code(raw: Raw, field: str, limit: int = MAX_ID, at: str = "") -> str:
    """Return a required id or code."""
    value = code(raw, field, limit, at)
    return missing(at + field) if value is None else value


def plain_id(raw: Raw, field: str) -> str:
    """Return a required id without a slash, as it becomes part of another."""
    value = needed_code(raw, field)
    if "/" in value:
        raise Bad(field, f"不能含斜杠“/”：“{shown(value)}”。")
    return value


def one_of(raw: Raw, field: str, codes: Collection[str], at: str = "") -> str:
    """Return a required code of a closed list."""
    value = needed_code(raw, field, MAX_CODE, at)
    if value not in codes:
        raise Bad(at + field, f"未知代码“{shown(value)}”，应为 {'、'.join(codes)} 之一。")
    return value


def listed(ctx: Context, raw: Raw, field: str, name: str) -> str | None:
    """Return an optional code that the store's list `name` must know, unless codes are learned."""
    value = code(raw, field)
    if value is not None:
        known = ctx.known(name)
        if known is not None and value not in known:
            raise Bad(field, f"未知代码“{shown(value)}”。")
    return value


def jurisdiction(ctx: Context, raw: Raw) -> str | None:
    """Return an optional jurisdiction's id, which is a part of paths and so has no slash."""
    value = listed(ctx, raw, "jurisdiction", "jurisdiction")
    if value is not None and "/" in value:
        raise Bad("jurisdiction", f"不能含斜杠“/”：“{shown(value)}”。")
    return value


def moment(ctx: Context, raw: Raw, field: str, at: str = "", *, ahead: bool = False) -> datetime:
    """Return a required time in UTC; `ahead` lets it lie in the city's future."""
    value = raw.get(field)
    if value is None:
        missing(at + field)
    return _moment(ctx, value, at + field, ahead=ahead)


def maybe_moment(
    ctx: Context, raw: Raw, field: str, at: str = "", *, ahead: bool = False
) -> datetime | None:
    """Return an optional time in UTC."""
    value = raw.get(field)
    return None if value is None else _moment(ctx, value, at + field, ahead=ahead)


def number(raw: Raw, field: str, low: float, high: float, at: str = "") -> float | None:
    """Return an optional finite number between two bounds, both belonging to it."""
    value = raw.get(field)
    return None if value is None else _number(value, at + field, low, high)


def needed_number(raw: Raw, field: str, low: float, high: float, at: str = "") -> float:
    """Return a required finite number between two bounds."""
    value = raw.get(field)
    if value is None:
        missing(at + field)
    return _number(value, at + field, low, high)


def small_int(raw: Raw, field: str, high: int = 99) -> int | None:
    """Return an optional whole number from 0, also where it came as digits in a text."""
    value = raw.get(field)
    if value is None:
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 9:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        wrong_type(field, "整数", value)
    if not 0 <= value <= high:
        raise Bad(field, f"超出范围 0–{high}：{shown(value)}。")
    return value


def position(ctx: Context, raw: Raw, *, required: bool) -> tuple[float, float] | tuple[None, None]:
    """Return (lon, lat) in WGS84, rounded to six decimals, from the record's own `crs`."""
    lon, lat = raw.get("lon"), raw.get("lat")
    crs = raw.get("crs")
    if crs is not None and crs != "wgs84" and (not isinstance(crs, str) or crs not in CRS):
        raise Bad("crs", f"未知坐标系“{shown(crs)}”，应为 {'、'.join(CRS)} 之一。")
    if lon is None and lat is None:
        if required:
            missing("lon")
        return None, None
    if lat is None:
        raise Bad("lat", "有经度而缺纬度，两者须同时给出。")
    if lon is None:
        raise Bad("lon", "有纬度而缺经度，两者须同时给出。")
    return point(lon, lat, crs or "wgs84", "lon", "lat", ctx)


def point(
    lon: object, lat: object, crs: str, lon_field: str, lat_field: str, ctx: Context | None = None
) -> tuple[float, float]:
    """Return one position in WGS84, rounded to six decimals (0.1 m)."""
    x = _number(lon, lon_field, -180.0, 180.0)
    y = _number(lat, lat_field, -90.0, 90.0)
    if x == 0.0 and y == 0.0:
        raise Bad(lon_field, "坐标为 0,0，不是真实位置。")
    if crs != "wgs84":
        x, y = to_wgs84(x, y, crs)
    x, y = round(x, 6), round(y, 6)
    if ctx is not None and ctx.bounds is not None and not ctx.bounds.holds(x, y):
        raise Bad(lon_field, f"位置 {x:g},{y:g} 在本市范围之外。")
    return x, y


def items(raw: Raw, field: str, limit: int = MAX_ITEMS) -> list[Any]:
    """Return an optional list, empty where absent."""
    value = raw.get(field)
    if value is None:
        return []
    if not isinstance(value, list | tuple):
        wrong_type(field, "数组", value)
    if len(value) > limit:
        raise Bad(field, f"条目过多：{len(value)} 条，最多 {limit} 条。")
    return list(value)


def address(value: object, field: str) -> str:
    """Return a web address: http or https without a password in it, or a path of our own."""
    if not isinstance(value, str):
        wrong_type(field, "网址文本", value)
    if len(value) > MAX_URL:
        raise Bad(field, f"网址过长：{len(value)} 个字符，最多 {MAX_URL} 个。")
    value = value.strip()
    if not value.isprintable() or " " in value or "\\" in value:
        raise Bad(field, f"网址含空白或不可见字符：“{shown(value)}”。")
    start = _ADDRESS.match(value)
    if start is None:
        raise Bad(field, f"网址须以 http、https 或“/”开头，收到“{shown(value)}”。")
    if "@" in start.group():
        raise Bad(field, "网址不得含账号口令。")
    return value


def streams(raw: Raw, kinds: Collection[str]) -> tuple[Stream, ...]:
    """Return the streams of a camera or responder."""
    made = []
    for n, item in enumerate(items(raw, "streams", 16)):
        at = f"streams[{n}]"
        if not isinstance(item, dict):
            wrong_type(at, "对象", item)
        kind = one_of(item, "kind", kinds, f"{at}.")
        if item.get("url") is None:
            missing(f"{at}.url")
        made.append(Stream(kind, address(item["url"], f"{at}.url")))
    return tuple(made)


def _moment(ctx: Context, value: object, field: str, *, ahead: bool) -> datetime:
    """Parse ISO 8601 with a zone; take an aware datetime as it is."""
    if isinstance(value, str):
        try:
            made = datetime.fromisoformat(value) if len(value) <= _MAX_TIME_TEXT else None
        except ValueError:
            made = None
        if made is None:
            raise Bad(field, f"不是 ISO 8601 时间：“{shown(value)}”。")
    elif isinstance(value, datetime):
        made = value
    else:
        wrong_type(field, "ISO 8601 时间文本", value)
    if made.tzinfo is not UTC or type(made) is not datetime:
        made = _to_utc(made, value, field)
    if made > ctx.latest and not ahead:
        raise Bad(field, f"时间在未来：{_stamp(made)}，城市时间为 {_stamp(ctx.now)}。")
    if not _EARLIEST <= made < _LATEST:
        raise Bad(field, f"时间超出范围：“{shown(str(value))}”。")
    return made


def _to_utc(made: datetime, value: object, field: str) -> datetime:
    """Return a plain datetime in UTC, also of a data frame's own kind of datetime."""
    try:
        if made.utcoffset() is None:
            raise Bad(field, f"时间没有时区：“{shown(str(value))}”。")
        return datetime.combine(made.date(), made.timetz()).astimezone(UTC)
    except (OverflowError, ValueError):
        raise Bad(field, f"时间超出范围或不是时间：“{shown(str(value))}”。") from None


def _number(value: object, field: str, low: float, high: float) -> float:
    """Take an int or float that is finite and within bounds."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        if isinstance(value, bool) or not isinstance(value, Real):
            wrong_type(field, "数字", value)
        value = float(value)
    if low <= value <= high:
        return float(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise Bad(field, "不是有限的数（NaN 或无穷大）。")
    raise Bad(field, f"超出范围 {low:g}–{high:g}：{shown(value)}。")


def _stamp(moment_: datetime) -> str:
    """Write a time for a sentence."""
    return moment_.strftime("%Y-%m-%dT%H:%M:%SZ")
