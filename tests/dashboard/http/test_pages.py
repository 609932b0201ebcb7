"""The way in, the way out, and whom a demonstration lets one be."""

import re
from collections.abc import Callable

import pytest

from dashboard.accounts.demo import demo_credentials
from dashboard.http.pages import safe_target
from tests.dashboard.http.town import CITY, NOW, PASSWORD, City, csrf_of, sign_in


@pytest.mark.parametrize(
    ("role", "home"),
    [
        ("leader", "/console"),
        ("supervisor", "/console"),
        ("commander", "/console"),
        ("event-member", "/console"),
        ("administrator", "/admin"),
    ],
)
def test_each_role_is_led_to_its_own_page(town: City, role, home) -> None:
    assert town.signed_in("ann", role).get("/").headers["Location"] == home


def test_nobody_is_led_to_the_way_in_and_back(town: City) -> None:
    browser = town.client()
    answer = browser.get("/console?x=1", headers={"Accept": "text/html"})
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/login?next=/console%3Fx%3D1"
    town.signed_in("ann")
    answer = sign_in(browser, "ann", PASSWORD, next="/console?x=1")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/console?x=1")


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/x\n",
        "",
        "/" + "a" * 600,
        "http:///x",
    ],
)
def test_it_never_leads_elsewhere(target) -> None:
    assert safe_target(target) == "/"


def test_a_wrong_password_is_told_without_saying_what_was_wrong(town: City) -> None:
    town.signed_in("ann")
    told = []
    for name in ("ann", "nobody"):
        browser = town.client()
        answer = sign_in(browser, name, "wrong")
        assert answer.status_code == 401
        told.append(re.search(r'role="alert">(.*?)<', answer.text)[1])
    assert told[0] == told[1]


def test_a_name_is_shown_again_as_text(town: City) -> None:
    answer = sign_in(town.client(), '"><script>alert(1)</script>', "x")
    assert "<script>" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_chinese_first_and_english_when_chosen(town: City) -> None:
    browser = town.client()
    assert "登录" in browser.get("/login").text
    assert "Sign in" in browser.get("/login?lang=en").text
    assert "Sign in" in browser.get("/login").text
    assert "登录" in browser.get("/login?lang=zh").text


def test_plain_pages_have_no_inline_style_or_script(town: City) -> None:
    for page in (
        town.client().get("/login").text,
        town.client().get("/x", headers={"Accept": "text/html"}).text,
    ):
        assert "<script" not in page
        assert "style=" not in page
        assert " on" not in re.sub(r">[^<]*<", "><", page)
        assert '<link rel="stylesheet" href="/assets/pingji.css?m=' in page


def demo(make_town: Callable[..., City], **more: str) -> City:
    town = make_town(demonstration=True, **more)
    demo_credentials(town.store, town.services.settings.data_dir, CITY, city_at=NOW)
    return town


def pick(browser, name: str, **more):
    browser.get("/login", **more)
    form = {"name": name, "_csrf_token": csrf_of(browser)}
    return browser.post("/login/pick", data=form, **more)


def test_a_demonstration_lets_one_pick_whom_to_be(make_town) -> None:
    town = demo(make_town)
    browser = town.client()
    page = browser.get("/login").text
    for role in ("leader", "supervisor", "commander", "administrator", "event-member"):
        assert f'name="name" value="{role}"' in page
    assert pick(browser, "administrator").headers["Location"] == "/"
    assert browser.get("/api/v1/me").json["role"] == "administrator"
    assert pick(browser, "leader").status_code == 303
    assert browser.get("/api/v1/me").json["role"] == "leader"


def test_only_demonstration_accounts_may_be_picked(make_town) -> None:
    town = demo(make_town)
    town.signed_in("ann")
    browser = town.client()
    assert "ann" not in browser.get("/login").text
    assert pick(browser, "ann").status_code == 403


@pytest.mark.parametrize(
    "more",
    [
        {"headers": {"Host": "evil.example"}},
        {"environ_base": {"REMOTE_ADDR": "10.0.0.9"}},
        {"environ_base": {"REMOTE_ADDR": ""}, "headers": {"X-Forwarded-For": "10.0.0.9"}},
    ],
    ids=["name-resolved-here", "other-machine", "through-a-proxy"],
)
def test_nobody_from_elsewhere_may_pick(make_town, more) -> None:
    town = demo(make_town)
    browser = town.client()
    assert "/login/pick" not in browser.get("/login", **more).text
    browser.get("/login")
    answer = browser.post(
        "/login/pick", data={"name": "leader", "_csrf_token": csrf_of(browser)}, **more
    )
    assert answer.status_code == 403


def test_outside_a_demonstration_nobody_may_pick(make_town) -> None:
    for more in ({"demonstration": False}, {"demonstration": True, "host": "0.0.0.0"}):
        town = make_town(**more)
        demo_credentials(town.store, town.services.settings.data_dir, CITY, city_at=NOW)
        browser = town.client()
        assert "/login/pick" not in browser.get("/login").text
        assert pick(browser, "leader").status_code == 403


def test_signing_in_again_ends_the_session_before(town: City) -> None:
    browser = town.signed_in("ann")
    before = browser.get_cookie("pingji_session").value
    sign_in(browser, "ann", PASSWORD)
    other = town.client()
    other.set_cookie("pingji_session", before)
    assert other.get("/api/v1/me").status_code == 401
    assert browser.get("/api/v1/me").status_code == 200


def test_who_may_not_is_told_so_on_a_page(town: City) -> None:
    answer = town.signed_in("ann", "leader").get("/admin", headers={"Accept": "text/html"})
    assert answer.status_code == 403
    assert "没有权限" in answer.text
    assert answer.mimetype == "text/html"


def test_a_store_without_accounts_says_how_to_make_one(town: City) -> None:
    assert "pingji user add" in town.client().get("/login").text
    town.signed_in("ann")
    assert "pingji user add" not in town.client().get("/login").text
