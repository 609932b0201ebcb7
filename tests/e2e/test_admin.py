"""/admin in a real browser: accounts, tokens told once, rejects, audit; nobody else gets in."""

import re
import urllib.error
import urllib.request
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.e2e.server import Server, becomes

pytestmark = pytest.mark.e2e

TABS = ("accounts", "tokens", "feeds", "rejects", "audit")
WORDS = """() => {
  const cells = document.querySelectorAll('td, .header__name, [data-act=language]');
  cells.forEach((e) => { e.style.display = 'none'; });
  const text = document.body.innerText;
  cells.forEach((e) => { e.style.display = ''; });
  return text;
}"""
CJK = re.compile(r"[一-鿿]")


@pytest.fixture
def admin(server: Server, visit: Callable[..., Page]) -> Page:
    page = visit(server, "administrator")
    page.wait_for_selector(".table")
    return page


def _go(page: Page, tab: str) -> None:
    page.click(f"a[href='/admin?tab={tab}']")
    page.wait_for_selector(f"a.admin-tab--here[href='/admin?tab={tab}']")


def _field(name: str, key: str = "new") -> str:
    return f'[id=\'{{"field":"{name}","key":"{key}"}}\']'


def _button(act: str, key: str = "new") -> str:
    return f'[id=\'{{"act":"{act}","key":"{key}"}}\']'


def test_an_account_is_added_and_signs_in(
    admin: Page, server: Server, sign_in: Callable[..., BrowserContext]
) -> None:
    admin.fill(_field("name"), "e2e.newcomer")
    admin.click(".form label:has-text('监督员')")
    admin.click(_button("add-account"))
    secret = admin.inner_text(".notice__secret")
    assert len(secret) >= 12
    admin.wait_for_selector("td:has-text('e2e.newcomer')")
    server_password = server.password
    server.password = lambda _name: secret  # type: ignore[method-assign]
    try:
        page = sign_in(server, "e2e.newcomer").pages[0]
    finally:
        server.password = server_password  # type: ignore[method-assign]
    page.wait_for_selector("#console")
    admin.click(_button("disable", "e2e.newcomer"))  # arms it
    admin.click(_button("disable", "e2e.newcomer"))
    admin.wait_for_selector(_button("enable", "e2e.newcomer"))


def test_a_bad_name_is_refused_in_words(admin: Page) -> None:
    admin.fill(_field("name"), "a b")
    admin.click(_button("add-account"))
    admin.wait_for_selector(".notice__box--bad")


def test_a_token_is_told_once_and_revoked(admin: Page, server: Server) -> None:
    _go(admin, "tokens")
    admin.wait_for_selector(_button("add-token"))
    admin.fill(_field("name"), "e2e-feed")
    admin.click(_button("add-token"))
    secret = admin.inner_text(".notice__secret")
    assert secret.startswith("pj_")
    request = urllib.request.Request(
        f"{server.url}/api/v1/ingest/cases",
        data=b"[]",
        headers={"Authorization": f"Bearer {secret}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=40) as answer:
        assert answer.status == 200
    admin.reload()
    admin.wait_for_selector("tr:has-text('e2e-feed')")
    assert secret not in admin.content()
    admin.dblclick("tr:has-text('e2e-feed') button")
    admin.wait_for_selector("tr:has-text('e2e-feed'):has-text('已吊销')")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request, timeout=40)


def test_a_reject_is_seen_retried_and_dismissed(admin: Page, server: Server) -> None:
    bad = [{"id": "E2E-BAD-1", "kind": "event"}, {"id": "E2E-BAD-2", "kind": "event"}]
    told = server.ask("/api/v1/ingest/cases", role="feed", body=bad)
    assert len(told["rejected"]) == 2
    _go(admin, "rejects")
    first, second = (f"tr:has-text('E2E-BAD-{n}'):has(button)" for n in (1, 2))
    admin.click(f"{first} >> button >> nth=0")
    admin.wait_for_selector(".notice__box--bad")
    admin.wait_for_selector("tr:has-text('E2E-BAD-1'):has-text('已重试')")
    admin.dblclick(f"{second} >> button >> nth=1")
    admin.wait_for_selector("tr:has-text('E2E-BAD-2'):has-text('已忽略')")
    _go(admin, "audit")
    admin.wait_for_selector("td:has-text('忽略拒收记录')")


def test_both_languages_are_complete(admin: Page) -> None:
    admin.click("[data-act=language]")
    for tab in TABS:
        _go(admin, tab)
        admin.wait_for_selector("#admin-body > *")
        becomes(lambda: CJK.findall(admin.evaluate(WORDS)), [])


def test_nobody_else_gets_in(server: Server, visit: Callable[..., Page], watch) -> None:
    watch.expected.append("403")
    page = visit(server, "supervisor")
    page.wait_for_selector("#console")
    assert page.query_selector("a[href='/admin']") is None
    page.goto(f"{server.url}/admin")
    assert page.query_selector(".admin__body") is None
