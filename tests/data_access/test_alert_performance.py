"""What the desk is measured by: its own alerts, within its scope, and no other department's."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import insert

from dashboard.domain.performance import figures
from data_access.queries import alert_performance
from data_access.queries.visible import Sight
from data_access.store import Store
from data_access.tables import alert, alert_record

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
HERE, THERE = "330100/330106", "330100/330102"
CITY = Sight(scopes=("330100",))


def _put(store: Store, name: str, minutes: float, acts: dict[str, float], **more: object) -> None:
    """An alert since so many minutes ago, and its acts so many minutes after."""
    since = NOW - timedelta(minutes=minutes)
    row = {
        "id": name, "version": 1, "rule": "level", "rule_version": 1, "subject_topic": "stations",
        "subject_id": name, "group": "level/river/x", "cause": True, "priority": 2, "active": True,
        "acknowledged": "acknowledged" in acts, "since": since, "evidence": {}, "called": 0,
        "live": True, "scope": HERE,
    }  # fmt: skip
    with store.write() as writer:
        writer.conn.execute(insert(alert).values(**row | more))
        for n, (act, after) in enumerate(({"raised": 0.0} | acts).items(), 1):
            at = since + timedelta(minutes=after)
            line = {"alert_id": name, "n": n, "at": at, "real_at": at, "act": act, "detail": {}}
            writer.conn.execute(insert(alert_record).values(**line))


def test_the_desk_is_measured_by_its_own_alerts(store: Store) -> None:
    _put(store, "ours", 60, {"acknowledged": 3})
    _put(store, "waits", 30, {})
    _put(store, "theirs", 20, {}, department="生态环境局")
    _put(store, "elsewhere", 15, {}, scope=THERE)
    _put(store, "long", 60 * 30, {"acknowledged": 1})
    since = NOW - timedelta(hours=8)
    told = {}
    for name, sight in (("city", CITY), ("here", Sight(scopes=(HERE,)))):
        with store.read() as conn:
            lines, more = alert_performance.lines(conn, sight=sight, since=since, until=NOW)
            standing = alert_performance.standing(conn, sight=sight)
            assert alert_performance.began(conn) == NOW - timedelta(hours=30)
        assert not more
        assert [line.at for line in lines] == sorted(line.at for line in lines)
        told[name] = figures(lines, standing, since=since, until=NOW)
    assert {name: each["rate"]["raised"] for name, each in told.items()} == {"city": 3, "here": 2}
    assert told["here"]["acknowledge"]["median_s"] == 180.0
    assert told["here"]["acknowledge"]["waiting"] == 1
    assert told["city"]["acknowledge"]["waiting"] == 2
    assert [item["alert"] for item in told["city"]["standing"]["items"]] == ["long"]


def test_an_empty_store_has_no_beginning(store: Store) -> None:
    with store.read() as conn:
        assert alert_performance.began(conn) is None
        assert alert_performance.standing(conn, sight=CITY) == []
