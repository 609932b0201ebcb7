"""What has ended is forgotten, and nothing else."""

from datetime import UTC, datetime, timedelta

from dashboard.accounts import manage
from dashboard.accounts.principal import principal
from dashboard.accounts.sessions import IDLE, open_session
from dashboard.accounts.tidy import KEEP_ANSWERS, tidy
from data_access.commands import idempotency
from tests.dashboard.http.town import PASSWORD


def test_only_what_has_ended_goes(town, actor) -> None:
    now = datetime.now(UTC)
    manage.add_account(town, actor, name="ann", role="leader", password=PASSWORD)
    with town.write() as writer:
        open_session(writer, "ann", real_now=now - IDLE)
        kept = open_session(writer, "ann", idle=timedelta(days=2), real_now=now)
        for key, age in (("old", KEEP_ANSWERS + timedelta(minutes=1)), ("new", timedelta(0))):
            idempotency.keep(writer, key=key, status=200, body=b"{}", real_now=now - age)
            idempotency.keep(writer, key=key, status=500, body=b"later", real_now=now)
    # The ended session went when the next one was opened.
    assert tidy(town, real_now=now) == (0, 1)
    assert principal(town, cookie=kept) is not None
    with town.read() as conn:
        assert idempotency.find(conn, key="old") is None
        assert idempotency.find(conn, key="new") == idempotency.Kept(200, b"{}")
    assert tidy(town, real_now=now + timedelta(days=3)) == (1, 1)
