"""The front's doors, snapshots, health, and the way to the back; a real front, a stub behind."""

import contextlib
import hashlib
import http.client
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import update

from dashboard.accounts.demo import demo_credentials
from dashboard.accounts.doors import TOPIC_RIGHTS
from dashboard.domain.roles import Role, may
from dashboard.domain.topics import TOPICS
from dashboard.gunicorn_shared import back_address
from dashboard.settings import Settings
from data_access.clock import set_clock
from data_access.feeds.lists import write_jurisdictions
from data_access.schema import migrate
from data_access.store import Store
from data_access.tables import token
from tests.dashboard.live.live_town import AT, Town
from tests.live_client import Cut, Stream

ROOT = Path(__file__).parents[3]
ALL = ",".join(topic.name for topic in TOPICS)


class Site:
    """A front with a stub behind it."""

    def __init__(self, folder: Path) -> None:
        with contextlib.closing(socket.socket()) as sock:
            sock.bind(("127.0.0.1", 0))
            port = sock.getsockname()[1]
        self.settings = Settings(data_dir=folder, port=port, log_level="warning")
        self.address = ("127.0.0.1", port)
        self.store: Store = self.settings.store()
        migrate(self.store)
        with self.store.write() as writer:
            city = [{"id": "330100", "name": "杭州市", "level": "city"}]
            write_jurisdictions(writer, city, root="330100")
        path = demo_credentials(self.store, folder, "330100", city_at=datetime.now(UTC))
        told = json.loads(path.read_text())
        self.tokens = {entry["role"]: entry["token"] for entry in told["tokens"]}
        self.back: subprocess.Popen[bytes] | None = None
        self.front = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:dashboard.gunicorn_front"],
            env=self.settings.environment(),
            cwd=ROOT,
        )
        self.start_back()
        self.wait("/healthz")

    def start_back(self) -> None:
        stub = Path(__file__).with_name("stub_back.py")
        self.back = subprocess.Popen(
            [sys.executable, str(stub), back_address(self.settings.socket_path)]
        )

    def stop_back(self) -> None:
        assert self.back is not None
        self.back.kill()
        self.back.wait()

    def wait(self, url: str) -> None:
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                if self.ask("GET", url).status == 200:
                    return
            time.sleep(0.05)
        raise AssertionError("the front does not answer")

    def ask(self, method: str, url: str, body: Any = None, role: str = "", **headers: str) -> Any:
        connection = http.client.HTTPConnection(*self.address, timeout=20)
        if role:
            headers["Authorization"] = f"Bearer {self.tokens[role]}"
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, url, body, sent)
            answer = connection.getresponse()
            data = answer.read()
            given = {name.lower(): value for name, value in answer.getheaders()}
            return SimpleNamespace(
                status=answer.status, headers=given, all=answer.getheaders(), data=data
            )
        finally:
            connection.close()

    def stub(self, **values: int) -> dict[str, int]:
        found: dict[str, int] = json.loads(self.ask("POST", "/stub", json.dumps(values)).data)
        return found

    def close(self) -> None:
        self.front.terminate()
        self.stop_back()
        self.front.wait(10)
        self.store.dispose()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    made = Site(tmp_path_factory.mktemp("site"))
    yield made
    made.close()


# ── doors ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("topic", [topic.name for topic in TOPICS])
def test_no_topic_is_open_to_a_stranger_or_a_feed(site: Site, topic: str) -> None:
    for url in (f"/live?topics={topic}", f"/api/v1/snapshot/{topic}"):
        stranger = site.ask("GET", url)
        assert stranger.status == 401
        assert stranger.headers["content-type"] == "application/problem+json"
        assert stranger.headers["www-authenticate"] == "Bearer"
        assert site.ask("GET", url, Authorization="Bearer pj_wrong").status == 401
        assert site.ask("GET", url, Cookie="pingji_session=wrong").status == 401
        assert site.ask("GET", url, role="feed").status == 403


@pytest.mark.parametrize(
    "role", ["leader", "supervisor", "commander", "administrator", "wall", "event-member"]
)
def test_who_may_look_gets_a_stream(site: Site, role: str) -> None:
    theirs = [
        topic
        for topic in TOPICS
        if may(Role(role), TOPIC_RIGHTS[topic.name])
        and not (role == "wall" and topic.members)  # a wall only as a member of an event
    ]
    names = ",".join(topic.name for topic in theirs)
    stream = Stream(site.address, site.tokens[role], names)
    assert stream.status == 200
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert stream.headers["cache-control"] == "no-store"
    assert stream.headers["x-accel-buffering"] == "no"
    assert stream.headers["x-content-type-options"] == "nosniff"
    hello = next(stream.events())
    assert {t: tuple(told["columns"]) for t, told in hello.data["topics"].items()} == {
        topic.name: topic.columns for topic in theirs
    }
    stream.close()


