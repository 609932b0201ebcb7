"""Answers are made once, however many ask, and again where making one failed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from flask import Flask

from dashboard.answers import Answers


def test_two_hundred_who_ask_at_once_are_answered_by_one() -> None:
    server = Flask(__name__)
    answers = Answers(server)
    made = []
    gate = Event()

    def make():
        made.append(1)
        gate.wait(5)
        return {"n": 42}

    def ask(_):
        with server.app_context():
            return answers.get(("question", 1), make)

    with ThreadPoolExecutor(40) as pool:
        asking = [pool.submit(ask, n) for n in range(200)]
        gate.set()
        assert all(it.result()["n"] == 42 for it in asking)
    assert len(made) == 1
    assert answers._flights == {}
    with server.app_context():
        assert answers.get(("question", 2), lambda: {"n": 43}) == {"n": 43}


def test_a_failure_is_not_kept() -> None:
    server = Flask(__name__)
    answers = Answers(server)
    with server.app_context():
        with pytest.raises(OSError):
            answers.get(("q",), lambda: (_ for _ in ()).throw(OSError("away")))
        assert answers.get(("q",), lambda: {"n": 1}) == {"n": 1}
