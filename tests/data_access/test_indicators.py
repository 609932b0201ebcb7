"""Sums kept by differences are those of counting everything anew, whatever happens to cases."""

import secrets
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select, update

from dashboard.domain.indicators import MEASURES, Folding, Key
from dashboard.domain.periods import Period
from dashboard.domain.profiles import read
from dashboard.domain.records import Limits
from data_access import treating, treatments
from data_access.commands import operations
from data_access.deadlines import write_shipped
from data_access.indicators import Counter, case_facts
from data_access.ingest import Policy, bulk_load, ingest
from data_access.queries.indicators import by_value
from data_access.store import Store
from data_access.tables import (
    case,
    case_counted,
    case_to_count,
    case_treatment,
    change,
    city,
    figure,
    follower,
    indicator_state,
    indicator_sum,
    jurisdiction,
    mode,
    operation,
    search,
)

START = datetime(2016, 9, 4, 2, 0, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")
LEARN = Policy(limits=Limits(unknown="learn"))
DISTRICTS = ("330106", "330105")
STREETS = ("330106005", "330106006", "330105001")


class Clock:
    """The city's now, moved by hand."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


def clear(store: Store) -> None:
    with store.write() as writer:
        for table in (
            *(case, case_counted, case_to_count, case_treatment, change, city, figure),
            *(follower, indicator_state, indicator_sum, jurisdiction, mode, search),
        ):
            writer.conn.execute(delete(table))
        writer.conn.execute(update(operation).values(state="ended", live=False))
        writer.conn.execute(
            insert(city).values(
                id="330100",
                name="杭州市",
                time_zone="Asia/Shanghai",
                lon=120.2,
                lat=30.25,
                settings={},
            )
        )
        rows = [("330100", None, "city", "330100")]
        rows += [(it, "330100", "district", f"330100/{it}") for it in DISTRICTS]
        rows += [(it, it[:6], "subdistrict", f"330100/{it[:6]}/{it}") for it in STREETS]
        writer.conn.execute(
            insert(jurisdiction),
            [
                {"id": name, "parent": parent, "level": level, "name": name, "scope": scope}
                for name, parent, level, scope in rows
            ],
        )


def counter(store: Store, clock: Clock) -> Counter:
    made = Counter(store, clock)  # type: ignore[arg-type]
    made._kept = float("-inf")
    return made


def settle(made: Counter) -> None:
    made._kept = float("-inf")
    while made.count():
        pass
    made._kept = made._figures._wrote = float("-inf")
    made.count()


def kept(store: Store) -> dict[Key, list[int]]:
    columns = indicator_sum.c
    query = select(
        columns.area,
        columns.grouped,
        columns.value,
        columns.period,
        columns.mask,
        *(columns[name] for name in MEASURES),
    )
    with store.read() as conn:
        rows = {Key(*row[:5]): list(row[5:]) for row in conn.execute(query)}
    return {key: sums for key, sums in rows.items() if any(sums)}


def anew(store: Store, now: datetime) -> dict[Key, list[int]]:
    folding = Folding()
    with store.read() as conn:
        ids = list(conn.execute(select(case.c.id)).scalars())
        for facts in case_facts(conn, ids, now, ZONE).values():
            folding.change(None, facts)
    return folding.differences()


def record(name: str, **values) -> dict[str, object]:
    at = values.get("stage_at", START)
    return {
        "id": name,
        "kind": "event",
        "source": "collector",
        "subcategory": "0102",
        "description": "x",
        "stage": "dispatched",
        "stage_at": at,
        "reported_at": at,
        "updated_at": at,
        "jurisdiction": "330106005",
        "unit": "U1",
    } | values


def total(store: Store, area: str, period: int, **where) -> dict[str, int]:
    found = dict.fromkeys(MEASURES, 0)
    for key, sums in kept(store).items():
        if (key.area, key.group, key.period) == (area, where.get("group", "all"), period):
            for name, number in zip(MEASURES, sums, strict=True):
                found[name] += number
    return found


def test_what_falls_due_later_today_does_not_count_before_its_time(store: Store) -> None:
    clear(store)
    clock = Clock()
    made = counter(store, clock)
    settle(made)
    due = START + timedelta(hours=1)
    ingest(store, "cases", [record("A", due_at=due)], feed="t", now=START, policy=LEARN)
    settle(made)
    assert total(store, "330100", 20160904)["due"] == 0
    clock.at = due
    settle(made)
    day = total(store, "330100", 20160904)
    assert (day["due"], day["timely"], day["unanswered"]) == (1, 0, 1)
    assert total(store, "330100/330106/330106005", 201609)["due"] == 1
    # Answered late: it stays in the denominator, and is no longer open.
    later = due + timedelta(hours=1)
    clock.at = later
    ingest(
        store,
        "cases",
        [record("A", stage="handled", stage_at=later, updated_at=later, reported_at=START)],
        feed="t",
        now=later,
        policy=LEARN,
    )
    settle(made)
    day = total(store, "330100", 20160904)
    assert (day["due"], day["timely"], day["unanswered"]) == (1, 0, 0)


def test_a_case_without_deadline_stands_beside_the_rate(store: Store) -> None:
    clear(store)
    made = counter(store, Clock())
    ingest(store, "cases", [record("A")], feed="t", now=START, policy=LEARN)
    settle(made)
    day = total(store, "330100", 20160904)
    assert (day["due"], day["undated"], day["reported"]) == (0, 1, 1)


def test_what_was_loaded_in_bulk_without_a_word_is_counted(store: Store) -> None:
    clear(store)
    clock = Clock()
    made = counter(store, clock)
    settle(made)
    records = [record(f"B{n}", stage="closed", due_at=START) for n in range(30)]
    bulk_load.load(store, "cases", records, feed="t", now=START, policy=LEARN, tell=False)
    with store.read() as conn:
        assert conn.execute(select(change.c.seq).where(change.c.topic == "cases")).first() is None
    settle(made)
    assert total(store, "330100", 20160904)["timely"] == 30
    with store.read() as conn:
        assert conn.execute(select(case_to_count)).first() is None
    assert kept(store) == anew(store, clock.at)


def test_a_killed_counter_goes_on_without_losing_or_doubling(store: Store, monkeypatch) -> None:
    clear(store)
    clock = Clock()
    first = counter(store, clock)
    settle(first)
    ingest(store, "cases", [record("A"), record("B")], feed="t", now=START, policy=LEARN)

    def die(*_args) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(first._follower, "keep", die)
        with pytest.raises(KeyboardInterrupt):
            first.count()
    assert total(store, "330100", 201609)["reported"] == 0
    settle(counter(store, clock))
    assert total(store, "330100", 201609)["reported"] == 2
    settle(counter(store, clock))
    assert total(store, "330100", 201609)["reported"] == 2


def test_a_district_that_moves_takes_its_sums_along(store: Store) -> None:
    clear(store)
    clock = Clock()
    made = counter(store, clock)
    ingest(store, "cases", [record("A")], feed="t", now=START, policy=LEARN)
    settle(made)
    moved = "330100/330105/330106005"
    with store.write() as writer:
        writer.conn.execute(update(case).values(scope=moved))
        writer.changed("cases", None)
    settle(made)
    assert total(store, "330100/330106", 201609)["reported"] == 0
    assert total(store, moved, 201609)["reported"] == 1
    assert kept(store) == anew(store, clock.at)


def test_the_figure_of_city_and_districts_is_live(store: Store) -> None:
    clear(store)
    clock = Clock()
    made = counter(store, clock)
    ingest(store, "cases", [record("A", due_at=START)], feed="t", now=START, policy=LEARN)
    settle(made)
    with store.read() as conn:
        rows = {row.id: row for row in conn.execute(select(figure))}
        told = set(conn.execute(select(change.c.key).where(change.c.topic == "figures")).scalars())
    assert set(rows) == told == {"330100", "330100/330106", "330100/330105"}
    city = rows["330100"]
    assert (city.due, city.overdue, city.basis, city.span) == (1, 1, "live", "month")
    assert (city.first_on, city.last_on) == (20160901, 20160930)
    assert rows["330100/330105"].due == 0


def test_a_case_that_went_unheard_leaves_the_sums_when_all_is_counted_anew(store: Store) -> None:
    clear(store)
    clock = Clock()
    ingest(store, "cases", [record("A"), record("B")], feed="t", now=START, policy=LEARN)
    settle(counter(store, clock))
    with store.write() as writer:
        writer.conn.execute(delete(case).where(case.c.id == "A"))
        writer.conn.execute(delete(change))
    settle(counter(store, clock))
    assert total(store, "330100", 201609)["reported"] == 1
    assert kept(store) == anew(store, clock.at)


MINUTES = st.integers(-3_000, 3_000)
STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("told"),
            st.fixed_dictionaries(
                {
                    "id": st.sampled_from("ABCD"),
                    "stage": st.sampled_from(
                        [
                            "reported",
                            "filed",
                            "dispatched",
                            "handled",
                            "checking",
                            "closed",
                            "voided",
                            "declined",
                        ]
                    ),
                    "marks": st.sets(
                        st.sampled_from(["suspended", "extended", "deferred", "reworked", "urged"]),
                        max_size=2,
                    ).map(sorted),
                    "jurisdiction": st.sampled_from(["330100", *DISTRICTS, *STREETS]),
                    "unit": st.sampled_from(["U1", "U2", None]),
                    "source": st.sampled_from(["collector", "12345"]),
                    "subcategory": st.sampled_from(["0406", "0505"]),
                    "due": st.one_of(st.none(), MINUTES),
                    "bulk": st.booleans(),
                }
            ),
        ),
        st.tuples(st.just("wait"), st.integers(1, 4_000)),
        st.tuples(st.just("fold"), st.none()),
        st.tuples(st.just("restart"), st.none()),
        st.tuples(st.just("move"), st.sampled_from(STREETS)),
        st.tuples(st.just("drop"), st.sampled_from("ABCD")),
        st.tuples(st.just("forget"), st.none()),
        st.tuples(st.just("operate"), st.sampled_from(["start", "level", "end", "revoke"])),
        st.tuples(st.just("treat"), st.none()),
    ),
    max_size=14,
)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_differences_give_what_counting_anew_gives(store: Store, steps) -> None:
    clear(store)
    with store.write() as writer:
        write_shipped(writer)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(treatments, "shipped", lambda: LISTS)
        _differences(store, steps)


def _differences(store: Store, steps) -> None:
    clock = Clock()
    play, run = SimpleNamespace(made=counter(store, clock)), secrets.token_hex(4)
    for act, what in steps:
        if act == "told":
            told(store, clock.at, dict(what), run)
        elif act == "wait":
            clock.at += timedelta(minutes=what)
        elif act == "fold":
            settle(play.made)
            assert kept(store) == anew(store, clock.at)
        elif act == "restart":
            play.made = counter(store, clock)
        elif act == "move":
            with store.write() as writer:
                path = f"330100/{what[:6]}/{what}"
                writer.conn.execute(update(case).where(case.c.id < "C").values(scope=path))
                writer.changed("cases", None)
        elif act == "drop":
            with store.write() as writer:
                writer.conn.execute(delete(case).where(case.c.id == f"{what}-{run}"))
                writer.conn.execute(delete(search).where(search.c.id == f"{what}-{run}"))
                writer.changed("cases", f"{what}-{run}")
        elif act == "operate":
            operate(store, clock.at, what)
        elif act == "treat":
            treat(store, clock)
        else:
            with store.write() as writer:
                writer.conn.execute(delete(change))
            play.made = counter(store, clock)
    settle(play.made)
    assert kept(store) == anew(store, clock.at)
    with store.read() as conn:
        assert conn.execute(select(indicator_state.c.walk_after)).scalar() is None


LISTS = read(
    [
        {
            "id": "storm",
            "mode": "emergency",
            "cases": {
                "expedite": [{"classes": ["event/04"], "limit_min": 60}],
                "defer": [{"classes": ["event/05"]}],
            },
        }
    ]
)
FLOOD = operations.Draft(
    kind="emergency",
    level=4,
    scenario="flood-typhoon",
    name="",
    area="330106",
    issuer="市防指",
    basis="",
)


def operate(store: Store, now: datetime, act: str) -> None:
    """Start what is not in force, or change the one that is."""
    said = operations.Said(by="wang", role="commander", now=now, reason="暴雨")
    with store.write() as writer:
        query = select(operation).where(operation.c.state == "in_force")
        row = writer.conn.execute(query).mappings().first()
        if act == "start" and row is None:
            operations.start(writer, FLOOD, said, day=secrets.token_hex(4))
        elif act == "level" and row is not None:
            level = 3 if row["level"] == 4 else 4
            operations.change_level(writer, row["id"], level, said, version=None)
        elif act == "end" and row is not None:
            operations.end(writer, row["id"], said, version=None)
        elif row is not None and now - row["entered_at"] < timedelta(minutes=10):
            operations.revoke(writer, row["id"], said, version=None)


def treat(store: Store, clock: Clock) -> None:
    step = treating.make(store, clock)  # type: ignore[arg-type]
    while step():
        pass


def told(store: Store, now: datetime, what: dict, run: str) -> None:
    what["id"] = f"{what['id']}-{run}"  # the record of an earlier run cannot be taken back
    due, bulk = what.pop("due"), what.pop("bulk")
    values = {**what, "stage_at": now, "updated_at": now, "reported_at": START - timedelta(days=1)}
    if due is not None:
        values["due_at"] = now + timedelta(minutes=due)
    sent = [record(values["id"], **values)]
    if bulk:
        bulk_load.load(store, "cases", sent, feed="t", now=now, policy=LEARN, tell=False)
    else:
        ingest(store, "cases", sent, feed="t", now=now, policy=LEARN)


def test_a_subdistricts_groups_of_a_day_are_counted_when_asked_for(store: Store) -> None:
    clear(store)
    clock = Clock()
    made = counter(store, clock)
    told = [
        record("A", due_at=START),
        record("B", unit="U2"),
        record("C", jurisdiction="330105001"),
    ]
    ingest(store, "cases", told, feed="t", now=START, policy=LEARN)
    settle(made)
    day, month = date(2016, 9, 4), date(2016, 9, 30)
    street = "330100/330106/330106005"
    with store.read() as conn:
        for period in (Period(day, day), Period(date(2016, 9, 1), month)):
            found = by_value(conn, areas=[street], group="unit", period=period)
            reported = {unit: sums[0][MEASURES.index("reported")] for unit, sums in found.items()}
            assert reported == {"U1": 1, "U2": 1}
            assert found["U1"][0][MEASURES.index("due")] == 1
