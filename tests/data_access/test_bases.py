"""Bases 口径 of the rate are a site's data: imported as one, versioned, followed at once."""

from datetime import timedelta

from sqlalchemy import select

from data_access import bases
from data_access.imports import Source, import_file
from data_access.ingest import ingest
from data_access.store import Store
from data_access.tables import figure, indicator_sum
from tests.data_access.test_imports import town  # noqa: F401 - a fixture
from tests.data_access.test_indicators import LEARN, START, Clock, clear, counter, record, settle

OURS = """id,name,name_en,numerator,denominator,left_out,period,month_from,imported
closing,按期结案口径,Closed in time,按期结案,期内到期,挂账;延期;作废,month,26,
live,实时口径,Live basis,timely,due,suspended;deferred;voided,month,,
published,考核口径,Published,,,,,,true
province,省考核口径,Of the province,,,,,,是
"""


def taken(store: Store, tmp_path, text: str, kind: str = "bases"):
    path = tmp_path / "list.csv"
    path.write_text(text, "utf-8")
    return import_file(store, kind, Source(path=path, given={}))


def test_a_sites_own_list_counts_and_has_a_version(town: Store, tmp_path) -> None:  # noqa: F811
    assert (taken(town, tmp_path, OURS).accepted, taken(town, tmp_path, OURS).unchanged) == (4, 4)
    with town.read() as conn:
        found = bases.current(conn)
    assert (found.version, found.main.id, found.main.month_from) == (1, "closing", 26)
    assert found.main.left_out == ("suspended", "extended", "voided")
    assert found.every["province"].imported
    figures = "indicator,period,value,basis\ntimely_rate,2016,97%,province\nfiled,2016,9,live\n"
    outcome = taken(town, tmp_path, figures, "indicators")
    assert [it.field for it in outcome.rejected] == ["basis"]
    gone = taken(town, tmp_path, OURS.replace("province,省考核口径,Of the province,,,,,,是\n", ""))
    assert gone.accepted == 0
    assert "province" in gone.rejected[0].reason


def test_a_list_with_a_fault_is_refused_as_one(town: Store, tmp_path) -> None:  # noqa: F811
    for text, where in (
        (OURS.replace("按期结案,", "运气,"), "numerator"),
        (OURS.replace(",26,", ",31,"), "month_from"),
        ("id,name,imported\npublished,考核口径,true\n", "imported"),
    ):
        outcome = taken(town, tmp_path, text)
        assert outcome.accepted == 0
        assert outcome.rejected[0].field == where
        assert len(outcome.rejected) == outcome.read
    with town.read() as conn:
        assert bases.current(conn).version == 0


def test_another_basis_needs_no_case_counted_anew(store: Store, tmp_path) -> None:
    clear(store)
    clock = Clock()
    made = counter(store, clock)
    due = START - timedelta(hours=1)
    told = [
        record("A", stage="closed", due_at=due, stage_at=due - timedelta(hours=1)),
        record("B", due_at=due, marks=["extended"]),
        record("C", due_at=due, stage="handled", stage_at=due - timedelta(hours=1)),
    ]
    for one in told:
        one["reported_at"] = (due - timedelta(days=1)).isoformat()
    ingest(store, "cases", told, feed="t", now=START, policy=LEARN)
    settle(made)
    with store.read() as conn:
        sums = conn.execute(select(indicator_sum)).all()
        before = conn.execute(select(figure).where(figure.c.id == "330100")).one()
    assert (before.basis, before.timely, before.due) == ("live", 2, 3)
    taken(store, tmp_path, OURS)
    settle(counter(store, clock))
    with store.read() as conn:
        assert conn.execute(select(indicator_sum)).all() == sums
        after = conn.execute(select(figure).where(figure.c.id == "330100")).one()
    assert (after.basis, after.basis_name, after.timely, after.due) == (
        *("closing", "按期结案口径"),
        *(1, 2),
    )
    assert (after.first_on, after.last_on) == (20160826, 20160925)
