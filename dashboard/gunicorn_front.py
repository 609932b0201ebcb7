"""Gunicorn's configuration of the front: one gevent worker that holds the port and all streams."""

from gevent import monkey

# Before anything else is imported: psycopg chooses at import how it waits.
monkey.patch_all()

import resource
import signal
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import gevent
from sqlalchemy import event

from dashboard.accounts import sessions
from dashboard.build import build
from dashboard.gunicorn_shared import FrontLogger, back_address
from dashboard.live.front import Front
from dashboard.live.hub import Hub
from dashboard.live.proxy import Proxy
from dashboard.live.sight import who_of
from dashboard.live.snapshots import Snapshots
from dashboard.live.source import Source
from dashboard.metrics import Metrics
from dashboard.settings import load
from dashboard.supervisor import die_with_parent

_settings = load()
_host = f"[{_settings.host}]" if ":" in _settings.host else _settings.host
_shm = Path("/dev/shm")  # noqa: S108 - a heartbeat file should never wait for a disk
_FILES = 65_536

bind = f"{_host}:{_settings.port}"
backlog = 4_096
workers = 1
worker_class = "gevent"
worker_connections = 8_192
worker_tmp_dir = str(_shm) if _shm.is_dir() else None
keepalive = 30
timeout = 60
graceful_timeout = 3
forwarded_allow_ips = ",".join(_settings.trusted_proxies.split())
wsgi_app = "dashboard.gunicorn_front:application()"
logger_class = FrontLogger
proc_name = "pingji-front"
control_socket_disable = True


def application() -> Front:
    """Wire the front of the configured store; nothing runs before the worker is up."""
    metrics = Metrics()
    proxy = Proxy(back_address(_settings.socket_path), trusted=_settings.trusted_proxies.split())
    snapshots = Snapshots(proxy, metrics)
    store = _settings.store()
    who = who_of(store)
    lasting = _settings.store()
    if lasting.dialect == "sqlite":
        # A wait for SQLite's lock stops every stream: better to try again later.
        event.listen(lasting.engine, "connect", _wait_little)
    hub = Hub(
        Source(store),
        build=build(),
        snapshots=snapshots,
        resolve=who.resolve_all,
        metrics=metrics,
        touch=partial(sessions.touch, lasting, idle=timedelta(hours=_settings.session_hours)),
    )
    return Front(hub=hub, who=who, proxy=proxy, snapshots=snapshots, metrics=metrics)


def _wait_little(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA busy_timeout = 50")


def on_starting(_server: Any) -> None:
    """Let the process have as many files as the machine allows: each stream is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def post_fork(_server: Any, _worker: Any) -> None:
    """Never outlive the process that started this one."""
    die_with_parent()


def post_worker_init(worker: Any) -> None:
    """Begin to follow the store; on SIGTERM close the streams at once."""
    front: Front = worker.wsgi
    front.hub.start()

    def on_term() -> None:
        front.hub.stop()
        worker.alive = False

    gevent.signal_handler(signal.SIGTERM, on_term)
