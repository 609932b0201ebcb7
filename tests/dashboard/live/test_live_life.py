"""The hub through time: heartbeats, ends, a store that is away, and whatever happens."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import gevent
import pytest

from dashboard.live.hub import Hub
from tests.dashboard.live.live_town import (
    AT,
    CITY,
    Peer,
    Town,
    make_hub,
    names,
    principal,
)

EAST, WEST = f"{CITY}/330106", f"{CITY}/330108"


def test_heartbeats_tell_the_time_and_each_feeds_age(hub: Hub, town: Town) -> None:
    town.put_feed("f", state="failed", city_at=AT - timedelta(minutes=3), real_at=AT)
    town.put("a")
    peer = Peer(hub, town, principal(CITY))
    peer.pump()
    hub.beat()
    (beat,) = peer.pump()
    assert beat.name == "heartbeat"
    assert beat.seq == beat.data["seq"] == hub.picture.seq
    assert beat.data["city_time"].startswith("2016-09-04T02:00")
    assert beat.data["speed"] == 1.0
    (told,) = beat.data["feeds"]
    assert (told["id"], told["state"]) == ("f", "failed")
    assert 180 <= told["city_age_s"] < 200
    assert told["age_s"] > 0


def test_a_feed_that_says_it_is_well_and_does_not_speak_is_silent(hub: Hub, town: Town) -> None:
    now = datetime.now(UTC)
    told = {
        "quiet": {"real_at": now - timedelta(seconds=301), "expect_s": 300},
        "waits": {"real_at": now - timedelta(seconds=301), "expect_s": 300, "state": "waiting"},
        "spoke": {"real_at": now - timedelta(seconds=200), "expect_s": 300},
        "unasked": {"real_at": now - timedelta(days=3)},
        "ended": {"real_at": now - timedelta(days=3), "expect_s": 300, "state": "ended"},
        "failed": {"real_at": now - timedelta(days=3), "expect_s": 300, "state": "failed"},
        "never": {"expect_s": 300},
    }
    for key, values in told.items():
        town.put_feed(key, **values)
    peer = Peer(hub, town, principal(CITY))
    peer.pump()
    hub.beat()
    (beat,) = peer.pump()
    assert {feed["id"] for feed in beat.data["feeds"] if feed["silent"]} == {"quiet", "waits"}


def test_a_position_moves_with_heartbeats(hub: Hub, town: Town) -> None:
    peer = Peer(hub, town, principal(EAST))
    peer.pump()
    town.put("a", scope=WEST)
    hub.advance()
    hub.beat()
    peer.pump()
    assert peer.at["places"] == hub.picture.seq
    town.put("b", scope=EAST)
    hub.advance()
    peer.pump()
    assert peer.seen["gap"] == 0


def test_a_stream_ends_with_its_sign_in(town: Town) -> None:
    who = principal(CITY)
    known = {who.credential: who}
    hub = make_hub(town, known)
    peer = Peer(hub, town, who)
    hub.recheck()
    peer.pump()
    assert not peer.closed
    known.clear()
    hub.recheck()
    peer.pump()
    assert peer.closed
    assert len(hub) == 0
    hub.close()


def test_other_rights_begin_anew_with_other_rows(town: Town) -> None:
    town.put("e", scope=EAST)
    town.put("w", scope=WEST)
    who = principal(CITY)
    known = {who.credential: who}
    hub = make_hub(town, known)
    peer = Peer(hub, town, who)
    peer.pump()
    assert set(peer.rows["places"]) == {"e", "w"}
    less = principal(EAST)
    known[who.credential] = peer.who = less
    hub.recheck()
    assert names(peer.pump())[0] == "reset"
    assert set(peer.rows["places"]) == {"e"}
    town.put("w", scope=WEST, state="flooded")
    town.put("e", scope=EAST, state="flooded")
    hub.advance()
    peer.pump()
    assert peer.same_as_store()
    assert peer.seen["gap"] == 0
    hub.stop()
    hub.close()


def test_who_watches_is_not_idle(town: Town) -> None:
    who = replace(principal(CITY), real_seen_at=datetime.now(UTC) - timedelta(hours=2))
    just = replace(principal(CITY), real_seen_at=datetime.now(UTC))
    touched = []
    hub = make_hub(town, {who.credential: who, just.credential: just}, touch=touched.append)
    peers = [Peer(hub, town, who), Peer(hub, town, just)]
    hub.recheck()
    assert touched == [who]
    for peer in peers:
        peer.pump()
        assert not peer.closed
    hub.stop()
    hub.close()


def test_a_leap_is_a_reset_of_every_topic(hub: Hub, town: Town) -> None:
    peer = Peer(hub, town, principal(CITY), "places,feeds")
    peer.pump()
    with town.store.write() as writer:
        for n in range(20_001):
            writer.changed("cameras", f"c{n}", old_scope=None, new_scope=CITY)
    town.put("a")
    hub.advance()
    assert names(peer.pump()) == ["reset", "reset", "change"]
    town.put("b")
    hub.advance()
    assert names(peer.pump()) == ["change"]
    assert peer.same_as_store()


def test_stop_closes_every_stream(hub: Hub, town: Town) -> None:
    peers = [Peer(hub, town, principal(CITY)) for _ in range(5)]
    hub.stop()
    for peer in peers:
        peer.pump()
    assert all(peer.closed for peer in peers)
    assert len(hub) == 0


def test_streams_stay_while_the_store_is_away_and_go_on_after(
    lone_hub: Hub, lone_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, town = lone_hub, lone_town
    peer = Peer(hub, town, principal(CITY))
    peer.pump()
    town.put("a")
    with monkeypatch.context() as patched:
        patched.setattr("dashboard.live.picture.Picture.advance", _away)
        patched.setattr("dashboard.live.picture.Picture.look", _away)
        with pytest.raises(OSError):
            hub.advance()
        hub.beat()
        (beat,) = peer.pump()
        assert beat.data["store"] == "away"
    hub.advance()
    hub._mark_back()
    peer.pump()
    assert peer.same_as_store()


def _away(*_args: object) -> None:
    raise OSError("no database")


def test_a_flush_that_fails_half_way_loses_nothing(
    lone_hub: Hub, lone_town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub, town = lone_hub, lone_town
    peer = Peer(hub, town, principal(CITY))
    peer.pump()
    town.put("a", "b")
    with monkeypatch.context() as patched:
        patched.setattr("dashboard.live.source.Snapshot.rows", _away)
        with pytest.raises(OSError):
            hub.advance()
    town.put("a", state="flooded")
    hub.advance()
    peer.pump()
    assert peer.same_as_store()


def test_following_by_itself(lone_hub: Hub, lone_town: Town, monkeypatch) -> None:
    monkeypatch.setattr("data_access.changes.time.sleep", gevent.sleep)
    hub, town = lone_hub, lone_town
    peer = Peer(hub, town, principal(CITY))
    hub.start()
    peer.pump()
    town.put("a")
    with gevent.Timeout(2):
        while "a" not in peer.rows["places"]:
            gevent.sleep(0.005)
            peer.pump()


@pytest.mark.parametrize("seed", range(4))
def test_whatever_happens_every_reader_ends_with_what_the_store_has(town: Town, seed: int) -> None:
    dice = random.Random(seed)
    hub = make_hub(town)
    scopes = [CITY, EAST, WEST, f"{EAST}/1", f"{WEST}/1"]
    peers = [Peer(hub, town, principal(scope)) for scope in scopes[:4] for _ in range(2)]
    for _ in range(250):
        keys = [f"p{dice.randrange(40)}" for _ in range(dice.randrange(1, 6))]
        roll = dice.random()
        if roll < 0.6:
            town.put(*set(keys), scope=dice.choice(scopes), state=f"s{dice.random()}")
        elif roll < 0.75:
            town.drop(*{key for key in keys if key in town.scopes})
        elif roll < 0.77:
            with town.store.write() as writer:
                writer.changed("places", None)
        elif roll < 0.85:
            peer = dice.choice(peers)
            peer.cut()
            peer.open()
        elif roll < 0.87:
            hub.stop()
            hub.close()
            hub = make_hub(town)
            for peer in peers:
                peer.hub = hub
                peer.open()
        if dice.random() < 0.5:
            hub.advance()
        for peer in peers:
            if dice.random() < 0.4:
                peer.pump()
    hub.advance()
    for peer in peers:
        peer.pump()
        assert peer.seen["gap"] == 0
        assert peer.same_as_store()
    hub.stop()
    hub.close()
