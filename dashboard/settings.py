"""Every setting, with its default and what it is for; the only place that reads the environment.

A setting comes from the environment (``PINGJI_NAME``), else from ``pingji.toml`` (``name``), else
from its default. Processes that Pingji starts are told theirs through the environment.
"""

import json
import os
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, get_type_hints

from dashboard.domain import tiles, webhooks
from data_access.queries.spots import Repeat
from data_access.store import Store

SOUND_ON = frozenset({"tablet", "wall"})
CONFIG_FILE = "pingji.toml"
PREFIX = "PINGJI_"

HELP: Mapping[str, str] = {
    "data_dir": "folder of the embedded database, credentials and sockets",
    "database_url": "postgresql+psycopg://user:password@host/name; empty: SQLite in data_dir",
    "host": "address to listen on; 127.0.0.1 is this machine only",
    "port": "port to listen on",
    "feeds": "feeds to run besides pushes: [[feeds]] tables with kind and options; JSON in the "
    "environment",
    "demonstration": "true lets anyone at this machine pick whom to be; demo and play set it",
    "drill_recordings": "recordings offered as a drill's input besides those that play here: "
    "[[drill_recordings]] tables with path and data_root; JSON in the environment",
    "csp_hosts": "other hosts that pages may ask for pictures, video and tiles, by spaces",
    "tiles": "tile layers that the map offers over its own: [[tiles]] tables with name and url or "
    "folder; JSON in the environment",
    "webhooks": "receivers of what leaves: [[webhooks]] tables with name, url and secret; JSON in "
    "the environment",
    "map_approval_number": "审图号, printed in the map's corner",
    "map_source": "source of the base map, printed in the map's corner",
    "trusted_proxies": "addresses whose X-Forwarded-* headers are believed, by spaces",
    "session_hours": "hours after which an unused session ends",
    "shelve_hours": "hours for which an alert may be shelved at most",
    "suspect_days": "days for which a station may be marked suspect at most",
    "sound_on": "screens beside the console on which alerts sound: tablet, wall, by spaces; empty: "
    "none",
    "log_level": "debug, info, warning or error",
    "cache_url": "redis://… where several hosts share answers to analysis questions; empty: each "
    "keeps its own in memory",
    "repeat_m": "metres within which a case is the same place as an earlier one",
    "repeat_days": "days within which it counts as a repeat",
    "repeat_same": "what must be the same: subcategory or class",
    "back_threads": "threads of the process that answers pages, callbacks and the API",
}


