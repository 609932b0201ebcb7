"""Starts Pingji's processes, watches them, and ends them together.

A child that dies is started again, ever more slowly; all children end within a second of this
process's death, also by ``kill -9``: the kernel sees to it.
"""

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType

from dashboard.settings import Settings

LIVED_S = 10.0
BACKOFF_S = (0.2, 0.5, 1.0, 2.0, 5.0)
HOPELESS = 6
END_S = 8.0
POLL_S = 0.1
_PR_SET_PDEATHSIG = 1

_log = logging.getLogger(__name__)


@dataclass(kw_only=False)
class Child:
    """One process: its name in the logs, its command, and its whole environment."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] | None = None
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    failures: int = field(default=0, init=False)
    proven: bool = field(default=False, init=False)
    started_at: float = field(default=0.0, init=False)
    start_at: float = field(default=0.0, init=False)


def web_children(settings: Settings) -> list[Child]:
    """Describe the processes that answer browsers: the back, and the front that holds the port."""
    environment = settings.environment()
    command = [sys.executable, "-m", "gunicorn", "-c"]
    return [
        Child("back", [*command, "python:dashboard.gunicorn_back"], environment),
        Child("front", [*command, "python:dashboard.gunicorn_front"], environment),
    ]


def supervise(children: Sequence[Child]) -> int:
    """Run the children until SIGTERM or SIGINT; returns the exit status.

    1 when a child ends again and again without ever having run for a while: its log says why.
    """
    stopping = False

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    kept = {number: signal.signal(number, on_signal) for number in (signal.SIGTERM, signal.SIGINT)}
    status = 0
    try:
        while not stopping:
            for child in children:
                if not _keep(child):
                    _log.error("%s never ran for long; its log says why", child.name)
                    stopping, status = True, 1
            time.sleep(POLL_S)
    finally:
        _end(children)
        for number, handler in kept.items():
            signal.signal(number, handler)
    return status


def die_with_parent() -> None:
    """Let the kernel kill this process when its parent dies."""
    parent = os.getppid()
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it died meanwhile
        os.kill(os.getpid(), signal.SIGKILL)


def _keep(child: Child) -> bool:
    """Start the child if it does not run and may; False when there is no hope."""
    now = time.monotonic()
    if child.process is not None:
        code = child.process.poll()
        if code is None:
            if now - child.started_at > LIVED_S:
                child.failures, child.proven = 0, True
            return True
        child.process = None
        child.failures += 1
        delay = BACKOFF_S[min(child.failures, len(BACKOFF_S)) - 1]
        child.start_at = now + delay
        _log.warning("%s ended with status %s; again in %s s", child.name, code, delay)
        if child.failures >= HOPELESS and not child.proven:
            return False
    if now >= child.start_at:
        _start(child)
    return True


def _start(child: Child) -> None:
    child.started_at = time.monotonic()
    child.process = subprocess.Popen(  # noqa: S603 - our own commands
        list(child.command),
        env=None if child.environment is None else dict(child.environment),
        stdin=subprocess.DEVNULL,
        start_new_session=True,  # Ctrl-C comes here alone; here it is decided what ends when
        preexec_fn=die_with_parent,  # noqa: PLW1509 - no thread runs beside
    )


def _end(children: Sequence[Child]) -> None:
    """Ask all to end, wait a little, then make sure."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    deadline = time.monotonic() + END_S
    for process in running:
        try:
            process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
