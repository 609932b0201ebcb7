"""Waiting for the store's next commit on the event loop.

Looking at SQLite every 10 ms from a greenlet that sleeps costs nearly twice what a timer of the
loop does, and with quiet streams it is most of what the process spends.
"""

from typing import Any

import gevent
from gevent.event import Event

from data_access.changes import Wake

POLL_S = 0.01


def wait(wake: Wake, timeout_s: float) -> None:
    """Return as soon as something may have changed, or after ``timeout_s`` of quiet."""
    if not wake.polls:
        wake.wait(timeout_s)
        return
    if wake.moved():
        return
    done = Event()
    failed: list[Exception] = []
    timer: Any = gevent.get_hub().loop.timer(POLL_S, POLL_S)

    def look() -> None:
        try:
            moved = wake.moved()
        except Exception as problem:  # noqa: BLE001 - raised below, where somebody listens
            failed.append(problem)
            moved = True
        if moved:
            timer.stop()
            done.set()

    timer.start(look)
    try:
        done.wait(timeout_s)
    finally:
        timer.stop()
        timer.close()
    if failed:
        raise failed[0]
