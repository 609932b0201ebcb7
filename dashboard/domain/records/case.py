"""Owns what a case record must be (`POST /api/v1/ingest/cases`)."""

import re
from typing import Any

from dashboard.domain import cases
from dashboard.domain.records import checks
from dashboard.domain.records.checks import Bad, Context, Raw, shown
from dashboard.domain.records.model import CaseEvent, CaseRecord

_SUBCATEGORY = re.compile("[0-9]{4,8}")


def case(ctx: Context, raw: Raw) -> CaseRecord:
    """Make a case record, or raise `Bad`.

    A mark may come with the case (`marks`, the present ones) and as a line of its record
    (`events[].mark`). `updated_at` is, unless said, the latest time in the record but `due_at`.
    """
    id_ = checks.needed_code(raw, "id")
    kind = checks.one_of(raw, "kind", cases.KINDS)
    source = _source(ctx, raw)
    subcategory = _subcategory(ctx, raw, kind)
    stage = checks.one_of(raw, "stage", cases.STAGES)
    reported_at = checks.moment(ctx, raw, "reported_at")
    stage_at = checks.moment(ctx, raw, "stage_at")
    lon, lat = checks.position(ctx, raw, required=False)
    events = _events(ctx, raw)
    updated_at = checks.maybe_moment(ctx, raw, "updated_at")
    if updated_at is None:
        updated_at = max(reported_at, stage_at)
        for event in events:
            updated_at = max(updated_at, event.at)
    return CaseRecord(
        id=id_,
        kind=kind,
        source=source,
        reported_at=reported_at,
        updated_at=updated_at,
        subcategory=subcategory,
        description=checks.needed_text(raw, "description", checks.MAX_TEXT),
        address=checks.text(raw, "address", checks.MAX_LINE),
        lon=lon,
        lat=lat,
        jurisdiction=checks.jurisdiction(ctx, raw),
        unit=checks.listed(ctx, raw, "unit", "unit"),
        stage=stage,
        stage_at=stage_at,
        marks=_marks(raw),
        due_at=checks.maybe_moment(ctx, raw, "due_at", ahead=True),
        urgency=_urgency(raw),
        photos=_photos(raw),
        events=events,
        condition=checks.text(raw, "condition", checks.MAX_NAME) or None,
    )


def _source(ctx: Context, raw: Raw) -> str:
    """Return a built-in source or one of the city's own."""
    source = checks.needed_code(raw, "source", checks.MAX_CODE)
    if source not in cases.SOURCES and not ctx.learn:
        known = ctx.known("source")
        if known is None or source not in known:
            raise Bad("source", f"未知问题来源代码“{shown(source)}”。")
    return source


def _subcategory(ctx: Context, raw: Raw, kind: str) -> str:
    """Return a code of the store's list, where it is given; else 大类 + 小类 as digits.

    Any short code is taken where codes are learned.
    """
    known = ctx.known("subcategory")
    if ctx.learn or known is not None:
        subcategory = checks.needed_code(raw, "subcategory", checks.MAX_NAME)
        if known is not None and subcategory not in known and f"{kind}/{subcategory}" not in known:
            raise Bad("subcategory", f"未知小类代码“{shown(subcategory)}”。")
        return subcategory
    subcategory = checks.needed_code(raw, "subcategory", checks.MAX_CODE)
    if _SUBCATEGORY.fullmatch(subcategory) is None:
        raise Bad("subcategory", f"应为 4–8 位数字（大类+小类），收到“{shown(subcategory)}”。")
    return subcategory


def _marks(raw: Raw) -> tuple[str, ...]:
    """Return the present marks, each once, in the order sent."""
    sent = checks.items(raw, "marks", 32)
    if not sent:
        return ()
    for n, mark in enumerate(sent):
        _known_mark(mark, f"marks[{n}]")
    return tuple(dict.fromkeys(sent))


def _known_mark(mark: Any, field: str) -> None:
    """Raise unless the mark is one of the list."""
    if not isinstance(mark, str):
        checks.wrong_type(field, "文本", mark)
    if mark not in cases.MARKS:
        raise Bad(field, f"未知标记“{shown(mark)}”，应为 {'、'.join(cases.MARKS)} 之一。")


def _urgency(raw: Raw) -> int:
    """Return the urgency by number, 0 where absent; names of the list are taken as well."""
    value = raw.get("urgency")
    if isinstance(value, str) and value in cases.URGENCY_BY_NAME:
        return cases.URGENCY_BY_NAME[value]
    return checks.small_int(raw, "urgency", 9) or 0


def _photos(raw: Raw) -> tuple[str, ...]:
    """Return the photos' addresses; one may come as an object with a `url`."""
    made = []
    for n, photo in enumerate(checks.items(raw, "photos")):
        field = f"photos[{n}]"
        url = photo.get("url") if isinstance(photo, dict) else photo
        made.append(checks.address(url, field))
    return tuple(made)


def _events(ctx: Context, raw: Raw) -> tuple[CaseEvent, ...]:
    """Return the lines of the record as sent, each with exactly one of stage and mark."""
    made = []
    for n, event in enumerate(checks.items(raw, "events")):
        at = f"events[{n}]"
        if not isinstance(event, dict):
            checks.wrong_type(at, "对象", event)
        stage, mark = event.get("stage"), event.get("mark")
        if (stage is None) == (mark is None):
            raise Bad(at, "须恰好给出 stage 与 mark 之一。")
        if stage is None:
            _known_mark(mark, f"{at}.mark")
        else:
            stage = checks.one_of(event, "stage", cases.STAGES, f"{at}.")
        made.append(
            CaseEvent(
                stage=stage,
                mark=mark,
                at=checks.moment(ctx, event, "at", f"{at}."),
                by=checks.text(event, "by", checks.MAX_NAME, f"{at}."),
                note=checks.text(event, "note", checks.MAX_NOTE, f"{at}."),
                until=checks.maybe_moment(ctx, event, "until", f"{at}.", ahead=True),
            )
        )
    return tuple(made)
