"""kill -9 amid a switch, and a switch while the database is away: everywhere, or nowhere."""

import json
import os
import random
import signal
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select, text

from dashboard.accounts.demo import demo_credentials
from dashboard.domain.records import Limits
from data_access.clock import set_clock
from data_access.commands import operations as commands
from data_access.feeds.lists import write_city, write_jurisdictions
from data_access.ingest import Policy, ingest
from data_access.schema import migrate
from data_access.store import Store
from data_access.tables import (
    audit,
    case,
    case_event,
    case_treatment,
    change,
    mode,
    operation,
    operation_act,
    task,
)
from tests.faults.real_web import eventually
from tests.faults.test_kill import _free_port, _start, _workers_of

CITY = "330100"
DISTRICTS = ("330102", "330105", "330106")
CASES = 600
FLOOD = {
    "kind": "emergency",
    "level": 4,
    "scenario": "flood-typhoon",
    "area": CITY,
    "approved_by": "张主任",
    "basis": "市气象台发布暴雨红色预警",
    "reason": "市防指启动",
}


def _city(store: Store) -> None:
    with store.write() as writer:
        set_clock(writer, anchor_city=datetime.now(UTC), speed=1.0)
        write_city(
            writer,
            path=CITY,
            name="杭州市",
            name_en=None,
            time_zone="Asia/Shanghai",
            centre=(120.2, 30.25),
            settings={},
        )
        rows = [{"id": CITY, "name": "杭州市", "level": "city"}]
        rows += [{"id": it, "name": it, "parent": CITY, "level": "district"} for it in DISTRICTS]
        write_jurisdictions(writer, rows, root=CITY)


