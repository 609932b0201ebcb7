"""Rejects: seen, tried again, dismissed, and written down."""

from sqlalchemy import insert, select, update

from data_access import tables
from tests.dashboard.http.town import EAST, NOW, City, a_case


def rejected(town: City) -> int:
    """Have a case of an unknown unit rejected; gives the reject's id."""
    told = town.ingest("cases", [a_case("c1", unit="u2")])
    assert len(told["rejected"]) == 1
    with town.store.read() as conn:
        return (
            conn.execute(select(tables.reject.c.id).order_by(tables.reject.c.id))
            .scalars()
            .all()[-1]
        )


def audited(town: City, act: str) -> list:
    with town.store.read() as conn:
        return list(conn.execute(select(tables.audit).where(tables.audit.c.act == act)))


def test_the_list_shows_what_came_and_why_it_was_turned_away(anytown: City) -> None:
    number = rejected(anytown)
    headers = anytown.bearer("administrator")
    item = anytown.client().get("/api/v1/rejects", headers=headers).json["items"][0]
    assert (item["id"], item["kind"], item["record_id"], item["field"]) == (
        number,
        "cases",
        "c1",
        "unit",
    )
    assert item["feed"].startswith("push:")
    assert item["state"] == "open"
    assert '"unit": "u2"' in item["record"]
    path = "/api/v1/rejects?state=dismissed"
    assert anytown.client().get(path, headers=headers).json["items"] == []
    assert anytown.client().get("/api/v1/rejects?state=x", headers=headers).status_code == 400


def test_a_mended_cause_lets_a_retry_through(anytown: City) -> None:
    town = anytown
    number = rejected(town)
    with town.store.write() as writer:
        writer.conn.execute(
            insert(tables.unit).values(id="u2", name="二所", verified=True, scope="330100")
        )
    headers = town.bearer("administrator")
    answer = town.client().post(f"/api/v1/rejects/{number}/retry", headers=headers)
    assert answer.json["accepted"] == 1
    assert town.client().get("/api/v1/cases/c1", headers=headers).json["unit"] == "u2"
    again = town.client().post(f"/api/v1/rejects/{number}/retry", headers=headers)
    assert (again.status_code, again.json["state"]) == (409, "retried")
    (line,) = audited(town, "reject-retry")
    assert (line.subject, line.detail["record_id"]) == (str(number), "c1")
    assert line.role == "administrator"


def test_what_is_turned_away_again_is_a_new_reject(anytown: City) -> None:
    number = rejected(anytown)
    headers = anytown.bearer("administrator")
    answer = anytown.client().post(f"/api/v1/rejects/{number}/retry", headers=headers)
    assert answer.json["rejected"][0]["field"] == "unit"
    items = anytown.client().get("/api/v1/rejects", headers=headers).json["items"]
    assert [item["state"] for item in items] == ["open", "retried"]


def test_a_dismissed_one_is_settled(anytown: City) -> None:
    number = rejected(anytown)
    headers = anytown.bearer("administrator")
    url = f"/api/v1/rejects/{number}/dismiss"
    assert anytown.client().post(url, headers=headers).json["state"] == "dismissed"
    assert anytown.client().post(url, headers=headers).status_code == 409
    assert len(audited(anytown, "reject-dismiss")) == 1


def test_an_administrator_of_a_district_sees_and_settles_its_own(anytown: City) -> None:
    number = rejected(anytown)
    east = anytown.bearer("administrator", EAST)
    assert anytown.client().get("/api/v1/rejects", headers=east).json["items"] == []
    assert anytown.client().post(f"/api/v1/rejects/{number}/retry", headers=east).status_code == 404
    with anytown.store.write() as writer:
        writer.conn.execute(update(tables.reject).values(scope=EAST))
    assert len(anytown.client().get("/api/v1/rejects", headers=east).json["items"]) == 1


def test_a_record_that_was_cut_cannot_be_retried(town: City) -> None:
    with town.store.write() as writer:
        made = writer.conn.execute(
            insert(tables.reject).values(
                feed="f",
                kind="cases",
                index=0,
                field="record",
                reason="x",
                record='{"id": "c1", "descr',
                city_at=NOW,
                real_at=NOW,
                scope="330100",
            )
        )
        number = made.inserted_primary_key[0]
    headers = town.bearer("administrator")
    answer = town.client().post(f"/api/v1/rejects/{number}/retry", headers=headers)
    assert answer.status_code == 422
    assert town.client().post("/api/v1/rejects/99/retry", headers=headers).status_code == 404
    huge = "9" * 30
    assert town.client().post(f"/api/v1/rejects/{huge}/retry", headers=headers).status_code == 404
