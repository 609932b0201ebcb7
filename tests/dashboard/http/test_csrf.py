"""Forged requests find no way in; our own pages and programs do."""

import pytest

from dashboard.http import csrf
from tests.dashboard.http.town import City, csrf_of, sign_in

CALLBACK = {
    "output": "b.children",
    "outputs": {"id": "b", "property": "children"},
    "inputs": [{"id": "a", "property": "n_clicks", "value": 1}],
    "changedPropIds": ["a.n_clicks"],
}


def press(browser, headers=None, **more):
    return browser.post("/_dash-update-component", json=CALLBACK, headers=headers or {}, **more)


def test_a_signed_in_page_sends_the_token_that_its_cookie_tells(town: City) -> None:
    browser = town.signed_in()
    assert press(browser, {"X-CSRFToken": csrf_of(browser)}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-CSRFToken": ""},
        {"X-CSRFToken": "0" * 64},
        {"X-CSRFToken": "é"},
    ],
    ids=["none", "empty", "wrong", "not-ascii"],
)
def test_without_the_token_nothing_is_done(town: City, headers) -> None:
    browser = town.signed_in()
    answer = press(browser, headers)
    assert answer.status_code == 403
    assert "CSRF" in answer.json["detail"]


def test_the_token_of_another_session_is_worthless(town: City) -> None:
    browser, other = town.signed_in("ann"), town.signed_in("bob")
    assert press(browser, {"X-CSRFToken": csrf_of(other)}).status_code == 403


def test_a_token_planted_in_the_cookie_is_worthless(town: City) -> None:
    browser = town.signed_in()
    browser.set_cookie("_csrf_token", "A" * 43)
    assert press(browser, {"X-CSRFToken": "A" * 43}).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Referer": "https://evil.example/x"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=str,
)
def test_a_page_of_another_site_is_refused_even_with_the_token(town: City, headers) -> None:
    browser = town.signed_in()
    headers["X-CSRFToken"] = csrf_of(browser)
    assert press(browser, headers).status_code == 403


def test_our_own_origin_is_welcome(town: City) -> None:
    browser = town.signed_in()
    headers = {"X-CSRFToken": csrf_of(browser), "Origin": "http://localhost"}
    assert press(browser, headers).status_code == 200


def test_a_bearer_call_needs_no_token(town: City) -> None:
    answer = press(town.client(), town.bearer("commander"))
    assert answer.status_code == 200
    assert "seen 1" in answer.text


def test_a_wrong_bearer_does_not_fall_back_to_the_cookie(town: City) -> None:
    browser = town.signed_in()
    assert browser.get("/api/v1/me").status_code == 200
    answer = browser.get("/api/v1/me", headers={"Authorization": "Bearer pj_wrong"})
    assert answer.status_code == 401


def test_signing_in_needs_the_token_of_the_form(town: City) -> None:
    browser = town.client()
    form = {"name": "ann", "password": "x"}
    assert browser.post("/login", data=form).status_code == 403
    browser.get("/login")
    assert browser.post("/login", data=form).status_code == 403
    assert browser.post("/login", data={**form, "_csrf_token": "B" * 43}).status_code == 403
    assert browser.post("/login", data={**form, "_csrf_token": csrf_of(browser)}).status_code == 401


def test_signing_out_needs_the_token(town: City) -> None:
    browser = town.signed_in()
    assert browser.post("/logout").status_code == 403
    assert browser.get("/api/v1/me").status_code == 200
    answer = browser.post("/logout", data={"_csrf_token": csrf_of(browser)})
    assert answer.status_code == 303
    assert browser.get("/api/v1/me").status_code == 401


def test_the_form_carries_the_token_and_no_session_secret(town: City) -> None:
    browser = town.client()
    page = browser.get("/login").text
    assert f'name="_csrf_token" value="{csrf_of(browser)}"' in page
    town.signed_in("ann")
    sign_in(browser, "ann", "correct horse battery")
    secret = browser.get_cookie("pingji_session").value
    assert csrf_of(browser) == csrf.of_session(secret)
    assert secret not in browser.get("/login").text


def test_cookies_are_kept_from_scripts_and_other_sites(town: City) -> None:
    town.signed_in("ann")
    browser = town.client()
    cookies = sign_in(browser, "ann", "correct horse battery").headers.getlist("Set-Cookie")
    session = next(c for c in cookies if c.startswith("pingji_session="))
    token = next(c for c in cookies if c.startswith("_csrf_token="))
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session
    assert "Path=/" in session
    assert "Secure" not in session
    assert "HttpOnly" not in token


@pytest.mark.parametrize(
    ("remote", "proto", "secure"),
    [
        ("", "https", True),
        ("", "http", False),
        ("10.0.0.9", "https", False),
    ],
    ids=["front-https", "front-http", "stranger-claims"],
)
def test_cookies_are_secure_over_https_alone(town: City, remote, proto, secure) -> None:
    town.signed_in("ann")
    browser = town.client()
    browser.get("/login")
    form = {
        "name": "ann",
        "password": "correct horse battery",
        "_csrf_token": csrf_of(browser),
    }
    answer = browser.post(
        "/login",
        data=form,
        headers={"X-Forwarded-Proto": proto},
        environ_base={"REMOTE_ADDR": remote},
    )
    assert answer.status_code == 303
    cookies = answer.headers.getlist("Set-Cookie")
    assert all(("Secure" in cookie) is secure for cookie in cookies)
