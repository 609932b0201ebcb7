"""The lamp in the lists says what the domain says, and the drawer shows clocks and odd moves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from playwright.sync_api import Page

from dashboard.domain.cases import MARKS, STAGES
from dashboard.domain.lamp import lamp_of
from tests.e2e.conftest import painted
from tests.e2e.server import Server

pytestmark = pytest.mark.e2e

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
AT = {"stage": 0, "marks": 1, "due_at": 2, "near_s": 3}


@pytest.fixture
def console(glance: Callable[..., Page]) -> Page:
    """A console that stays open."""
    page = glance()
    painted(page)
    return page


def test_the_lists_lamp_is_the_domains(console: Page) -> None:
    rows, expected = [], []
    dues = [None, *(NOW + timedelta(hours=hours) for hours in (-5, 1, 5))]
    for stage, mark, due, near_s in product(STAGES, [None, *MARKS], dues, (None, 7200)):
        marks = [mark] if mark else []
        near = None if due is None or near_s is None else due - timedelta(seconds=near_s)
        rows.append([stage, marks, due and due.isoformat(), near_s])
        expected.append(lamp_of(stage, marks, due, near, NOW))
    shown = console.evaluate(
        "([rows, at, now]) => rows.map((row) => pingji.lamp.of(row, at, now))",
        [rows, AT, NOW.timestamp() * 1000],
    )
    assert shown == expected


def test_a_case_tells_its_clocks_and_what_was_no_possible_move(
    console: Page, server: Server
) -> None:
    city = datetime.fromisoformat(
        server.ask("/api/v1/cases?limit=1", role="leader")["items"][0]["known_at"]
    )
    begun = city - timedelta(days=2)

    def tell(stage: str, hours: float, **more) -> None:
        at = (begun + timedelta(hours=hours)).isoformat()
        record = {
            "id": "odd-1",
            "kind": "event",
            "source": "collector",
            "subcategory": "0102",
            "description": "暴露垃圾",
            "reported_at": begun.isoformat(),
            "stage": stage,
            "stage_at": at,
            "updated_at": at,
            **more,
        }
        answer = server.ask("/api/v1/ingest/cases", role="feed", body=[record])
        assert answer["accepted"] == 1, answer

    due = (begun + timedelta(hours=8)).isoformat()
    tell("dispatched", 1, due_at=due)
    tell("handled", 3)
    tell("accepted", 4)
    tell("handling", 5)
    console.wait_for_function("() => pingji.live.topic('cases').rows.has('odd-1')")
    console.evaluate("() => pingji.emit('select', {id: 'odd-1', from: 'list'})")
    console.wait_for_selector("#drawer-case-clocks .clocks__line")
    said = console.inner_text("#drawer-case-clocks")
    assert "来源给定" in said
    assert "超期" in said
    assert console.get_attribute("#drawer-case-clocks .lamp", "data-lamp") == "red"
    assert console.inner_text(".timeline__odd") == "不符流程"
    assert "处置反馈" in console.inner_text("#drawer-case-record")
    line = console.inner_text(".timeline__step:has(.timeline__odd)")
    assert "受理" in line
    assert "当时处于“处置反馈”" in line
    # The list wears the same lamp.
    console.click("[data-act=cases-view][data-view=overdue]")
    console.wait_for_selector("#cases-list .case--overdue .lamp[data-lamp=red]")
