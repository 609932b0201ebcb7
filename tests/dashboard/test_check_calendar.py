"""`pingji check` says where the holidays that deadlines ask for are not known."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import insert

from dashboard.check import findings
from dashboard.settings import Settings
from data_access.clock import set_clock
from data_access.deadlines import write_shipped
from data_access.feeds.lists import write_city
from data_access.store import Store
from data_access.tables import holiday


def lines(store: Store, tmp_path) -> list[str]:
    settings = replace(Settings(), data_dir=tmp_path, database_url=store.url, port=1)
    return [it.line() for it in findings(settings) if it.subject.startswith("holidays")]


def open_city(store: Store, zone: str, now: datetime) -> None:
    with store.write() as writer:
        set_clock(writer, anchor_city=now, speed=1)
        write_city(
            writer,
            path="town",
            name="某市",
            name_en="Town",
            time_zone=zone,
            centre=(120.2, 30.2),
            settings={},
        )


def test_a_store_without_rules_asks_for_no_holidays(store: Store, tmp_path) -> None:
    open_city(store, "Asia/Shanghai", datetime(2029, 1, 1, tzinfo=UTC))
    assert lines(store, tmp_path) == []


@pytest.mark.parametrize(
    ("zone", "now", "wanted"),
    [
        ("Asia/Shanghai", datetime(2026, 7, 1, tzinfo=UTC), "OK    holidays of 2026"),
        ("Asia/Shanghai", datetime(2098, 7, 1, tzinfo=UTC), "WARN  holidays of 2098"),
        ("Asia/Shanghai", datetime(2097, 12, 1, tzinfo=UTC), "WARN  holidays of 2097"),
        ("America/New_York", datetime(2026, 7, 1, tzinfo=UTC), "WARN  holidays of 2026"),
    ],
)
def test_past_the_last_official_year_it_says_so(store: Store, tmp_path, zone, now, wanted) -> None:
    open_city(store, zone, now)
    with store.write() as writer:
        write_shipped(writer)
    (line,) = lines(store, tmp_path)
    assert line.startswith(wanted)
    if "WARN" in wanted:
        assert "Monday to Friday" in line
        assert "pingji import holidays" in line
        row = {"day": f"{now.year}-07-06", "work": False, "real_at": now}
        with store.write() as writer:
            writer.conn.execute(insert(holiday).values(**row))
        if now.month < 11:
            assert lines(store, tmp_path) == [f"OK    holidays of {now.year}"]
        else:  # the next year's are still unknown
            assert lines(store, tmp_path)[0].startswith(f"WARN  holidays of {now.year + 1}")
