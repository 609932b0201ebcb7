"""The hub's promises: frames, positions, resets, scopes, coalescing; on both databases."""

from dashboard.domain.roles import Role
from dashboard.live.hub import Hub
from dashboard.live.recent import KEEP
from tests.dashboard.live.live_town import (
    CITY,
    Peer,
    Town,
    changes,
    make_hub,
    names,
    principal,
)

EAST, WEST = f"{CITY}/330106", f"{CITY}/330108"


def test_a_topic_without_a_position_begins_with_a_reset(hub: Hub, town: Town) -> None:
    town.put("a")
    peer = Peer(hub, town, principal(CITY))
    events = peer.pump()
    assert names(events) == ["hello", "reset"]
    hello, reset = events
    assert hello.seq is None
    assert set(hello.data) >= {"build", "seq", "city_time", "real_time", "speed", "topics"}
    assert hello.data["topics"]["places"]["columns"][0] == "id"
    assert reset.seq is None
    assert reset.data == {
        "topic": "places",
        "seq": hello.data["seq"],
        "url": f"/api/v1/snapshot/places?seq={hello.data['seq']}",
    }
    assert peer.same_as_store()


def test_a_change_is_one_frame_with_its_id_and_the_one_before(hub: Hub, town: Town) -> None:
    peer = Peer(hub, town, principal(CITY))
    first = peer.pump()[0].data["seq"]
    town.put("a")
    hub.advance()
    (one,) = peer.pump()
    town.put("a", state="flooded", depth_cm=27.0)
    hub.advance()
    (two,) = peer.pump()
    assert one.data["prev"] <= first < one.seq == one.data["seq"]
    assert two.data["prev"] == one.seq
    assert two.data["changes"]["places"]["upsert"][0][:1] == ["a"]
    assert two.data["changes"]["places"]["remove"] == []
    assert peer.same_as_store()


def test_a_transaction_is_never_split_and_topics_share_a_frame(hub: Hub, town: Town) -> None:
    peer = Peer(hub, town, principal(CITY), "places,feeds")
    peer.pump()
    with town.store.write() as writer:
        town.put_in(writer, *[f"p{n}" for n in range(500)])
        writer.changed("feeds", "gone", old_scope=CITY, new_scope=None)
    hub.advance()
    (frame,) = peer.pump()
    assert len(frame.data["changes"]["places"]["upsert"]) == 500
    assert frame.data["changes"]["feeds"]["remove"] == ["gone"]
    assert peer.same_as_store()


def test_nothing_changed_for_the_topics_is_nothing_sent(hub: Hub, town: Town) -> None:
    peer = Peer(hub, town, principal(CITY), "places")
    peer.pump()
    town.put_feed("f")
    hub.advance()
    assert peer.pump() == []
    town.put("a")
    hub.advance()
    (frame,) = peer.pump()
    assert frame.data["prev"] < frame.seq - 1, "what others saw is no gap for this reader"


def test_resume_takes_up_where_it_was_cut(hub: Hub, town: Town) -> None:
    town.put("a", "b", "c")
    peer = Peer(hub, town, principal(CITY))
    peer.pump()
    at = peer.at["places"]
    peer.cut()
    town.put("a", state="flooded")
    town.put("d")
    town.drop("b")
    hub.advance()
    peer.open()
    hello, frame = peer.pump()
    assert hello.data["seq"] == at
    assert frame.data["prev"] <= at
    assert {row[0] for row in frame.data["changes"]["places"]["upsert"]} == {"a", "d"}
    assert frame.data["changes"]["places"]["remove"] == ["b"]
    assert peer.same_as_store()


def test_resume_with_nothing_missed_is_hello_alone(hub: Hub, town: Town) -> None:
    town.put("a")
    peer = Peer(hub, town, principal(CITY))
    peer.pump()
    peer.cut()
    peer.open()
    assert names(peer.pump()) == ["hello"]
    assert peer.position == hub.picture.seq


