"""A wall's way in: a code, never a sign-in; slow for those who guess."""

import re

import pytest

from dashboard.accounts import enrol
from dashboard.http.wall import ADDRESSES_MOST, TRIES, Tries
from data_access.commands import screens as commands
from layouts.wall_geometry import Geometry
from tests.dashboard.http.town import CITY, City, csrf_of

HTML = {"Accept": "text/html"}


@pytest.fixture
def hall(town: City) -> City:
    with town.store.write() as writer:
        commands.put_screen(
            writer,
            screen_id="main",
            name="大厅",
            scope=CITY,
            scene_id="routine",
            geometry=Geometry().as_json(),
        )
    return town


def knock(browser, code: str, **more):
    form = {"code": code, "screen": "main", "_csrf_token": csrf_of(browser)}
    return browser.post("/enrol", data=form, **more)


def test_a_stranger_is_asked_for_a_code_and_not_to_sign_in(hall: City) -> None:
    answer = hall.client().get("/wall/main", headers=HTML)
    assert answer.status_code == 200
    assert 'action="/enrol"' in answer.text
    assert "/login" not in answer.text
    assert "password" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_code_becomes_a_cookie_that_scripts_cannot_read(hall: City) -> None:
    browser = hall.client()
    browser.get("/wall/main", headers=HTML)
    code = enrol.make_code(hall.store, hall.actor, "main").digits
    answer = knock(browser, f"{code[:4]} {code[4:]}")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/wall/main")
    cookie = browser.get_cookie("pingji_session")
    assert cookie is not None
    assert cookie.http_only
    assert code not in answer.headers["Location"]
    assert browser.get("/api/v1/me").json["role"] == "wall"
    assert browser.get("/").headers["Location"] == "/wall/main"


def test_the_cookie_lives_long_and_is_renewed_by_its_page(hall: City) -> None:
    browser = hall.client()
    browser.get("/wall/main", headers=HTML)
    knock(browser, enrol.make_code(hall.store, hall.actor, "main").digits)
    answer = browser.get("/wall/main", headers=HTML)
    told = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("pingji_session"))
    found = re.search(r"Max-Age=(\d+)", told)
    assert found is not None
    assert int(found[1]) >= 80 * 86400
    assert "HttpOnly" in told


def test_a_wrong_code_is_told_and_asked_for_again(hall: City) -> None:
    browser = hall.client()
    browser.get("/wall/main", headers=HTML)
    answer = knock(browser, "12345678")
    assert answer.status_code == 401
    assert "代码不对" in answer.text
    assert browser.get_cookie("pingji_session") is None


def test_those_who_guess_must_wait(hall: City) -> None:
    browser = hall.client()
    browser.get("/wall/main", headers=HTML)
    for _ in range(TRIES):
        assert knock(browser, "12345678").status_code == 401
    code = enrol.make_code(hall.store, hall.actor, "main").digits
    assert knock(browser, code).status_code == 429
    other = {"REMOTE_ADDR": "10.0.0.8"}
    assert knock(browser, code, environ_base=other).status_code == 303


def test_tries_are_forgotten_after_a_minute_and_bounded() -> None:
    tries = Tries()
    for _ in range(TRIES):
        assert tries.take("a", now=0.0)
    assert not tries.take("a", now=59.0)
    assert tries.take("a", now=60.5)
    for n in range(ADDRESSES_MOST + 50):
        tries.take(str(n), now=61.0)
    assert len(tries._when) == ADDRESSES_MOST


def test_a_forged_form_enrols_nothing(hall: City) -> None:
    code = enrol.make_code(hall.store, hall.actor, "main").digits
    answer = hall.client().post("/enrol", data={"code": code})
    assert answer.status_code == 403


def test_only_a_local_demonstration_enrols_without_a_code(hall: City, make_town) -> None:
    browser = hall.client()
    page = browser.get("/wall/main", headers=HTML)
    assert "/enrol/pick" not in page.text
    form = {"screen": "main", "_csrf_token": csrf_of(browser)}
    assert browser.post("/enrol/pick", data=form).status_code == 403
    demo = make_town(demonstration=True)
    browser = demo.client()
    assert "/enrol/pick" in browser.get("/wall/main", headers=HTML).text
    form = {"screen": "main", "_csrf_token": csrf_of(browser)}
    answer = browser.post("/enrol/pick", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/wall/main")
    abroad = {"REMOTE_ADDR": "10.0.0.8"}
    page = demo.client().get("/wall/main", headers=HTML, environ_base=abroad)
    assert "/enrol/pick" not in page.text


def test_a_program_without_a_token_is_told_so(hall: City) -> None:
    assert hall.client().get("/wall/main").status_code == 401
