"""kill -9 in the middle of a batch: what was answered 200 is there, and once."""

import csv
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path

from sqlalchemy import func, insert, select

from dashboard.accounts.demo import demo_credentials
from data_access.feeds.lists import write_jurisdictions
from data_access.schema import migrate
from data_access.store import Store
from data_access.tables import case, case_event, case_version, category, change, feed
from tests.conftest import ROOT

BATCHES = 60
PER_BATCH = 40
KILLS = 4
CASES = 4_000


def _descendants(pid: int) -> list[int]:
    found = []
    for name in (entry.name for entry in Path("/proc").iterdir()):
        if name.isdigit():
            try:
                parent = int(Path(f"/proc/{name}/stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, ValueError):
                continue
            if parent == pid:
                found += [int(name), *_descendants(int(name))]
    return found


def _workers_of(pid: int, word: str) -> list[int]:
    """The processes below ``pid`` whose command names ``word``: master and worker."""
    found = []
    for child in _descendants(pid):
        try:
            if word in Path(f"/proc/{child}/cmdline").read_text():
                found.append(child)
        except OSError:
            continue
    return found


def _start(store: Store, folder: Path, *command: str, **extra: str) -> subprocess.Popen:
    environment = {
        **os.environ,
        "PINGJI_DATA_DIR": str(folder),
        "PINGJI_DATABASE_URL": store.url,
        "PINGJI_LOG_LEVEL": "warning",
        **extra,
    }
    with (folder / "out.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dashboard", *command],
            env=environment,
            cwd=ROOT,
            stdout=log,
            stderr=subprocess.STDOUT,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _batch(number: int) -> list[dict]:
    at = datetime.now(UTC) - timedelta(hours=1)
    return [
        {
            "id": f"K{number:03d}-{n:03d}",
            "kind": "event",
            "source": "collector",
            "reported_at": at.isoformat(),
            "subcategory": "0102",
            "description": "暴露垃圾",
            "stage": "filed",
            "stage_at": (at + timedelta(minutes=9)).isoformat(),
            "events": [
                {"stage": "reported", "at": at.isoformat()},
                {"stage": "accepted", "at": (at + timedelta(minutes=4)).isoformat()},
                {"stage": "filed", "at": (at + timedelta(minutes=9)).isoformat()},
            ],
        }
        for n in range(PER_BATCH)
    ]


def _post(port: int, token: str, records: list[dict]) -> dict:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/ingest/cases",
        json.dumps(records).encode(),
        {"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def test_the_web_killed_amid_batches_loses_and_doubles_nothing(
    store: Store, tmp_path: Path
) -> None:
    with store.write() as writer:
        write_jurisdictions(
            writer, [{"id": "330100", "name": "杭州市", "level": "city"}], root="330100"
        )
        writer.conn.execute(
            insert(category).values(
                list_version=1,
                kind="event",
                code="0102",
                class_code="01",
                class_name="市容环境",
                name="暴露垃圾",
            )
        )
    path = demo_credentials(store, tmp_path, "330100", city_at=datetime.now(UTC))
    tokens = {entry["role"]: entry["token"] for entry in json.loads(path.read_text())["tokens"]}
    port = _free_port()
    web = _start(store, tmp_path, "web", PINGJI_PORT=str(port))
    answered: list[int] = []
    failures = 0

    def send_all() -> None:
        nonlocal failures
        for number in range(BATCHES):
            records = _batch(number)
            while True:
                try:
                    answer = _post(port, tokens["feed"], records)
                except (OSError, HTTPException):
                    failures += 1
                    time.sleep(0.1)
                    continue
                assert answer["rejected"] == [], answer["rejected"][0]
                assert answer["accepted"] + answer["unchanged"] == PER_BATCH
                answered.append(number)
                break

    sender = threading.Thread(target=send_all)
    sender.start()
    try:
        dice = random.Random(4)
        killed = 0
        while sender.is_alive() and killed < KILLS:
            target = max(2, len(answered)) + dice.randint(1, 6)
            while sender.is_alive() and len(answered) < target:
                time.sleep(0.002)
            time.sleep(dice.random() * 0.03)
            victims = _workers_of(web.pid, "gunicorn_back")
            if victims:
                os.kill(victims[-1], signal.SIGKILL)  # the worker, in whatever it was doing
                killed += 1
        sender.join(120)
    finally:
        web.terminate()
        web.wait(15)
    assert sorted(answered) == list(range(BATCHES)), (tmp_path / "out.log").read_text()[-3000:]
    assert killed == KILLS
    with store.read() as conn:
        assert conn.execute(select(func.count()).select_from(case)).scalar() == BATCHES * PER_BATCH
        assert (
            conn.execute(select(func.count()).select_from(case_event)).scalar()
            == BATCHES * PER_BATCH * 3
        )
        assert (
            conn.execute(select(func.count()).select_from(case_version)).scalar()
            == BATCHES * PER_BATCH
        )
        numbered = conn.execute(select(change.c.key).where(change.c.topic == "cases")).scalars()
        assert len(list(numbered)) == BATCHES * PER_BATCH


CITY = """
id = "killed"
name = "测试市"
time_zone = "Asia/Shanghai"
centre = [120.2, 30.25]
unknown = "learn"
start = 2016-09-04T08:00:00

[cases]
kind = "final"
files = "cases.csv"
[cases.map]
id = "id"
kind = { const = "event" }
source = { const = "collector" }
subcategory = { const = "0102" }
description = { const = "暴露垃圾" }
lon = { column = "lon", type = "number" }
lat = { column = "lat", type = "number" }
[[cases.stages]]
stage = "reported"
at = "opened"
[[cases.stages]]
stage = "closed"
at = "closed"
"""


def _recording(folder: Path) -> Path:
    folder.mkdir()
    (folder / "city.toml").write_text(CITY.replace(', type = "number"', ""), "utf-8")
    start = datetime(2016, 9, 4, 8)
    with (folder / "cases.csv").open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "lon", "lat", "opened", "closed"])
        for n in range(CASES):
            opened = start + timedelta(seconds=7 * n)
            closed = opened + timedelta(minutes=30 + n % 60)
            rows.writerow([f"R{n:05d}", 120.1 + n % 100 / 1000, 30.2, opened, closed])
    return folder