def test_resume_from_another_position_for_each_topic(hub: Hub, town: Town) -> None:
    town.put("a")
    town.put_feed("f")
    start = Peer(hub, town, principal(CITY), "places,feeds")
    start.pump()
    seq = start.at["places"]
    town.put("b")  # seq + 1
    town.put_feed("g")  # seq + 2
    town.put("c")  # seq + 3
    hub.advance()
    peer = Peer(hub, town, principal(CITY), f"feeds@{seq},places@{seq + 1}")
    hello, frame = peer.pump()
    assert hello.data["seq"] == seq
    assert [row[0] for row in frame.data["changes"]["places"]["upsert"]] == ["c"]
    assert [row[0] for row in frame.data["changes"]["feeds"]["upsert"]] == ["g"]
    mixed = Peer(hub, town, principal(CITY), f"feeds,places@{seq + 1}")
    assert names(mixed.pump()) == ["hello", "reset", "change"]


def test_resume_after_a_restart_of_the_hub(town: Town) -> None:
    town.put("a", "b")
    first = make_hub(town)
    peer = Peer(first, town, principal(CITY))
    peer.pump()
    first.stop()
    first.close()
    town.put("a", state="flooded")
    town.drop("b")
    second = make_hub(town)
    peer.hub = second
    peer.pump()
    assert peer.closed
    peer.open()
    assert names(peer.pump()) == ["hello", "change"]
    assert peer.same_as_store()
    second.stop()
    second.close()


def test_a_position_of_another_history_is_reset(hub: Hub, town: Town) -> None:
    town.put("a")
    peer = Peer(hub, town, principal(CITY), "places@999999")
    assert names(peer.pump()) == ["hello", "reset"]
    assert peer.same_as_store()


def test_more_keys_than_are_kept_is_a_reset(hub: Hub, town: Town) -> None:
    town.put("a")
    peer = Peer(hub, town, principal(CITY), "places,feeds")
    peer.pump()
    at = peer.at["places"]
    town.put_feed("f")
    town.put(*[f"p{n}" for n in range(KEEP + 1)])
    hub.advance()
    events = peer.pump()
    assert names(events) == ["reset", "change"], "the reset first, the id after it"
    assert list(events[1].data["changes"]) == ["feeds"]
    assert peer.same_as_store()
    late = Peer(hub, town, principal(CITY), f"places@{at},feeds@{at}")
    assert names(late.pump()) == ["hello", "reset", "change"]


def test_a_long_absence_with_few_keys_is_a_frame(hub: Hub, town: Town) -> None:
    town.put("a", "b")
    peer = Peer(hub, town, principal(CITY))
    peer.pump()
    peer.cut()
    for n in range(30):
        town.put("a", "b", state=f"s{n}")
    hub.advance()
    peer.open()
    assert names(peer.pump()) == ["hello", "change"]
    assert peer.same_as_store()


def test_a_topic_loaded_anew_is_a_reset(hub: Hub, town: Town) -> None:
    town.put("a")
    peer = Peer(hub, town, principal(CITY))
    peer.pump()
    at = peer.at["places"]
    with town.store.write() as writer:
        writer.changed("places", None)
    town.put("b")
    hub.advance()
    assert names(peer.pump()) == ["reset", "change"]
    late = Peer(hub, town, principal(CITY), f"places@{at}")
    assert names(late.pump()) == ["hello", "reset"]
    town.put("c")
    hub.advance()
    assert names(peer.pump()) == names(late.pump()) == ["change"]
    assert peer.same_as_store()
    assert late.same_as_store()


def test_each_sees_its_scope_and_a_row_that_moves_leaves_one_and_enters_the_other(
    hub: Hub, town: Town
) -> None:
    east, west = Peer(hub, town, principal(EAST)), Peer(hub, town, principal(WEST))
    city = Peer(hub, town, principal(CITY))
    neighbor = Peer(hub, town, principal(f"{CITY}/33010"))
    everyone = (east, west, city, neighbor)
    for peer in everyone:
        peer.pump()
    town.put("a", scope=f"{EAST}/330106005")
    hub.advance()
    assert [len(changes(peer.pump())) for peer in everyone] == [1, 0, 1, 0]
    town.put("a", scope=WEST)
    hub.advance()
    (left,), (entered,) = east.pump(), west.pump()
    assert left.data["changes"] == {"places": {"upsert": [], "remove": ["a"]}}
    assert entered.data["changes"]["places"]["upsert"][0][0] == "a"
    assert neighbor.pump() == []
    city.pump()
    town.drop("a")
    hub.advance()
    assert [len(changes(peer.pump())) for peer in everyone] == [0, 1, 1, 0]
    assert all(peer.same_as_store() for peer in everyone)


