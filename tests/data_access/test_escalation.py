"""Whoever is on duty is called, post by post, until somebody acknowledges; also across a restart."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select, update

from data_access import escalation, outbox
from data_access.commands import calls
from data_access.feeds.lists import write_city, write_jurisdictions
from data_access.queries.live import rows as live_rows
from data_access.queries.outbox import state_of
from data_access.tables import alert, alert_record, call, change, duty
from data_access.tables import escalation as table

T0 = datetime(2016, 9, 4, 2, 0, tzinfo=UTC)
DISTRICT = "330100/330106"


class Clock:
    """The city's clock, turned by hand."""

    def __init__(self) -> None:
        self.at = T0

    def now(self) -> datetime:
        return self.at


class Desk:
    """A city with a duty list, its alerts, and the escalation that follows them."""

    def __init__(self, store) -> None:
        self.store = store
        self.clock = Clock()
        self.restart()

    def restart(self) -> None:
        self.step = escalation.make(self.store, self.clock)

    def go(self, minutes: float = 0) -> None:
        """Let so many minutes pass, looking every half of one."""
        until = self.clock.at + timedelta(minutes=minutes)
        while True:
            while self.step():
                pass
            if self.clock.at >= until:
                return
            self.clock.at = min(until, self.clock.at + timedelta(seconds=30))

    def raise_alert(self, name: str, **given) -> None:
        row = {
            "id": name,
            "version": 1,
            "rule": "level-guarantee",
            "rule_version": 1,
            "subject_topic": "stations",
            "subject_id": name,
            "group": "level/river/上塘河",
            "cause": True,
            "priority": 1,
            "active": True,
            "acknowledged": False,
            "since": self.clock.at,
            "evidence": {},
            "jurisdiction": "330106",
            "called": 0,
            "live": True,
            "scope": DISTRICT,
            "drill": False,
        }
        with self.store.write() as writer:
            writer.conn.execute(insert(alert).values(**row | given))
            writer.changed("alerts", name, new_scope=DISTRICT)

    def set(self, name: str, **values) -> None:
        with self.store.write() as writer:
            writer.conn.execute(update(alert).where(alert.c.id == name).values(**values))
            writer.changed("alerts", name, old_scope=DISTRICT, new_scope=DISTRICT)

    def calls(self) -> list[tuple]:
        with self.store.read() as conn:
            query = select(call).order_by(call.c.made_at, call.c.step, call.c.name)
            return [
                (int((it.made_at - T0).total_seconds() // 60), it.post, it.name, it.state)
                for it in conn.execute(query)
            ]

    def one(self, name: str) -> dict:
        with self.store.read() as conn:
            query = select(call).where(call.c.name == name)
            return dict(conn.execute(query).mappings().one())

    def act(self, what, name: str, *args, **given) -> None:
        with self.store.write() as writer:
            what(writer, self.one(name), *args, now=self.clock.at, **given)


@pytest.fixture
def desk(store):
    places = [
        {"id": "330100", "name": "杭州市", "level": "city"},
        {"id": "330106", "name": "西湖区", "level": "district", "parent": "330100"},
        {"id": "330105", "name": "拱墅区", "level": "district", "parent": "330100"},
    ]
    persons = [
        ("supervisor", None, "监督", "副监督"),
        ("district", "330106", "西湖", "副西湖"),
        ("district", "330105", "拱墅", None),
        ("leader", None, "领导", "副领导"),
    ]
    with store.write() as writer:
        write_city(
            writer,
            path="330100",
            name="杭州市",
            name_en=None,
            time_zone="Asia/Shanghai",
            centre=(120.15, 30.27),
            settings={},
        )
        write_jurisdictions(writer, places, root="330100")
        for post, where, name, deputy in persons:
            writer.conn.execute(
                insert(duty).values(
                    date="2016-09-04",
                    shift="day",
                    post=post,
                    jurisdiction=where,
                    name=name,
                    phone="13800000000",
                    account=post,
                    deputy=deputy,
                    deputy_phone="13900000000",
                    starts_at=T0 - timedelta(hours=2),
                    ends_at=T0 + timedelta(hours=10),
                    scope=DISTRICT if where == "330106" else "330100",
                    drill=False,
                )
            )
    made = Desk(store)
    made.go()
    return made


def test_unacknowledged_it_climbs_to_the_leader_and_reminds(desk):
    desk.raise_alert("a1")
    desk.go(0.5)
    assert desk.calls() == []
    desk.go(30)
    first = [it for it in desk.calls() if not it[2].startswith("副")]
    assert [it[:3] for it in first] == [
        (1, "supervisor", "监督"),
        (5, "district", "西湖"),
        (15, "leader", "领导"),
        (20, "leader", "领导"),
        (25, "leader", "领导"),
        (30, "leader", "领导"),
    ]
    with desk.store.read() as conn:
        (row,) = conn.execute(select(alert)).mappings()
        record = select(alert_record).order_by(alert_record.c.n)
        told = [(it["act"], it["detail"]["post"]) for it in conn.execute(record).mappings()]
        sent = state_of(conn, "alerts/a1")
    assert row["called"] == 6
    assert told[:3] == [("called", "supervisor"), ("called", "district"), ("called", "leader")]
    assert {it.kind for it in sent} == {"call", "call.wake"}


def test_after_an_outage_each_post_is_called_and_reminded_once(desk):
    desk.raise_alert("a1")
    desk.go()
    desk.clock.at += timedelta(minutes=40)
    desk.go(2)
    made = [it[:2] for it in desk.calls() if not it[2].startswith("副")]
    assert made == [(40, "supervisor"), (40, "district"), (40, "leader"), (40, "leader")]
    with desk.store.read() as conn:
        query = select(alert_record.c.detail).order_by(alert_record.c.n)
        told = list(conn.execute(query).scalars())
    assert [(it["names"], it.get("reminder")) for it in told] == [
        (["监督"], None),
        (["西湖"], None),
        (["领导"], None),
        (["领导"], 1),
    ]


def test_unread_it_asks_for_the_telephone_and_unanswered_it_goes_to_the_deputy(desk):
    desk.raise_alert("a1")
    desk.go(4)
    assert desk.calls() == [(1, "supervisor", "监督", "wake")]
    desk.act(calls.phoned, "监督", by="desk")
    assert desk.one("监督")["state"] == "phoned"
    desk.go(12.5)
    told = desk.one("副监督")
    assert (told["state"], told["deputy_of"]) == ("waiting", desk.one("监督")["id"])
    assert desk.one("监督")["state"] == "unanswered"
    desk.go(20)
    assert desk.one("副监督")["state"] == "unanswered"
    assert sum(it[1] == "supervisor" for it in desk.calls()) == 2


def test_a_call_is_sent_only_when_it_was_delivered(desk):
    desk.raise_alert("a1")
    desk.go(2)
    made = desk.one("监督")
    assert (made["state"], made["delivery"], made["sent_at"]) == ("waiting", "waiting", None)
    with desk.store.read() as conn:
        message = outbox.first_waiting(conn)
    for settle, told in (
        (lambda writer: outbox.postponed(writer, message, "HTTP 503", T0), ("waiting", "HTTP 503")),
        (lambda writer: outbox.failed(writer, message, "no-receiver", tried=False),
         ("failed", "no-receiver")),
        (lambda writer: outbox.again(writer, message.id), ("waiting", None)),
        (lambda writer: outbox.delivered(writer, message), ("sent", None)),
    ):  # fmt: skip
        with desk.store.write() as writer:
            settle(writer)
        found = desk.one("监督")
        assert (found["state"], found["reason"]) == told
    assert found["delivery"] == "delivered"
    assert found["sent_at"] is not None
    with desk.store.read() as conn:
        told = select(change.c.topic).where(change.c.key == made["id"])
        assert conn.execute(told).scalars().all() == ["calls"] * 5


def test_read_and_answered_in_time_nobody_else_is_called_for_the_post(desk):
    desk.raise_alert("a1")
    desk.go(2)
    desk.act(calls.read, "监督")
    desk.go(2)
    assert desk.one("监督")["state"] == "read"
    desk.act(calls.answer, "监督", "已派两组到场", by="supervisor")
    desk.act(calls.answer, "监督", "又一次", by="somebody")
    desk.go(20)
    found = desk.one("监督")
    assert (found["state"], found["answer"]) == ("answered", "已派两组到场")
    assert "副监督" not in [it[2] for it in desk.calls()]


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"acknowledged": True}, "acknowledged"),
        ({"active": False, "live": False}, "cleared"),
        ({"shelved_until": T0 + timedelta(hours=1)}, "shelved"),
    ],
    ids=["acknowledged", "cleared", "shelved"],
)
def test_the_ladder_stops(desk, how, reason):
    desk.raise_alert("a1")
    desk.go(6)
    with desk.store.read() as conn:
        assert len(live_rows(conn, "calls", None)) == 2
    desk.set("a1", **how)
    desk.go(40)
    assert [it[3] for it in desk.calls()] == ["stopped", "stopped"]
    with desk.store.read() as conn:
        assert live_rows(conn, "calls", None) == []
        (row,) = conn.execute(select(table)).mappings()
    assert (row["running"], row["stop"]) == (False, reason)