def _post(port: int, token: str, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """Ask; status 0 when nobody answers."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/operations{path}",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            told = error.read()
        try:
            return error.code, json.loads(told)
        except ValueError:
            return error.code, {}
    except (OSError, HTTPException):
        return 0, {}


def _whole(store: Store) -> set[str]:
    """Every operation that there is stands whole: act, audit, tasks, modes and their numbers."""
    with store.read() as conn:
        rows = {row.issuer: row for row in conn.execute(select(operation))}
        names = {row.id for row in rows.values()}
        acts = conn.execute(select(operation_act.c.operation_id, operation_act.c.act)).all()
        lines = conn.execute(select(audit.c.subject).where(audit.c.act == "operation-start"))
        begun = conn.execute(
            select(task.c.operation, func.count()).group_by(task.c.operation)
        ).all()
        bands = {row.id: row.bands for row in conn.execute(select(mode))}
        numbered = conn.execute(select(change.c.key).where(change.c.topic == "operations"))
        assert sorted(acts) == sorted((name, "start") for name in names)
        assert sorted(lines.scalars()) == sorted(names)
        assert {name for name, _ in begun} == names
        assert len({number for _, number in begun}) <= 1
        assert set(numbered.scalars()) == names
        for area in (CITY, *DISTRICTS) if names else ():
            assert {band[0] for band in bands[area]} == names
    return set(rows)


class _Web:
    """The web processes over a store, and a token to switch with."""

    def __init__(self, store: Store, folder: Path) -> None:
        path = demo_credentials(store, folder, CITY, city_at=datetime.now(UTC))
        self.tokens = {it["role"]: it["token"] for it in json.loads(path.read_text())["tokens"]}
        self.port = _free_port()
        self.process = _start(store, folder, "web", PINGJI_PORT=str(self.port))
        eventually(lambda: self.ready, 60)

    @property
    def ready(self) -> bool:
        try:
            url = f"http://127.0.0.1:{self.port}/readyz"
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, HTTPException):
            return False

    def start(self, issuer: str) -> tuple[int, dict[str, Any]]:
        return _post(self.port, self.tokens["commander"], "", {**FLOOD, "issuer": issuer})

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(20)


def _kill_amid(web: _Web, store: Store, rounds: int) -> None:
    dice = random.Random(11)
    answered: dict[str, int] = {}
    for n in range(rounds):
        issuer = f"issuer{n}"

        def switch(issuer: str = issuer) -> None:
            answered[issuer] = web.start(issuer)[0]

        victim = _workers_of(web.process.pid, "gunicorn_back")[-1]
        sender = threading.Thread(target=switch)
        sender.start()
        time.sleep(dice.random() * 0.08)
        os.kill(victim, signal.SIGKILL)
        sender.join(40)
        known = _whole(store)
        if answered[issuer] == 201:
            assert issuer in known
        eventually(
            lambda: web.start(issuer)[0] in (201, 409),  # noqa: B023 - asked within the round
            60,
        )
        assert issuer in _whole(store), "who tries again has it, once"
    assert len(_whole(store)) == rounds


def _away(web: _Web, store: Store) -> None:
    """The database refuses every connection: a clear answer, and nothing half done."""
    address = store.engine.url
    admin = create_engine(address.set(database="postgres"), isolation_level="AUTOCOMMIT")
    before = _whole(store)
    store.dispose()
    with admin.connect() as conn:
        conn.execute(text(f'ALTER DATABASE "{address.database}" ALLOW_CONNECTIONS false'))
        conn.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
            {"name": address.database},
        )
        status, told = web.start("away")
        assert (status, told["status"]) == (503, 503), told
        assert "数据库" in told["detail"]
        conn.execute(text(f'ALTER DATABASE "{address.database}" ALLOW_CONNECTIONS true'))
    admin.dispose()
    assert _whole(store) == before
    eventually(lambda: web.start("away")[0] in (201, 409), 60)
    assert _whole(store) == before | {"away"}


def _test_web(store: Store, tmp_path: Path, rounds: int) -> None:
    _city(store)
    web = _Web(store, tmp_path)
    try:
        _kill_amid(web, store, rounds)
        if store.dialect == "postgresql":
            _away(web, store)
    finally:
        web.stop()


def test_a_switch_has_happened_everywhere_or_nowhere(store: Store, tmp_path: Path) -> None:
    _test_web(store, tmp_path, 1)


@pytest.mark.slow
def test_it_has_for_every_moment_of_the_kill(store: Store, tmp_path: Path) -> None:
    _test_web(store, tmp_path, 30)


def _ponding(store: Store) -> None:
    now = datetime.now(UTC)
    records = [
        {
            "id": f"P{n:05d}",
            "kind": "event",
            "source": "collector",
            "subcategory": "0406",
            "description": "道路积水",
            "reported_at": now - timedelta(hours=1),
            "stage": "dispatched",
            "stage_at": now - timedelta(minutes=50),
            "due_at": now + timedelta(hours=5),
        }
        for n in range(CASES)
    ]
    report = ingest(
        store,
        "cases",
        records,
        feed="push:test",
        now=now,
        policy=Policy(limits=Limits(unknown="learn")),
    )
    assert report.accepted == CASES


def _follow_amid_kills(store: Store, folder: Path) -> None:
    """Two kills of ingest, one while cases follow a start, one while they follow an end."""
    _city(store)
    _ponding(store)
    now = datetime.now(UTC)
    draft = commands.Draft(
        kind="emergency",
        level=4,
        scenario="flood-typhoon",
        name="",
        area=CITY,
        issuer="市防指",
        basis="",
    )
    said = commands.Said(by="wang", role="commander", now=now, reason="暴雨")

    def held() -> int:
        with store.read() as conn:
            query = select(func.count()).where(case.c.emergency_by.is_not(None))
            return int(conn.execute(query).scalar_one())

    def killed(*steps: Callable[[], Any]) -> None:
        process = _start(store, folder, "ingest")
        try:
            for step in steps:
                step()
        finally:
            process.kill()  # in whatever it was doing
            process.wait()

    def begin() -> None:
        with store.write() as writer:
            commands.start(writer, draft, said, day="20260701")

    def finish() -> None:
        with store.write() as writer:
            commands.end(writer, "20260701-01", said, version=None)

    def settled() -> None:
        eventually(lambda: held() == CASES, 60)
        with store.read() as conn:
            dues = set(conn.execute(select(case.c.emergency_due_at)).scalars())
            kind = case_event.c.kind == "treatment"
            lines = conn.execute(select(case_event.c.code).where(kind)).scalars().all()
        assert dues == {now + timedelta(hours=2)}, "as of the act, whenever it was done"
        assert lines == ["expedite"] * CASES

    begin()
    killed(lambda: eventually(lambda: held() > 0, 60))
    killed(settled, finish, lambda: eventually(lambda: held() < CASES, 60))
    killed(lambda: eventually(lambda: held() == 0, 60))
    with store.read() as conn:
        untils = set(conn.execute(select(case_treatment.c.until)).scalars())
        versions = set(conn.execute(select(case.c.version)).scalars())
    assert (untils, versions) == ({now}, {3})


def test_cases_follow_a_switch_whole_though_ingest_is_killed(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'pingji.sqlite'}")
    migrate(store)
    _follow_amid_kills(store, tmp_path)
    store.dispose()


@pytest.mark.slow
def test_so_they_do_on_either_database(store: Store, tmp_path: Path) -> None:
    _follow_amid_kills(store, tmp_path)
