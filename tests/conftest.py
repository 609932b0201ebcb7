"""What every test may ask for: real stores, the recordings' folder, a city moment."""

import os
import secrets
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from werkzeug.routing import Rule

import data_access.store
from data_access.schema import migrate
from data_access.store import Store
from tests.databases import emptied

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2016, 9, 4, 2, 0, tzinfo=UTC)
_missed: list[str] = []


def pytest_configure() -> None:
    """Whoever ends a run early lets it stop its servers first."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Slow tests run only when asked for by ``-m``."""
    if "slow or" in (config.option.markexpr or ""):
        return
    skip = pytest.mark.skip(reason="slow: run by make test-all")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """With PINGJI_NO_SKIP a skipped test of PostgreSQL or of the browser is a failure."""
    if not os.environ.get("PINGJI_NO_SKIP") or not _missed:
        return
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line(f"skipped, though none of these may be: {', '.join(_missed)}", red=True)
    session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Remember what was skipped and may not be."""
    wanted = "postgres" in report.keywords or "e2e" in report.keywords
    if report.skipped and wanted and "slow" not in report.keywords:
        _missed.append(report.nodeid)


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder of recordings beside the project."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the recordings (../shared/data) are not on this machine")
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a real PostgreSQL: PINGJI_TEST_PG, else one that pgserver starts."""
    named = os.environ.get("PINGJI_TEST_PG")
    if named:
        yield named
        return
    pgserver = pytest.importorskip("pgserver", reason="pgserver is for Python up to 3.12")
    # Not below pytest's own folder, which another run of pytest may prune while this one runs.
    with tempfile.TemporaryDirectory(prefix="pingji-test-") as folder:
        runtime = Path(folder) / "run"
        runtime.mkdir(mode=0o700)
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            _command(address, f"ALTER SYSTEM SET {name} = off")  # no test cuts the power
        _command(address, "SELECT pg_reload_conf()")
        try:
            yield address
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a migrated, empty database, from which each test's own is copied."""
    name = "pingji_template"
    _command(postgres_server, f"CREATE DATABASE {name}")
    _migrate(_database(postgres_server, name))
    return name


@pytest.fixture(scope="session", autouse=True)
def quick_commits() -> Iterator[None]:
    """Stores of the tests' own process do not wait for the disk: no test cuts the power."""

    def prepare(connection: Any, record: Any) -> None:
        prepare_sqlite(connection, record)
        if isinstance(connection, sqlite3.Connection):
            connection.execute("PRAGMA synchronous = OFF")

    prepare_sqlite = data_access.store._prepare_sqlite
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data_access.store, "_prepare_sqlite", prepare)
        yield


@pytest.fixture(scope="session", autouse=True)
def quick_routes() -> Iterator[None]:
    """An application's routes are compiled once for all the applications that tests make."""
    compiled: dict[tuple[Any, ...], Any] = {}

    def compile_once(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, rule.subdomain, rule.host, repr(rule.defaults), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    compile_builder = Rule._compile_builder
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", compile_once)
        yield


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, likewise."""
    path = tmp_path_factory.mktemp("template") / "pingji.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_spare() -> list[str]:
    """Names of databases that are as empty again as when they were made."""
    return []


@pytest.fixture
def postgres_url(
    postgres_server: str, postgres_template: str, postgres_spare: list[str]
) -> Iterator[str]:
    """The address of a migrated, empty PostgreSQL database of its own.

    Emptying one takes a tenth of what copying the template takes. It never has the name of another
    test's: what a process knows of a store, it knows by its address.
    """
    name = f"pingji_{secrets.token_hex(6)}"
    if postgres_spare:
        _command(postgres_server, f"ALTER DATABASE {postgres_spare.pop()} RENAME TO {name}")
    else:
        _command(postgres_server, f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    address = _database(postgres_server, name)
    yield address
    if emptied(address, like=_database(postgres_server, postgres_template)):
        postgres_spare.append(name)
    else:
        _command(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(
    params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)],
)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a migrated, empty database: first SQLite, then PostgreSQL."""
    if request.param == "sqlite":
        return empty_sqlite(request.getfixturevalue("sqlite_template"), tmp_path)
    address: str = request.getfixturevalue("postgres_url")
    return address


@pytest.fixture
def new_store(sqlite_template: Path, tmp_path: Path) -> Callable[[str], Store]:
    """Make migrated, empty stores on SQLite by their names."""
    return lambda name: Store(empty_sqlite(sqlite_template, tmp_path, name))


@pytest.fixture
def sqlite_store(new_store: Callable[[str], Store]) -> Iterator[Store]:
    """A migrated, empty store on SQLite, for what does not depend on the database."""
    made = new_store("pingji")
    yield made
    made.dispose()


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """A migrated, empty store."""
    made = Store(store_url)
    yield made
    made.dispose()


def empty_sqlite(template: Path, folder: Path, name: str = "pingji") -> str:
    """Put a migrated, empty file where settings with this data folder look; gives its address."""
    path = folder / f"{name}.sqlite"
    shutil.copyfile(template, path)
    return f"sqlite:///{path}"


def _database(server: str, name: str) -> str:
    base, _, query = server.partition("?")
    return f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")


def _command(server: str, statement: str) -> None:
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.execute(text(statement))
    admin.dispose()


def _migrate(url: str) -> None:
    store = Store(url)
    migrate(store)
    store.dispose()