def test_a_restart_goes_on_where_it_stood(desk):
    desk.raise_alert("a1")
    desk.go(2)
    desk.restart()
    desk.clock.at += timedelta(minutes=20)  # away so long: what was due is done at once
    desk.go(0)
    desk.restart()
    desk.go(0)
    posts = [it[1] for it in desk.calls()]
    assert posts.count("district") == 1
    assert posts.count("leader") == 2  # its step, and the reminder that came due meanwhile
    assert posts.count("supervisor") == 2  # and the deputy


def test_what_came_while_nothing_was_remembered_is_found(desk):
    desk.raise_alert("a1")
    with desk.store.write() as writer:
        from data_access.tables import follower

        writer.conn.execute(follower.delete())
    desk.restart()
    desk.go(1)
    assert [it[2] for it in desk.calls()] == ["监督"]


def test_a_group_climbs_one_ladder(desk):
    for number in range(300):
        desk.raise_alert(f"a{number:03}", cause=number == 0)
    desk.go(6)
    assert [it[2] for it in desk.calls()] == ["监督", "西湖"]
    desk.set("a000", acknowledged=True)
    desk.go(2)
    with desk.store.read() as conn:
        climbing = select(table.c.alert_id).where(table.c.running.is_(True))
        assert list(conn.execute(climbing).scalars()) == ["a001"]
    assert [it[2:] for it in desk.calls()][-1] == ("监督", "waiting")


def test_groups_that_join_go_on_with_the_furthest(desk):
    desk.raise_alert("a1")
    desk.go(6)
    desk.raise_alert("b1", group="level/river/西塘河")
    desk.go(2)
    desk.set("a1", group="storm/city/330100")
    desk.set("b1", group="storm/city/330100")
    desk.go(1)
    with desk.store.read() as conn:
        query = select(table.c.alert_id, table.c.running, table.c.stop).order_by(table.c.alert_id)
        assert [tuple(it) for it in conn.execute(query)] == [
            ("a1", True, None),
            ("b1", False, "joined"),
        ]


def test_a_post_that_nobody_holds_is_passed_at_once(desk):
    with desk.store.write() as writer:
        writer.conn.execute(duty.delete().where(duty.c.post == "supervisor"))
    desk.raise_alert("a1")
    desk.go(1)
    assert [it[1:] for it in desk.calls()] == [
        ("supervisor", None, "nobody"),
        ("district", "西湖", "waiting"),
    ]


def test_a_rule_without_a_ladder_calls_nobody(desk):
    desk.raise_alert("a1", rule="station-silent")
    desk.go(60)
    assert desk.calls() == []
