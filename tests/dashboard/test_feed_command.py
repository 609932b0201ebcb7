"""The command line of feeds: how each stands, and after how long it is called silent."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from dashboard import check
from dashboard.feed_command import feed
from dashboard.settings import Settings
from data_access.clock import set_clock
from data_access.ingest import ingest
from data_access.ingest.tally import publish
from data_access.store import Store
from data_access.tables import audit
from data_access.tables import feed as feed_table
from tests.conftest import empty_sqlite
from tests.dashboard.http.town import NOW, describe_city


@pytest.fixture
def settings(sqlite_template: Path, tmp_path: Path) -> Settings:
    empty_sqlite(sqlite_template, tmp_path)
    made = Settings(data_dir=tmp_path)
    store = made.store()
    describe_city(store)
    with store.write() as writer:
        set_clock(writer, anchor_city=NOW, speed=1.0)
    store.dispose()
    return made


def run(settings: Settings, *words: str) -> str:
    done = CliRunner().invoke(feed, words, obj=settings)
    assert done.exit_code == 0, done.output
    return done.output


def _row(store: Store) -> tuple[str, str, int | None]:
    columns = feed_table.c
    with store.read() as conn:
        return tuple(conn.execute(select(columns.id, columns.state, columns.expect_s)).one())


def test_a_program_that_pushes_is_expected_before_its_first_word(settings: Settings) -> None:
    assert "silent after 300 s" in run(settings, "expect", "push:gauges", "300")
    assert run(settings, "list") == "push:gauges\twaiting\t-\t300\tgauges\n"
    store = settings.store()
    spot = {"id": "R1", "kind": "river", "name": "R1", "lon": 120.2, "lat": 30.3}
    ingest(store, "stations", [spot], feed="push:gauges", now=NOW)
    publish(store)
    assert _row(store) == ("push:gauges", "ok", 300)
    with store.write() as writer:
        old = datetime(2020, 1, 1, tzinfo=UTC)
        writer.conn.execute(feed_table.update().values(real_at=old, expect_s=None))
    run(settings, "expect", "push:gauges", "86400")
    (finding,) = check._feeds(store)
    assert "silent" in finding.wrong
    run(settings, "expect", "push:gauges", "0")
    assert _row(store)[2] is None
    (finding,) = check._feeds(store)
    assert finding.warning
    assert "nobody said how often" in finding.wrong
    with store.read() as conn:
        acts = conn.execute(select(audit.c.act, audit.c.detail)).all()
    assert [tuple(act) for act in acts][-1] == ("expect-feed", {"seconds": 0})
