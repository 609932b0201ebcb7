"""Gunicorn's configuration of the back: threads that answer pages, callbacks and the API."""

from pathlib import Path
from typing import Any

from dashboard.gunicorn_shared import BackLogger, back_address
from dashboard.settings import load
from dashboard.supervisor import die_with_parent

_settings = load()
_shm = Path("/dev/shm")  # noqa: S108 - a heartbeat file should never wait for a disk

bind = f"unix:{back_address(_settings.socket_path)}"
umask = 0o077
workers = 1
worker_class = "gthread"
threads = _settings.back_threads
worker_tmp_dir = str(_shm) if _shm.is_dir() else None
timeout = 120
graceful_timeout = 5
# Nobody but the front can reach the socket, and it has judged these headers already.
forwarded_allow_ips = "*"
wsgi_app = "dashboard.wsgi:app"
logger_class = BackLogger
proc_name = "pingji-back"
control_socket_disable = True


def post_fork(_server: Any, _worker: Any) -> None:
    """Never outlive the process that started this one."""
    die_with_parent()
