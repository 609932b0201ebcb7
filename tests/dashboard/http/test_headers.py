"""What every answer carries, whatever it is."""

import re

import pytest

from tests.dashboard.http.town import City

ANSWERS = [
    ("GET", "/login", 200),
    ("GET", "/console", 200),
    ("GET", "/nothing", 404),
    ("GET", "/api/v1/me", 200),
    ("GET", "/api/v1/accounts", 403),
    ("POST", "/login", 403),
    ("DELETE", "/api/v1/me", 405),
    ("GET", "/assets/tokens.css", 200),
    ("GET", "/_dash-dependencies", 200),
]


@pytest.mark.parametrize(("method", "path", "status"), ANSWERS)
def test_every_answer_carries_the_policy(town: City, method, path, status) -> None:
    answer = town.signed_in().open(path, method=method, buffered=True)
    assert answer.status_code == status
    headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'self'" in policy
    assert "frame-ancestors 'self'" in policy
    scripts = re.search(r"script-src ([^;]*)", policy)[1]
    assert "unsafe" not in scripts
    assert "http" not in policy.replace("'self'", "")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_every_inline_script_of_the_page_is_named_by_its_hash(town: City) -> None:
    import base64
    import hashlib

    answer = town.signed_in().get("/console")
    policy = answer.headers["Content-Security-Policy"]
    page = re.sub(r"<!--.*?-->", "", answer.text, flags=re.DOTALL)
    inline = [
        body
        for attributes, body in re.findall(r"<script([^>]*)>(.*?)</script>", page, re.DOTALL)
        if "src=" not in attributes and "application/json" not in attributes and body.strip()
    ]
    assert inline
    for body in inline:
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_hosts_named_in_the_settings_may_be_asked_for_pictures_alone(make_town) -> None:
    town = make_town(csp_hosts="https://tiles.example https://video.example")
    policy = town.client().get("/login").headers["Content-Security-Policy"]
    parts = dict(part.split(" ", 1) for part in policy.split("; "))
    for name in ("img-src", "media-src", "connect-src"):
        assert "https://tiles.example" in parts[name]
    assert "example" not in parts["script-src"] + parts["default-src"]


def test_what_is_private_is_not_kept(town: City) -> None:
    browser = town.signed_in()
    for path in ("/console", "/api/v1/me", "/api/v1/cases", "/_dash-layout"):
        assert browser.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api", 404),
        ("PUT", "/api/v1/cases", 405),
        ("DELETE", "/api/v1/ingest/cases", 405),
    ],
)
def test_errors_of_the_api_are_problems(town: City, method, path, status) -> None:
    answer = town.client().open(path, method=method, headers=town.bearer("administrator"))
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert answer.json.keys() == {"type", "title", "status", "detail"}
    if status == 405:
        assert answer.headers["Allow"]


def test_an_unforeseen_error_tells_nothing_of_itself(town: City, caplog) -> None:
    from dashboard.domain.roles import Right

    @town.guard.route("/api/v1/broken", right=Right.LOOK)
    def broken() -> None:
        raise RuntimeError("the secret")

    answer = town.client().get("/api/v1/broken", headers=town.bearer("leader"))
    assert answer.status_code == 500
    assert answer.mimetype == "application/problem+json"
    assert "secret" not in answer.text
    assert "the secret" in caplog.text
