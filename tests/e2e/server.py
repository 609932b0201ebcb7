"""The server of a simulated city as a process, and how long it is waited for."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

PATIENCE_S = 40.0
"""How long a machine that does other things as well may take for what a person sees at once."""


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """`pingji demo` in a process group of its own."""

    def __init__(self, folder: Path, *, speed: float | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.speed = speed
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "dashboard", "demo", "--scale", "small"]
        command += ["--port", str(self.port), "--data", str(self.folder)]
        command += ["--speed", str(self.speed)] if self.speed else []
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PINGJI_")}
        with (self.folder / "out.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=2):
                    return
            except OSError:
                time.sleep(0.2)
        log_text = (self.folder / "out.log").read_text("utf-8")[-2000:]
        raise AssertionError(f"the server did not get ready:\n{log_text}")

    def opened(self) -> None:
        """Wait until the city holds what it opens with."""
        with closing(sqlite3.connect(self.folder / "pingji.sqlite")) as conn:
            states = "SELECT state FROM feed WHERE kind = 'simulator'"
            becomes(lambda: {row[0] for row in conn.execute(states)}, {"ok"})

    def copy_to(self, folder: Path) -> None:
        """Keep what the city holds now, for another server to go on from."""
        folder.mkdir(parents=True)
        shutil.copy2(self.folder / "credentials.json", folder)
        if (self.folder / "video").is_dir():
            shutil.copytree(self.folder / "video", folder / "video")
        with (
            closing(sqlite3.connect(self.folder / "pingji.sqlite")) as ours,
            closing(sqlite3.connect(folder / "pingji.sqlite")) as theirs,
        ):
            ours.backup(theirs)

    def kill(self) -> None:
        """Kill -9 all of it at once."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.kill()

    def told(self) -> dict[str, Any]:
        return json.loads((self.folder / "credentials.json").read_text("utf-8"))

    def password(self, name: str) -> str:
        return next(a["password"] for a in self.told()["accounts"] if a["name"] == name)

    def token(self, role: str) -> str:
        return next(t["token"] for t in self.told()["tokens"] if t["role"] == role)

    def ask(self, path: str, *, role: str, body: object = None) -> Any:
        """Call the API with the token of a role."""
        request = urllib.request.Request(
            self.url + path,
            data=None if body is None else json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token(role)}",
                "Content-Type": "application/json",
            },
        )
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return json.loads(answer.read())


def becomes(ask: Callable[[], Any], wanted: Any, *, within_s: float = PATIENCE_S) -> None:
    """Ask until the answer is what is wanted; what it is instead fails the test."""
    deadline = time.monotonic() + within_s
    while (told := ask()) != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    assert told == wanted
