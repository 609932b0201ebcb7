"""What a list is asked: limit, cursor, bbox, as_of; and how a page is given back."""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from math import isfinite
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request

from dashboard.accounts.principal import Principal
from dashboard.http.problems import Problem
from dashboard.http.site import answer, sight_of
from data_access.queries.drills import Drills
from data_access.queries.visible import MAX_ROWS, Ask, BBox

DEFAULT_LIMIT = 500
GEOJSON = "application/geo+json"

Key = tuple[str | int, ...]


def asked(who: Principal, key: Sequence[type]) -> Ask:
    """Read the page that the request asks for; ``key`` gives the types of the list's key."""
    sight = replace(sight_of(who), drills=drills())
    return Ask(sight=sight, limit=_limit(), after=_after(key), bbox=_bbox())


def drills() -> Drills:
    """Read ``drill``: true for things of drills alone, all for both; without it none of them."""
    found: Drills | None = choice("drill", {str(it): it for it in Drills})
    return found or Drills.NONE


def as_of() -> datetime | None:
    """Read ``as_of``, a moment with its offset."""
    told = request.args.get("as_of")
    if told is None:
        return None
    try:
        # An unescaped + in an address arrives as a space.
        moment = datetime.fromisoformat(told.strip().replace(" ", "+") if "T" in told else told)
    except ValueError as error:
        raise Problem(400, "as_of 不是 ISO 8601 时刻，例如 2026-07-01T08:00:00+08:00。") from error
    if moment.tzinfo is None:
        raise Problem(400, "as_of 须带时区，例如 2026-07-01T08:00:00+08:00 或以 Z 结尾。")
    try:
        return moment.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise Problem(400, "as_of 超出可表示的时间范围。") from error


def no_as_of() -> None:
    """Refuse ``as_of`` where no history is kept."""
    if "as_of" in request.args:
        raise Problem(400, "此列表不保存历史，不支持 as_of。")


def choice(name: str, allowed: Mapping[str, Any]) -> Any:
    """Read a parameter that is one of a few words; None where it is not given."""
    told = request.args.get(name)
    if told is None:
        return None
    if told not in allowed:
        raise Problem(400, f"{name} 只能是 {'、'.join(allowed)}。")
    return allowed[told]


def text(name: str, *, max_chars: int = 200) -> str | None:
    """Read a parameter that is a text; None where it is not given."""
    told = request.args.get(name)
    if told is not None and (len(told) > max_chars or "\x00" in told):
        raise Problem(400, f"{name} 过长或含有无效字符。")
    return told


def moment(name: str) -> datetime | None:
    """Read a parameter that is a moment with its offset; None where it is not given."""
    told = request.args.get(name)
    if told is None:
        return None
    try:
        found = datetime.fromisoformat(told.strip().replace(" ", "+"))
        if found.tzinfo is None:
            raise ValueError
        return found.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise Problem(400, f"{name} 须是带时区的 ISO 8601 时刻。") from error


def page(items: Sequence[Mapping[str, Any]], after: Key | None) -> Response:
    """Give ``{items, next}``, or a FeatureCollection where that is what was asked for."""
    following = None if after is None else address(after)
    best = request.accept_mimetypes.best_match(["application/json", GEOJSON])
    if best != GEOJSON:
        return answer({"items": items, "next": following})
    collection: dict[str, Any] = {
        "type": "FeatureCollection",
        "features": [_feature(item) for item in items],
        "next": following,
    }
    return answer(collection, mimetype=GEOJSON)


def after_last(items: Sequence[Mapping[str, Any]], limit: int, *key: str) -> Key | None:
    """Give the key after which the next page begins; None where this one was not full."""
    if len(items) < limit:
        return None
    return tuple(items[-1][name] for name in key)


def _feature(item: Mapping[str, Any]) -> dict[str, Any]:
    lon, lat = item.get("lon"), item.get("lat")
    point = None if lon is None or lat is None else {"type": "Point", "coordinates": [lon, lat]}
    geometry = item.get("geometry", point)
    properties = {name: value for name, value in item.items() if name != "geometry"}
    return {
        "type": "Feature",
        "id": item.get("id"),
        "geometry": geometry,
        "properties": properties,
    }


def address(after: Key) -> str:
    """Write the next page's address: this one's with another cursor."""
    cursor = base64.urlsafe_b64encode(orjson.dumps(after)).decode().rstrip("=")
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"


def _limit() -> int:
    told = request.args.get("limit")
    if told is None:
        return DEFAULT_LIMIT
    if not (told.isascii() and told.isdigit()) or len(told) > 18 or int(told) < 1:
        raise Problem(400, "limit 应为正整数。")
    return min(int(told), MAX_ROWS)


def _after(key: Sequence[type]) -> Key | None:
    told = request.args.get("cursor")
    if told is None:
        return None
    try:
        padded = told + "=" * (-len(told) % 4)
        parts = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise Problem(400, "cursor 无效：请使用上一页给出的 next。") from error
    good = (
        isinstance(parts, list)
        and len(parts) == len(key)
        and all(type(part) is kind for part, kind in zip(parts, key, strict=True))
        and not any(isinstance(part, str) and "\x00" in part for part in parts)
        and not any(isinstance(part, int) and abs(part) > 2**62 for part in parts)
    )
    if not good:
        raise Problem(400, "cursor 无效：请使用上一页给出的 next。")
    return tuple(parts)


def _bbox() -> BBox | None:
    told = request.args.get("bbox")
    if told is None:
        return None
    try:
        numbers = [float(part) for part in told.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) != 4 or not all(isfinite(number) for number in numbers):
        raise Problem(400, "bbox 应为四个数：西,南,东,北（WGS84 经纬度）。")
    box = BBox(*numbers)
    on_earth = -180 <= box.west <= box.east <= 180 and -90 <= box.south <= box.north <= 90
    if not on_earth:
        raise Problem(400, "bbox 应为 西,南,东,北，且西≤东、南≤北，在地球范围内。")
    return box