def _play(store: Store, folder: Path, recording: Path, speed: float) -> subprocess.Popen:
    feeds = [{"kind": "recording", "paths": [str(recording)], "speed": speed}]
    return _start(store, folder, "ingest", PINGJI_FEEDS=json.dumps(feeds))


def _wait_for_end(store: Store, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None
        with store.read() as conn:
            if conn.execute(select(feed.c.state)).scalar() == "ended":
                break
        time.sleep(0.2)
    process.terminate()
    # what it plays may have ended before it was started anew: then it does not listen yet
    assert process.wait(40) in (0, -signal.SIGTERM)


def _contents(store: Store) -> dict[str, list[tuple]]:
    with store.read() as conn:
        return {
            "cases": [
                tuple(row)
                for row in conn.execute(
                    select(case.c.id, case.c.version, case.c.stage, case.c.stage_at).order_by(
                        case.c.id
                    )
                )
            ],
            "events": [
                tuple(row)
                for row in conn.execute(
                    select(case_event).order_by(case_event.c.case_id, case_event.c.n)
                )
            ],
            "versions": [
                tuple(row)
                for row in conn.execute(
                    select(
                        case_version.c.case_id, case_version.c.version, case_version.c.known_at
                    ).order_by(case_version.c.case_id, case_version.c.version)
                )
            ],
        }


def test_ingest_killed_while_it_plays_goes_on_where_it_stood(tmp_path: Path) -> None:
    recording = _recording(tmp_path / "city")
    stores = []
    for name in ("whole", "killed"):
        (tmp_path / name).mkdir()
        store = Store(f"sqlite:///{tmp_path / name / 'pingji.sqlite'}")
        migrate(store)
        stores.append(store)
    whole, killed = stores
    _wait_for_end(whole, _play(whole, tmp_path / "whole", recording, 20_000))
    dice = random.Random(7)
    for _ in range(KILLS):
        process = _play(killed, tmp_path / "killed", recording, 2_500)
        deadline = time.monotonic() + 30
        with killed.read() as conn:
            before = conn.execute(select(func.count()).select_from(case_event)).scalar()
        while time.monotonic() < deadline:
            with killed.read() as conn:
                if (
                    conn.execute(select(func.count()).select_from(case_event)).scalar()
                    > before + 200
                ):
                    break
            time.sleep(0.02)
        time.sleep(dice.random() * 0.3)
        process.kill()
        process.wait()
    _wait_for_end(killed, _play(killed, tmp_path / "killed", recording, 20_000))
    assert _contents(killed) == _contents(whole)
    with killed.read() as conn:
        counts = conn.execute(
            select(feed.c.read, feed.c.accepted, feed.c.unchanged, feed.c.rejected)
        ).one()
    assert counts[0] == sum(counts[1:])
    assert counts.accepted + counts.unchanged >= CASES
    for store in stores:
        store.dispose()
