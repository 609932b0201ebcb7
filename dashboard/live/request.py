"""Reading what a reader asks of ``/live``: topics with what it has of each. Pure."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from dashboard.domain.topics import TOPICS
from dashboard.live.problem import Refused

_ORDER = tuple(topic.name for topic in TOPICS)
_SEQ_MAX_DIGITS = 18


class BadRequest(Refused):
    """The request cannot be answered; the detail says why."""

    def __init__(self, detail: str) -> None:
        """Keep what to tell."""
        super().__init__(400, "请求有误", detail)


def positions(query: str, last_event_id: str | None) -> Mapping[str, int | None]:
    """The topics asked for, in their one order, with the seq that the reader has of each.

    None: it has nothing and begins with a reset. A greater ``Last-Event-ID`` replaces every
    ``@N``. Raises BadRequest.
    """
    named = parse_qs(query, keep_blank_values=True, max_num_fields=20).get("topics", [])
    parts = [part for value in named for part in value.split(",") if part]
    if not parts:
        raise BadRequest("请用 topics 参数写明要订阅的主题，例如 topics=cases,readings")
    asked: dict[str, int | None] = {}
    for part in parts[: len(_ORDER) + 1]:
        name, mark, position = part.partition("@")
        if name not in _ORDER:
            raise BadRequest(f"没有名为“{name[:40]}”的主题；现有主题：{'、'.join(_ORDER)}")
        if name in asked:
            raise BadRequest(f"主题“{name}”重复")
        if mark and _seq(position) is None:
            raise BadRequest(f"主题“{name}”的位置应是非负整数")
        asked[name] = _seq(position) if mark else None
    last = _seq(last_event_id or "")
    if last is not None:
        asked = {
            name: None if position is None else max(position, last)
            for name, position in asked.items()
        }
    return {name: asked[name] for name in _ORDER if name in asked}


def _seq(text: str) -> int | None:
    if text.isascii() and text.isdigit() and len(text) <= _SEQ_MAX_DIGITS:
        return int(text)
    return None