@pytest.mark.parametrize(
    "query",
    ["", "topics=", "topics=alarms", "topics=cases,cases", "topics=cases@x", "topics=cases@-1"],
)
def test_what_cannot_be_followed_is_said(site: Site, query: str) -> None:
    answer = site.ask("GET", f"/live?{query}", role="leader")
    assert answer.status == 400
    assert json.loads(answer.data)["detail"]


def test_only_get(site: Site) -> None:
    assert site.ask("POST", "/live?topics=cases", role="leader").status == 405
    assert site.ask("HEAD", "/live?topics=cases", role="leader").status == 405
    assert site.ask("DELETE", "/api/v1/snapshot/cases", role="leader").status == 405


def test_an_unknown_snapshot_is_not_found(site: Site) -> None:
    assert site.ask("GET", "/api/v1/snapshot/alarms", role="leader").status == 404


def test_a_stream_ends_within_seconds_of_its_token(site: Site) -> None:
    streams = [Stream(site.address, site.tokens[role], "cases") for role in ("leader", "commander")]
    with site.store.write() as writer:
        ended = update(token).where(token.c.role == "commander").values(real_revoked_at=AT)
        writer.conn.execute(ended)
    begun = time.monotonic()
    with pytest.raises(Cut, match="closed"):
        for _ in streams[1].events():
            pass
    assert time.monotonic() - begun < 6
    assert site.ask("GET", "/live?topics=cases", role="commander").status == 401
    seen = {next(streams[0].events()).name for _ in range(2)}
    assert seen == {"hello", "reset"}, "nobody else is turned out"
    for stream in streams:
        stream.close()


# ── snapshots ────────────────────────────────────────────────────────────────────────────────


def test_a_snapshot_is_built_once_for_all(site: Site) -> None:
    before = site.stub(seq=500)["count"]
    with ThreadPoolExecutor(30) as pool:
        url = "/api/v1/snapshot/cases?seq=7"
        answers = list(pool.map(lambda _: site.ask("GET", url, role="leader"), range(30)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.data for answer in answers}) == 1
    assert json.loads(answers[0].data)["seq"] == 500
    assert site.stub()["count"] == before + 1


def test_a_snapshot_is_at_least_as_new_as_asked(site: Site) -> None:
    site.stub(seq=600)
    url = "/api/v1/snapshot/places?seq="
    assert json.loads(site.ask("GET", url + "600", role="leader").data)["seq"] == 600
    before = site.stub(seq=601)["count"]
    assert json.loads(site.ask("GET", url + "600", role="leader").data)["seq"] == 600
    assert json.loads(site.ask("GET", url + "601", role="leader").data)["seq"] == 601
    assert json.loads(site.ask("GET", url + "600", role="leader").data)["seq"] == 601
    assert site.stub()["count"] == before + 1
    assert site.ask("GET", url + "x", role="leader").status == 400


def test_a_snapshot_is_packed_only_for_who_takes_it(site: Site) -> None:
    url = "/api/v1/snapshot/stations"
    plain = site.ask("GET", url, role="leader")
    packed = site.ask("GET", url, role="leader", Accept_Encoding="gzip, br")
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.data) < len(plain.data)
    assert "Accept-Encoding" in plain.headers["vary"]
    assert plain.headers["etag"] != packed.headers["etag"]
    assert (
        "content-encoding"
        not in site.ask("GET", url, role="leader", Accept_Encoding="gzip;q=0").headers
    )
    same = site.ask("GET", url, role="leader", If_None_Match=plain.headers["etag"])
    assert (same.status, same.data) == (304, b"")
    head = site.ask("HEAD", url, role="leader")
    assert (head.status, head.data) == (200, b"")
    assert head.headers["content-length"] == str(len(plain.data))


def test_another_sight_has_another_snapshot(site: Site) -> None:
    url = "/api/v1/snapshot/cameras"
    leader, wall = (site.ask("GET", url, role=role).data for role in ("leader", "wall"))
    assert leader != wall


def test_what_the_back_refuses_is_passed_on_and_not_kept(site: Site) -> None:
    site.stub(status=403)
    assert site.ask("GET", "/api/v1/snapshot/warnings", role="leader").status == 403
    site.stub(status=200)
    assert site.ask("GET", "/api/v1/snapshot/warnings", role="leader").status == 200


# ── the way to the back ──────────────────────────────────────────────────────────────────────


def test_a_request_reaches_the_back_as_it_was(site: Site) -> None:
    answer = site.ask(
        "PATCH",
        "/a%2Fb/%E6%A1%88?x=1&y=%20",
        b"hello",
        Content_Type="text/x",
        X_CSRFToken="t",
        Connection="close, X-Secret",
        X_Secret="s",
        X_Forwarded_For="6.6.6.6, 10.1.2.3",
        X_Forwarded_Host="hall.example",
        X_Real_IP="6.6.6.6",
    )
    told = json.loads(answer.data)
    assert told["method"] == "PATCH"
    assert told["query"] == "x=1&y=%20"
    assert told["type"] == "text/x"
    assert told["length"] == 5
    headers = told["headers"]
    assert headers["HTTP_X_CSRFTOKEN"] == "t"
    assert headers["HTTP_X_FORWARDED_FOR"] == "10.1.2.3"
    assert headers["HTTP_X_FORWARDED_PROTO"] == "http"
    assert headers["HTTP_X_FORWARDED_HOST"] == headers["HTTP_HOST"] == "hall.example"
    assert "HTTP_X_SECRET" not in headers
    assert "HTTP_X_REAL_IP" not in headers


