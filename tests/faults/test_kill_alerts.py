"""kill -9 amid 1,000 acknowledgements: each that was answered stands, in the row and the record."""

import json
import os
import random
import signal
import threading
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path

import pytest
from sqlalchemy import func, select

from dashboard.accounts.demo import demo_credentials
from dashboard.domain.records import Limits
from data_access.alerts.engine import Engine
from data_access.clock import StoreClock
from data_access.feeds.lists import write_city, write_jurisdictions
from data_access.ingest import Policy, ingest
from data_access.store import Store
from data_access.tables import alert, alert_record
from tests.faults.test_kill import _free_port, _start, _workers_of

ALERTS = 1_000
SENDERS = 6
VICTIMS = ("gunicorn_back", "ingest", "gunicorn_front")


def _overdue(store: Store) -> list[str]:
    """A thousand overdue cases, judged by an engine of this process."""
    now = datetime.now(UTC)
    with store.write() as writer:
        write_city(
            writer,
            path="330100",
            name="杭州市",
            name_en=None,
            time_zone="Asia/Shanghai",
            centre=(120.2, 30.25),
            settings={},
        )
        write_jurisdictions(
            writer, [{"id": "330100", "name": "杭州市", "level": "city"}], root="330100"
        )
    report = ingest(
        store,
        "cases",
        [
            {
                "id": f"K{n:04d}",
                "kind": "event",
                "source": "collector",
                "reported_at": now - timedelta(hours=9),
                "subcategory": "0102",
                "description": "暴露垃圾",
                "stage": "dispatched",
                "stage_at": now - timedelta(hours=8),
                "unit": f"U{n % 9}",
                "due_at": now - timedelta(hours=1, seconds=n),
            }
            for n in range(ALERTS)
        ],
        feed="push:test",
        now=now,
        policy=Policy(limits=Limits(unknown="learn")),
    )
    assert report.accepted == ALERTS
    engine = Engine(store, StoreClock(store))
    while engine.step():
        pass
    with store.read() as conn:
        return list(conn.execute(select(alert.c.id)).scalars())


def _acknowledge(port: int, token: str, name: str) -> dict:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/alerts/{name}/acknowledge",
        json.dumps({"note": f"说明 {name}"}).encode(),
        {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": name,
        },
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


@pytest.mark.slow
def test_no_acknowledgement_that_was_answered_is_lost(store: Store, tmp_path: Path) -> None:
    ids = _overdue(store)
    assert len(ids) == ALERTS
    path = demo_credentials(store, tmp_path, "330100", city_at=datetime.now(UTC))
    tokens = {entry["role"]: entry["token"] for entry in json.loads(path.read_text())["tokens"]}
    port = _free_port()
    web = _start(store, tmp_path, "web", PINGJI_PORT=str(port))
    engines = [_start(store, tmp_path, "ingest")]
    waiting, answered, lock = list(ids), [], threading.Lock()

    def send() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                name = waiting.pop()
            while True:
                try:
                    told = _acknowledge(port, tokens["supervisor"], name)
                except urllib.error.HTTPError as error:
                    assert error.code >= 500, error.read()  # only while nobody answers
                    time.sleep(0.1)
                    continue
                except (OSError, HTTPException):
                    time.sleep(0.1)
                    continue
                assert told["acknowledged"]
                answered.append(name)
                break

    senders = [threading.Thread(target=send) for _ in range(SENDERS)]
    for sender in senders:
        sender.start()
    try:
        dice = random.Random(5)
        for killed, victim in enumerate(VICTIMS, 1):
            target = killed * ALERTS // (len(VICTIMS) + 2) + dice.randint(0, 40)
            deadline = time.monotonic() + 120
            while len(answered) < target and time.monotonic() < deadline:
                time.sleep(0.002)
            if victim == "ingest":
                engines[-1].kill()
                engines.append(_start(store, tmp_path, "ingest"))
            else:
                os.kill(_workers_of(web.pid, victim)[-1], signal.SIGKILL)
        for sender in senders:
            sender.join(150)
    finally:
        for process in (web, *engines):
            process.terminate()
            process.wait(15)
    assert sorted(answered) == sorted(ids), (tmp_path / "out.log").read_text()[-3000:]
    with store.read() as conn:
        rows = conn.execute(
            select(func.count()).where(alert.c.acknowledged, alert.c.active)
        ).scalar()
        noted = conn.execute(
            select(alert_record.c.alert_id).where(alert_record.c.act == "acknowledged")
        ).scalars()
        assert rows == ALERTS
        assert set(noted) == set(ids)
