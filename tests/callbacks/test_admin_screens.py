"""The walls' tab: screens of one's scope, and a code that is told once."""

from datetime import timedelta
from typing import Any

import pytest

from callbacks import admin, admin_screens
from dashboard.accounts import enrol, manage
from data_access.commands import screens as commands
from data_access.queries import screens as queries
from data_access.store import Store
from layouts.wall_geometry import Geometry
from tests.callbacks.test_admin import CITY, NOW, Desk, Person, desk

__all__ = ["desk"]  # the fixture


@pytest.fixture
def hall(desk: Desk) -> Desk:
    with desk.store.write() as writer:
        for name, scope in (("main", CITY), ("west", f"{CITY}/330106")):
            commands.put_screen(
                writer,
                screen_id=name,
                name=f"屏 {name}",
                scope=scope,
                scene_id="routine",
                geometry=Geometry().as_json(),
            )
    return desk


def do(desk: Desk, act: str, key: str) -> str:
    asked: Any = admin.Asked(services=desk, accounts=manage, screens=enrol, key=key, fields={})
    return str(admin.do(act, asked))


def digits(store: Store, said: str) -> str:
    found = [text for text in said.split("'") if text.replace(" ", "").isdigit() and " " in text]
    assert len(found) == 1, said
    return found[0]


def test_screens_of_ones_scope_are_listed(hall: Desk) -> None:
    said = str(admin_screens.tab(hall))
    assert "/wall/main" in said
    assert "3840×2160" in said
    assert "未登记" in said
    hall.person = Person(scopes=(f"{CITY}/330106",))
    said = str(admin_screens.tab(hall))
    assert "/wall/west" in said
    assert "/wall/main" not in said


def test_a_code_is_shown_and_enrols(hall: Desk) -> None:
    said = do(hall, "screen-code", "main")
    assert "data:image/svg+xml" in said
    enrolled = enrol.enrol(hall.store, digits(hall.store, said), city_at=NOW)
    assert enrolled is not None
    with hall.store.read() as conn:
        assert queries.seen(conn).keys() == {"main"}
    assert "已登记" in str(admin_screens.tab(hall))
    do(hall, "screen-unenrol", "main")
    with hall.store.read() as conn:
        assert queries.seen(conn) == {}


def test_what_cannot_be_done_is_said(hall: Desk) -> None:
    assert "没有屏" in do(hall, "screen-code", "nowhere")
    assert "尚未登记" in do(hall, "screen-unenrol", "main")
    hall.person = Person(scopes=(f"{CITY}/330106",))
    assert "没有屏" in do(hall, "screen-code", "main")


def test_a_code_does_not_outlive_its_minutes(hall: Desk) -> None:
    actor = manage.Actor(name="x", role="administrator", city_at=NOW)
    code = enrol.make_code(hall.store, actor, "main")
    late = code.real_expires_at + timedelta(seconds=1)
    assert enrol.enrol(hall.store, code.digits, city_at=NOW, real_now=late) is None