class SettingError(Exception):
    """A setting that cannot be; the message names it and says what would do."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All settings of one process."""

    data_dir: Path = Path("data")
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8050
    feeds: tuple[Mapping[str, Any], ...] = ()
    demonstration: bool = False
    drill_recordings: tuple[Mapping[str, Any], ...] = ()
    csp_hosts: str = ""
    tiles: tuple[Mapping[str, Any], ...] = ()
    webhooks: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    map_approval_number: str = ""
    map_source: str = ""
    trusted_proxies: str = "127.0.0.1 ::1"
    session_hours: int = 12
    shelve_hours: int = 24
    suspect_days: int = 30
    sound_on: str = ""
    log_level: str = "info"
    cache_url: str = ""
    repeat_m: int = 50
    repeat_days: int = 30
    repeat_same: str = "subcategory"
    back_threads: int = 8

    @property
    def url(self) -> str:
        """The database's address; SQLite in the data folder unless another is named."""
        if self.database_url:
            return self.database_url
        return f"sqlite:///{self.data_dir.absolute() / 'pingji.sqlite'}"

    @property
    def demo(self) -> bool:
        """Say whether the first page may let anyone pick whom to be.

        Only where nobody else can reach the port.
        """
        return self.demonstration and self.host in ("127.0.0.1", "::1", "localhost")

    @property
    def socket_path(self) -> Path:
        """Where the front finds the back."""
        return self.data_dir.absolute() / f"back-{self.port}.sock"

    @property
    def repeat(self) -> Repeat:
        """What makes a case a repeat."""
        return Repeat(within_m=self.repeat_m, days=self.repeat_days, same=self.repeat_same)

    def store(self) -> Store:
        """Give a store of the configured database; the data folder is made where it is missing."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        return Store(self.url)

    def environment(self) -> dict[str, str]:
        """Give these settings as a child process reads them, on top of this environment."""
        mine = {
            PREFIX + field.name.upper(): str(getattr(self, field.name)) for field in fields(self)
        }
        for name in _TABLES:
            mine[PREFIX + name.upper()] = json.dumps([dict(table) for table in getattr(self, name)])
        return {**os.environ, **mine}


def load(environ: Mapping[str, str] | None = None, file: Path | None = None) -> Settings:
    """Read the settings; raises SettingError with the name of the one that is wrong."""
    environ = os.environ if environ is None else environ
    path = file or Path(environ.get(PREFIX + "CONFIG", CONFIG_FILE))
    table: dict[str, Any] = {}
    if path.is_file():
        try:
            table = tomllib.loads(path.read_text("utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingError(f"{path}: {error}") from error
    unknown = sorted(set(table) - set(HELP))
    if unknown:
        raise SettingError(f"{path}: unknown setting {unknown[0]!r}; known: {', '.join(HELP)}")
    values: dict[str, Any] = {}
    for name in HELP:
        raw = environ.get(PREFIX + name.upper(), table.get(name))
        if raw is None:
            continue
        try:
            values[name] = (_TABLES.get(name) or _READ[_TYPES[name]])(raw)
        except (TypeError, ValueError) as error:
            told = name if name in _SECRET else f"{name}: {raw!r}"
            raise SettingError(f"setting {told} cannot be: {error}") from None
    made = Settings(**values)
    if made.repeat_same not in ("subcategory", "class"):
        raise SettingError("setting repeat_same: say subcategory or class")
    if not set(made.sound_on.split()) <= SOUND_ON:
        raise SettingError("setting sound_on: say tablet, wall, both by spaces, or nothing")
    return made


def _tables(raw: Any, otherwise: str) -> tuple[dict[str, Any], ...]:
    """Read tables, from a variable as JSON; raises TypeError that says ``otherwise``."""
    tables = json.loads(raw) if isinstance(raw, str) else raw
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise TypeError(otherwise)
    return tuple(tables)


def _feeds(raw: Any) -> tuple[Mapping[str, Any], ...]:
    tables = _tables(raw, "feeds are tables: [[feeds]]")
    if not all(isinstance(table.get("kind"), str) for table in tables):
        raise TypeError('each feed names its kind, as kind = "recording"')
    return tables


def _recordings(raw: Any) -> tuple[Mapping[str, Any], ...]:
    tables = _tables(raw, "recordings of drills are tables: [[drill_recordings]]")
    for table in tables:
        if not isinstance(table.get("path"), str):
            raise TypeError("each recording says its path")
        if unknown := sorted(table.keys() - {"path", "data_root"}):
            raise TypeError(f"a recording has no {unknown[0]!r}: path and data_root")
    return tables


def _truth(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    text = str(raw).strip().lower()
    if text not in ("true", "false", "1", "0", ""):
        raise ValueError("say true or false")
    return text in ("true", "1")


_TYPES = get_type_hints(Settings)
_READ: Mapping[Any, Callable[[Any], Any]] = {
    str: str,
    int: int,
    Path: Path,
    bool: _truth,
}
_TABLES: Mapping[str, Callable[[Any], tuple[Mapping[str, Any], ...]]] = {
    "feeds": _feeds,
    "drill_recordings": _recordings,
    "tiles": tiles.read,
    "webhooks": webhooks.read,
}
_SECRET = frozenset({"webhooks"})
"""Settings whose value is repeated in no message."""
