"""The warnings of a storm, as the weather office and the water office tell them."""

from datetime import datetime, timedelta
from typing import Any

from data_access.feeds.simulator.hangzhou.ground import CITY
from data_access.feeds.simulator.hangzhou.storm import SIGNALS, Signal, Storm

_SENDERS = {"rain": "杭州市气象台（模拟）", "flood": "杭州市水文水资源中心（模拟）"}
_EVENTS = {"rain": "暴雨", "flood": "洪水"}
_LASTS = timedelta(hours=12)


def records(
    storms: tuple[Storm, ...], after: datetime | None, until: datetime
) -> list[tuple[datetime, dict[str, Any]]]:
    """Every warning sent after ``after`` (None: ever) up to ``until``."""
    found = []
    for storm in storms:
        last: dict[str, str] = {}
        for number, signal in enumerate(SIGNALS, 1):
            name_id = f"SIM-{storm.begin:%Y%m%d%H%M%S}-{number:02}"
            sent = storm.begin + timedelta(minutes=signal.minutes)
            if (after is None or after < sent) and sent <= until:
                found.append((sent, _record(name_id, signal, sent, last.get(signal.key))))
            last[signal.key] = name_id
    return found


def _record(name_id: str, signal: Signal, sent: datetime, before: str | None) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": name_id,
        "event": _EVENTS[signal.key],
        "headline": f"{_SENDERS[signal.key].removesuffix('（模拟）')}{signal.headline}",
        "description": f"{signal.description}（模拟数据）",
        "sender": _SENDERS[signal.key],
        "sent": sent,
        "effective_at": sent,
        "status": "actual",
        "msg_type": signal.msg_type,
        "references": [before] if before else [],
        "areas": [{"desc": "杭州市", "jurisdiction": CITY}],
    }
    if signal.colour:
        record |= {"colour": signal.colour, "expires_at": sent + _LASTS}
    return record
