"""What is found: by number, address, name, in Chinese; kept with whatever is written."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, text

from dashboard.domain.records import Limits
from data_access.ingest import Policy, ingest
from data_access.ingest.bulk_load import load
from data_access.queries import search
from data_access.queries.visible import Sight
from data_access.schema import MIGRATIONS
from data_access.store import Store
from data_access.tables import search as search_table
from data_access.tables.search import GRAMS

NOW = datetime(2016, 9, 4, 2, 0, tzinfo=UTC)
LEARN = Policy(limits=Limits(unknown="learn"))
CITY = Sight(scopes=["city"])


def _case(name: str, **more: Any) -> dict[str, Any]:
    at = (NOW - timedelta(hours=1)).isoformat()
    return {
        "id": name,
        "kind": "event",
        "source": "collector",
        "subcategory": "0101",
        "description": "",
        "reported_at": at,
        "stage": "reported",
        "stage_at": at,
        **more,
    }


def _take(store: Store, kind: str, *records: dict[str, Any], bulk: bool = False) -> None:
    if bulk:
        assert load(store, kind, records, feed="f", now=NOW, policy=LEARN).rejected == 0
    else:
        assert not ingest(store, kind, list(records), feed="f", now=NOW, policy=LEARN).rejected


def _found(store: Store, asked: str, topic: str = "cases", sight: Sight = CITY) -> list[str]:
    with store.read() as conn:
        rows = search.find(conn, topic=topic, sight=sight, asked=asked, limit=50)
    return [row["id"] for row in rows]


@pytest.mark.parametrize("bulk", [False, True], ids=["one by one", "by the load"])
def test_what_is_written_is_found(store: Store, bulk: bool) -> None:
    ended = {"stage": "closed", "stage_at": (NOW - timedelta(days=9)).isoformat()}
    early = {"reported_at": (NOW - timedelta(days=20)).isoformat()}
    _take(
        store,
        "cases",
        _case("20160901001", address="文三路 12号"),
        _case("20160802002", description="学院路井盖缺失", **early, **ended),
        bulk=bulk,
    )
    _take(store, "cameras", {"id": "C1", "name": "文三路学院路口", **_CAMERA}, bulk=bulk)
    _take(store, "stations", {"id": "R1", "kind": "river", "name": "拱宸桥", **_SPOT}, bulk=bulk)
    _take(store, "places", {"id": "U1", "name": "德胜路下穿", **_PLACE}, bulk=bulk)
    assert _found(store, "文三路１２号") == ["20160901001"]
    assert _found(store, "井盖") == ["20160802002"]
    assert _found(store, "路井 缺失") == ["20160802002"]
    assert _found(store, "802002") == ["20160802002"]
    assert _found(store, "20160802002") == ["20160802002"]
    assert _found(store, "三路学") == []
    assert _found(store, "学院路", "cameras") == ["C1"]
    assert _found(store, "宸桥", "stations") == ["R1"]
    assert _found(store, "r1", "stations") == ["R1"]
    assert _found(store, "下穿", "places") == ["U1"]


_SPOT = {"lon": 120.1, "lat": 30.2}
_CAMERA = {**_SPOT, "source": "police", "status": "on"}
_PLACE = {**_SPOT, "kind": "underpass", "state": "normal", "at": NOW.isoformat()}


def test_a_text_that_changes_is_found_by_what_it_says_now(store: Store) -> None:
    _take(store, "cases", _case("n1", address="文三路", description="积水"))
    later = {"updated_at": (NOW - timedelta(minutes=1)).isoformat()}
    _take(store, "cases", _case("n1", address="体育场路", description="积水", **later))
    assert _found(store, "文三") == []
    assert _found(store, "体育场") == _found(store, "积水") == ["n1"]


def test_the_latest_comes_first_and_a_whole_number_before_it(store: Store) -> None:
    def at(hours: int) -> dict[str, str]:
        moment = (NOW - timedelta(hours=hours)).isoformat()
        return {"reported_at": moment, "stage_at": moment}

    _take(store, "cases", *(_case(f"7000{n}", description="见70002", **at(n)) for n in (2, 3, 1)))
    assert _found(store, "见7") == ["70001", "70002", "70003"]
    assert _found(store, "70002") == ["70002", "70001", "70003"]


def test_the_scope_holds_and_follows_a_move(store: Store) -> None:
    _take(store, "cases", _case("n1", description="井盖", jurisdiction="east"))
    assert _found(store, "井盖", sight=Sight(scopes=["city/east"])) == ["n1"]
    assert _found(store, "井盖", sight=Sight(scopes=["city/west"])) == []
    _take(
        store,
        "cases",
        _case("n1", description="井盖", jurisdiction="west", updated_at=NOW.isoformat()),
    )
    assert _found(store, "井盖", sight=Sight(scopes=["city/east"])) == []
    assert _found(store, "井盖", sight=Sight(scopes=["city/west"])) == ["n1"]


def test_what_is_hidden_of_a_person_is_no_gram(store: Store) -> None:
    _take(store, "cases", _case("n1", description="来电13812345678反映"))
    assert _found(store, "13812345678") == _found(store, "1234") == _found(store, "385678") == []
    assert _found(store, "5678") == ["n1"]
    with store.read() as conn:
        kept = conn.execute(select(search_table.c.grams)).scalar_one().split()
    assert "1234" not in kept


def test_signs_of_the_databases_own_syntax_are_text(store: Store) -> None:
    _take(store, "cases", _case("n1", description='5%_"坏" AND 1=1'))
    assert _found(store, '%_"') == []
    assert _found(store, '坏" OR "') == []
    assert _found(store, "坏 and") == ["n1"]


def test_the_databases_own_list_is_asked(store: Store) -> None:
    rows = [
        {"topic": "cases", "id": f"x{n}", "grams": f"g{n % 97}", "scope": "s"} for n in range(2_000)
    ]
    asked = {
        "postgresql": "EXPLAIN SELECT id FROM search WHERE topic || '' = 'cases' "
        "AND string_to_array(grams, ' ') @> ARRAY['g5']",
        "sqlite": "EXPLAIN QUERY PLAN SELECT id FROM search WHERE topic || '' = 'cases' AND n IN "
        f"(SELECT rowid FROM {GRAMS} WHERE {GRAMS} MATCH '\"g5\"')",
    }
    with store.write() as writer:
        writer.conn.execute(insert(search_table), rows)
        if store.dialect == "postgresql":
            writer.conn.execute(text("ANALYZE search"))
        told = [str(line) for line in writer.conn.execute(text(asked[store.dialect]))]
    assert any(GRAMS in line for line in told), told
    assert not any("Seq Scan" in line or "SCAN search'" in line for line in told), told


def test_a_store_that_was_there_before_is_searched_too(store: Store) -> None:
    _take(store, "cases", *(_case(f"n{n}", description="井盖") for n in range(3)))
    _take(store, "cameras", {"id": "C1", "name": "学院路口", **_CAMERA})
    with store.write() as writer:
        if store.dialect == "sqlite":
            writer.conn.execute(text(f"DROP TABLE {GRAMS}"))
        writer.conn.execute(text("DROP TABLE search"))
        writer.conn.execute(text("ALTER TABLE feed DROP COLUMN expect_s"))
        script = ScriptDirectory(str(MIGRATIONS)).get_revision("0008").module
        with Operations.context(MigrationContext.configure(writer.conn)):
            script.upgrade()
    assert sorted(_found(store, "井盖")) == ["n0", "n1", "n2"]
    assert _found(store, "学院路", "cameras") == ["C1"]
    _take(store, "cases", _case("n9", description="井盖"))
    assert "n9" in _found(store, "井盖")