def test_a_row_that_moved_while_away_is_removed(hub: Hub, town: Town) -> None:
    town.put("a", scope=EAST)
    east = Peer(hub, town, principal(EAST))
    east.pump()
    east.cut()
    town.put("a", scope=WEST)
    hub.advance()
    town.put("a", scope=f"{WEST}/1", state="flooded")
    hub.advance()
    east.open()
    _, frame = east.pump()
    assert frame.data["changes"]["places"] == {"upsert": [], "remove": ["a"]}
    assert east.same_as_store()


def test_a_member_of_an_event_sees_its_event_alone(hub: Hub, town: Town) -> None:
    member = Peer(hub, town, principal(role=Role.EVENT_MEMBER, events=["OP1"]))
    member.pump()
    town.put("a", scope=EAST, event="OP1")
    town.put("b", scope=EAST, event="OP2")
    town.put("c", scope=EAST)
    hub.advance()
    (frame,) = member.pump()
    assert [row[0] for row in frame.data["changes"]["places"]["upsert"]] == ["a"]
    with town.store.write() as writer:
        town.put_in(writer, "a", scope=EAST, event=None)
        writer.changed("places", "a2", old_scope=f"{EAST}#OP1", new_scope=None)
    hub.advance()
    (frame,) = member.pump()
    assert frame.data["changes"]["places"]["remove"] == ["a2"]


def test_a_wall_is_never_sent_a_camera_that_walls_may_not_show(hub: Hub, town: Town) -> None:
    wall = Peer(hub, town, principal(CITY, role=Role.WALL), "cameras")
    desk = Peer(hub, town, principal(CITY), "cameras")
    wall.pump(), desk.pump()
    town.put_camera("c", wall_allowed=False)
    hub.advance()
    assert len(changes(desk.pump())) == 1
    assert not [row for e in changes(wall.pump()) for row in e.data["changes"]["cameras"]["upsert"]]
    town.put_camera("c", wall_allowed=True)
    hub.advance()
    wall.pump(), desk.pump()
    town.put_camera("c", wall_allowed=False)
    hub.advance()
    (frame,) = changes(wall.pump())
    assert frame.data["changes"]["cameras"]["remove"] == ["c"]
    desk.pump()
    assert wall.same_as_store()
    assert desk.same_as_store()


def test_who_reads_slowly_gets_one_frame_for_all_it_missed(hub: Hub, town: Town) -> None:
    keys = [f"p{n}" for n in range(150)]
    slow, quick = Peer(hub, town, principal(CITY)), Peer(hub, town, principal(CITY))
    slow.pump(), quick.pump()
    for n in range(60):
        town.put(*keys, state=f"s{n}")
        hub.advance()
        quick.pump()
    assert slow.stream.lagging
    assert len(slow.stream._rest or b"") < 100_000, "at most the rest of one frame is kept"
    hub.beat()
    frames = changes(slow.pump())
    assert len(frames) < 30, "what it missed was not queued"
    assert not slow.stream.lagging
    assert slow.same_as_store()
    assert quick.same_as_store()
    assert slow.seen["gap"] == 0
    town.put("p1", state="after")
    hub.advance()
    assert len(slow.pump()) == 1
    assert slow.same_as_store()


def test_who_reads_nothing_while_too_much_changes_is_reset(hub: Hub, town: Town) -> None:
    slow = Peer(hub, town, principal(CITY))
    slow.pump()
    for batch in range(6):
        town.put(*[f"p{batch}-{n}" for n in range(900)], name="下穿立交" * 10)
        hub.advance()
    assert slow.stream.lagging
    assert "reset" in names(slow.pump())
    assert slow.same_as_store()
