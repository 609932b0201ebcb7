"""The timeline of an operation tells all that was done and happened, and counts it as the store."""

import io
from datetime import datetime, timedelta
from typing import Any

import openpyxl
from sqlalchemy import func, select

from data_access import tables
from data_access.alerts.engine import Engine
from data_access.clock import StoreClock
from tests.dashboard.http.test_operations import FLOOD, later, post
from tests.dashboard.http.town import EAST, NOW, City


def place(name: str, state: str, depth: float, minutes: float, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "kind": "underpass",
        "name": f"下穿{name}",
        "lon": 120.2,
        "lat": 30.3,
        "state": state,
        "depth_cm": depth,
        "jurisdiction": "330102",
        "at": (NOW + timedelta(minutes=minutes)).isoformat(),
        **more,
    }


def test_the_timeline_is_right_in_every_figure_against_the_store(anytown: City) -> None:
    town = anytown
    desk, leader = town.bearer("supervisor"), town.bearer("leader")
    for name in ("a", "b", "c"):
        town.ingest("places", [place(name, "normal", 0, -30)])
    town.ingest("places", [place("west", "normal", 0, -30, jurisdiction="330106")])
    made = post(town, desk, **{**FLOOD, "area": "330102"}).json
    path = f"/{made['id']}"
    engine = Engine(town.store, StoreClock(town.store))
    engine.step()
    for minutes, name, state, depth in (
        (10, "a", "ponding", 30),
        (12, "a", "ponding", 45),
        (14, "a", "closed", 50),
        (15, "b", "ponding", 20),
        (16, "west", "ponding", 40),
        (40, "a", "restored", 0),
    ):
        later(town, minutes=minutes)
        more = {"jurisdiction": "330106"} if name == "west" else {}
        town.ingest("places", [place(name, state, depth, minutes, **more)])
        engine.clock = StoreClock(town.store)
        while engine.step():
            pass
    later(town, minutes=45)
    engine.clock = StoreClock(town.store)
    while engine.step():
        pass
    post(town, desk, f"{path}/level", level=3, reason="雨大", approved_by="李局长")
    later(town, minutes=90)
    post(town, desk, f"{path}/end", reason="雨停", approved_by="王市长")
    assert post(town, leader, f"{path}/confirm", reason="属实").status_code == 200

    told = town.client().get(f"/api/v1/operations{path}/timeline", headers=desk).json
    items = told["items"]
    moments = [datetime.fromisoformat(it["at"]) for it in items]
    assert moments == sorted(moments)
    acts = [it["act"] for it in items if it["kind"] == "operation"]
    assert acts == ["start", "raise", "end", "confirm"]
    word = [it["detail"]["approved_by"] for it in items if it["kind"] == "operation"]
    assert word == ["张主任", "李局长", "王市长", None]
    states = [(it["subject"], it["act"]) for it in items if it["kind"] == "place"]
    assert states == [("a", "ponding"), ("a", "closed"), ("b", "ponding"), ("a", "restored")]
    assert told["figures"]["places"] == {"ponding": 2, "closed": 1, "cleared": 1}
    with town.store.read() as conn:
        record = tables.alert_record.c
        query = (
            select(record.act, func.count())
            .join(tables.alert, tables.alert.c.id == record.alert_id)
            .where(record.at >= NOW, tables.alert.c.scope == EAST)
            .group_by(record.act)
        )
        kept = {row[0]: row[1] for row in conn.execute(query)}
    assert kept
    assert told["figures"]["alerts"] == kept
    assert sum(it["kind"] == "alert" for it in items) == sum(kept.values())
    assert all(it["detail"]["name"].startswith("下穿") for it in items if it["kind"] == "alert")
    with town.store.read() as conn:
        tasks = conn.execute(select(tables.task)).all()
    missed = sum(it.due_at <= NOW + timedelta(minutes=90) for it in tasks)
    figures = told["figures"]["tasks"]
    assert (figures["all"], figures["missed"]) == (len(tasks), missed)
    assert sum(it["act"] == "missed" for it in items) == missed

    sheet = town.client().get(f"/api/v1/operations{path}/timeline.xlsx", headers=desk)
    book = openpyxl.load_workbook(io.BytesIO(sheet.data))
    assert len(list(book["时间线"].iter_rows(min_row=5))) == len(items)
    counted = {(row[0], row[1]): row[2] for row in book["汇总"].iter_rows(values_only=True)}
    assert counted["重点部位", "封闭"] == 1
    assert counted["告警", "触发"] == kept["raised"]
    assert counted["任务", "到时未完成"] == missed


def test_a_drills_sheet_says_so_in_its_name_title_and_every_row(town: City) -> None:
    chief = town.bearer("commander")
    made = post(town, chief, **FLOOD, drill=True).json
    answer = town.client().get(f"/api/v1/operations/{made['id']}/timeline.xlsx", headers=chief)
    assert f"drill-{made['id']}" in answer.headers["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book["时间线"]["A1"].value.startswith("演练 · ")
    for name in book.sheetnames:
        rows = list(book[name].iter_rows(min_row=5 if name == "时间线" else 2, values_only=True))
        assert rows
        assert all("演练" in row for row in rows)


def test_the_last_named_approver_signs_for_a_raise_and_an_end(town: City) -> None:
    desk, leader = town.bearer("supervisor"), town.bearer("leader")
    made = post(town, desk, **FLOOD).json
    path = f"/{made['id']}"
    assert post(town, leader, f"{path}/confirm", reason="属实").json["needs_confirmation"] is False
    assert post(town, desk, f"{path}/level", level=3, reason="雨大").json["field"] == "approved_by"
    raised = post(town, desk, f"{path}/level", level=3, reason="雨大", approved_by="李局长").json
    assert (raised["approved_by"], raised["needs_confirmation"]) == ("李局长", True)
    ended = post(town, desk, f"{path}/end", reason="雨停", approved_by="王市长").json
    assert (ended["approved_by"], ended["needs_confirmation"]) == ("王市长", True)
    with town.store.read() as conn:
        live = conn.execute(select(tables.operation.c.live)).scalar_one()
    assert live  # it stays told until it is signed
    signed = post(town, leader, f"{path}/confirm", reason="属实").json
    assert (signed["needs_confirmation"], signed["state"]) == (False, "ended")


def test_whoever_may_run_a_drill_stops_it_on_nobodys_word(town: City) -> None:
    desk = town.bearer("supervisor")
    made = post(town, desk, **FLOOD, drill=True, input="storm").json
    assert (made["id"], made["input"]) == ("20260701-D01", "storm")
    ended = post(town, desk, f"/{made['id']}/end", reason="中止演练")
    assert (ended.status_code, ended.json["state"]) == (200, "ended")
    real = {**FLOOD, "input": "storm"}
    assert post(town, desk, **real).json["field"] == "input"
    assert post(town, desk, **{**real, "drill": True, "input": "flood"}).json["field"] == "input"
    assert post(town, desk, **FLOOD).json["id"] == "20260701-01"


def test_a_revoked_start_stays_in_the_record_and_counts_nowhere(town: City) -> None:
    chief = town.bearer("commander")
    made = post(town, chief, **FLOOD).json
    later(town, minutes=2)
    gone = post(town, chief, f"/{made['id']}/revoke", reason="误启动").json
    assert gone["state"] == "revoked"
    told = town.client().get(f"/api/v1/operations/{made['id']}/timeline", headers=chief).json
    acts = [it["act"] for it in told["items"] if it["kind"] == "operation"]
    assert acts == ["start", "revoke"]
    listed = town.client().get("/api/v1/operations?live=true", headers=chief).json["items"]
    assert listed == []
