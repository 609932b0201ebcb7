"""Processes are started again when they die, and none outlives its parent."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
SLEEPER = "import os, sys, time; open(sys.argv[1], 'a').write(f'{os.getpid()}\\n'); time.sleep(60)"
SUPERVISOR = f"""
import sys
from dashboard.supervisor import Child, supervise
children = [Child(name, [sys.executable, "-c", {SLEEPER!r}, path]) for name, path in
            (part.split("=") for part in sys.argv[1:])]
sys.exit(supervise(children))
"""


def eventually(test: Callable[[], object], within_s: float = 10.0) -> None:
    deadline = time.monotonic() + within_s
    while not test():
        assert time.monotonic() < deadline, "did not come true in time"
        time.sleep(0.02)


def pids(path: Path) -> list[int]:
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def start(*paths: Path) -> subprocess.Popen[bytes]:
    parts = [f"child{n}={path}" for n, path in enumerate(paths)]
    process = subprocess.Popen([sys.executable, "-c", SUPERVISOR, *parts], cwd=ROOT)
    eventually(lambda: all(pids(path) for path in paths))
    return process


def test_a_child_that_dies_is_started_again(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    supervisor = start(one, two)
    os.kill(pids(one)[0], signal.SIGKILL)
    eventually(lambda: len(pids(one)) == 2)
    assert len(pids(two)) == 1
    supervisor.terminate()
    assert supervisor.wait(10) == 0
    assert not any(map(alive, pids(one) + pids(two)))


def test_children_die_with_their_parent(tmp_path: Path) -> None:
    one = tmp_path / "one"
    supervisor = start(one)
    supervisor.kill()
    supervisor.wait()
    eventually(lambda: not alive(pids(one)[0]), 1.0)


def test_interrupt_ends_all(tmp_path: Path) -> None:
    one = tmp_path / "one"
    supervisor = start(one)
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(10) == 0
    assert not alive(pids(one)[0])


def test_a_child_that_never_runs_ends_it_with_an_error(tmp_path: Path) -> None:
    script = "import sys; from dashboard import supervisor as s; s.BACKOFF_S = (0.05,); "
    script += "sys.exit(s.supervise([s.Child('hopeless', [sys.executable, '-c', 'raise SystemExit(3)'])]))"
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, timeout=30, check=False)
    assert ended.returncode == 1
