"""What both Gunicorn configurations share: structured logs, the back's address, dying together."""

import hashlib
import logging
import os
import tempfile
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from dashboard import logs
from dashboard.settings import load

_LONGEST = 100  # a Unix socket's path may have 107 bytes


def back_address(path: Path) -> str:
    """Where the back listens: ``path``, or a short one that stands for it if it is too long."""
    if len(os.fsencode(path)) <= _LONGEST:
        return str(path)
    folder = Path(tempfile.gettempdir()) / f"pingji-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    name = hashlib.sha256(os.fsencode(path)).hexdigest()[:16]
    return str(folder / f"{name}.sock")


class JsonLogger(Logger):  # type: ignore[misc]
    """Gunicorn's messages, one JSON object a line like all others."""

    process = "web"

    def setup(self, cfg: Any) -> None:
        """Hand everything to the root logger."""
        super().setup(cfg)
        logs.configure(load().log_level, self.process)
        for logger in (self.error_log, self.access_log):
            logger.handlers = []
            logger.propagate = True
            logger.setLevel(logging.NOTSET if logger is self.error_log else logging.WARNING)


class FrontLogger(JsonLogger):
    """The front's."""

    process = "front"


class BackLogger(JsonLogger):
    """The back's."""

    process = "back"
