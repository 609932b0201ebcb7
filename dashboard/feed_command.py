"""``pingji feed``: who brings facts in, and how often each should speak."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click

from dashboard.accounts.commands import HasStore
from dashboard.domain.topics import BY_NAME
from data_access.clock import StoreClock
from data_access.commands import audit
from data_access.commands import feeds as commands
from data_access.queries import live
from data_access.store import Store

_STATE, _REAL_AT, _EXPECT_S = map(BY_NAME["feeds"].columns.index, ("state", "real_at", "expect_s"))


@click.group()
def feed() -> None:
    """Feeds: how they stand, and after how long a silence they are marked."""


@feed.command("list")
@click.pass_obj
def feed_list(settings: HasStore) -> None:
    """List feeds: id, state, seconds since the last word, seconds expected, name."""
    now = datetime.now(UTC)
    with _opened(settings) as store, store.read() as conn:
        rows = [found.row for found in live.rows(conn, "feeds", None)]
    for row in sorted(rows, key=lambda row: str(row[0])):
        told = row[_REAL_AT]
        age = "-" if told is None else f"{(now - datetime.fromisoformat(told)).total_seconds():.0f}"
        expected = "-" if row[_EXPECT_S] is None else str(row[_EXPECT_S])
        click.echo(f"{row[0]}\t{row[_STATE]}\t{age}\t{expected}\t{row[1]}")


@feed.command("expect")
@click.argument("feed_id", metavar="ID")
@click.argument("seconds", type=click.IntRange(min=0))
@click.pass_obj
def feed_expect(settings: HasStore, feed_id: str, seconds: int) -> None:
    """Mark the feed as silent 静默 after so many SECONDS without a word; 0: never.

    ID is as `pingji feed list` tells it; of a program that pushes, push: and its token's name.
    """
    with _opened(settings) as store, store.write() as writer:
        commands.expect(writer, feed_id=feed_id, seconds=seconds or None)
        audit.record(
            writer,
            actor="cli",
            role="",
            act="expect-feed",
            subject=feed_id,
            detail={"seconds": seconds},
            city_at=StoreClock(store).now(),
        )
    told = f"silent after {seconds} s without a word" if seconds else "no silence is marked"
    click.echo(f"{feed_id}: {told}")


@contextmanager
def _opened(settings: HasStore) -> Iterator[Store]:
    store = settings.store()
    try:
        yield store
    finally:
        store.dispose()