def test_a_body_in_pieces_passes_through(site: Site) -> None:
    told = json.loads(site.ask("POST", "/pieces", iter([b"first", b"second"])).data)
    assert told["headers"]["HTTP_TRANSFER_ENCODING"] == "chunked"
    assert "CONTENT_LENGTH" not in told["headers"]


def test_a_big_body_passes_through(site: Site) -> None:
    body = bytes(range(256)) * 40_000
    told = json.loads(site.ask("POST", "/big", body).data)
    assert told["length"] == len(body)
    assert told["sha256"] == hashlib.sha256(body).hexdigest()


def test_a_refusal_before_the_end_of_the_body_is_told(site: Site) -> None:
    answer = site.ask("POST", "/refuse", bytes(3_000_000))
    assert (answer.status, answer.data) == (413, b"big")


def test_a_long_answer_arrives_as_it_comes(site: Site) -> None:
    connection = http.client.HTTPConnection(*site.address, timeout=10)
    connection.request("GET", "/slowly")
    answer = connection.getresponse()
    begun = time.monotonic()
    assert answer.read(5) == b"first"
    assert time.monotonic() - begun < 0.5
    assert answer.read() == b"last"
    connection.close()


def test_headers_come_back_as_they_were(site: Site) -> None:
    answer = site.ask("GET", "/cookies")
    assert answer.status == 302
    assert [v for k, v in answer.all if k.lower() == "set-cookie"] == ["a=1", "b=2"]
    assert answer.headers["location"] == "/here"
    assert answer.headers["x-own"] == "y"
    assert "keep-alive" not in answer.headers
    assert len([k for k, _ in answer.all if k.lower() in {"date", "server"}]) == 2
    head = site.ask("HEAD", "/anything")
    assert (head.status, head.data) == (200, b"")
    assert int(head.headers["content-length"]) > 0


def test_streams_go_on_while_the_back_is_away(site: Site) -> None:
    stream = Stream(site.address, site.tokens["leader"], "places@0")
    events = stream.events()
    assert next(events).name == "hello"
    site.stop_back()
    try:
        answer = site.ask("GET", "/console")
        assert answer.status == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert "启动" in json.loads(answer.data)["detail"]
        page = site.ask("GET", "/console", Accept="text/html,*/*")
        assert page.status == 503
        assert "text/html" in page.headers["content-type"]
        assert site.ask("GET", "/readyz").status == 503
        assert site.ask("GET", "/healthz").status == 200
        assert next(events).name == "heartbeat"
    finally:
        site.start_back()
        stream.close()
    site.wait("/somewhere")


def test_nothing_heavy_is_loaded_where_the_streams_are() -> None:
    script = "import dashboard.gunicorn_front, sys; "
    script += "print(sorted({'flask', 'dash', 'pandas', 'plotly', 'shapely'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True)
    assert told.stdout.strip() == b"[]"


# ── health ───────────────────────────────────────────────────────────────────────────────────


def test_ready_once_the_clock_is_set_and_no_feed_is_loading(site: Site) -> None:
    first = site.ask("GET", "/readyz")
    assert first.status == 503
    assert json.loads(first.data)["loaded"] is False
    with site.store.write() as writer:
        set_clock(writer, anchor_city=datetime.now(UTC), speed=1.0)
    assert site.ask("GET", "/readyz").status == 200
    town = Town.__new__(Town)
    town.store = site.store
    town.put_feed("loading", state="loading")
    assert site.ask("GET", "/readyz").status == 503
    with site.store.write() as writer:
        writer.conn.exec_driver_sql("UPDATE feed SET state = 'failed'")
    answer = site.ask("GET", "/readyz")
    assert answer.status == 200, "a feed that failed never makes it 503"
    assert json.loads(answer.data)["feeds"][0]["state"] == "failed"


def test_metrics_are_for_those_with_an_account(site: Site) -> None:
    assert site.ask("GET", "/metrics").status == 401
    assert site.ask("GET", "/metrics", role="feed").status == 403
    assert site.ask("GET", "/metrics", role="wall").status == 403
    stream = Stream(site.address, site.tokens["leader"], "cases")
    answer = site.ask("GET", "/metrics", role="leader")
    assert answer.status == 200
    text = answer.data.decode()
    assert "pingji_streams 1.0" in text
    for name in (
        "pingji_changes_total",
        "pingji_sent_bytes_total",
        "pingji_commit_to_send_seconds_bucket",
        "pingji_feed_age_seconds",
        "pingji_feed_records",
    ):
        assert f"# TYPE {name.removesuffix('_bucket').removesuffix('_total')}" in text
    stream.close()
