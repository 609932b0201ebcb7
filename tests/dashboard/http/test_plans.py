"""Plans: begun with their operation, done with evidence, told afterwards in order."""

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from data_access.imports import RecordingError, Source, import_file
from tests.dashboard.http.test_operations import FLOOD, later, post
from tests.dashboard.http.town import City

ROWS = [
    {"plan": "p", "plan_name": "防汛预案", "kind": "emergency", "scenario": "flood-typhoon",
     "phase": "启动", "id": "a", "name": "通知各区", "post": "supervisor", "due_min": 15,
     "levels": "", "evidence": "note"},
    {"plan": "p", "plan_name": "防汛预案", "kind": "emergency", "scenario": "flood-typhoon",
     "phase": "处置", "id": "b", "name": "封闭下穿立交", "post": "district", "due_min": 60,
     "levels": "1、2", "evidence": "count"},
]  # fmt: skip


def sheet(path: Path, rows: list[dict[str, Any]]) -> Source:
    text = io.StringIO()
    writer = csv.DictWriter(text, ROWS[0])
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), encoding="utf-8")
    return Source(path=path, given={})


def tasks(town: City, operation: str, headers: dict[str, str]) -> dict[str, dict[str, Any]]:
    path = f"/api/v1/operations/{operation}/tasks"
    found = town.client().get(path, headers=headers).json["items"]
    return {it["id"].partition(".")[2]: it for it in found}


def done(town: City, headers: dict[str, str], task: str, act: str = "done", **body: Any) -> Any:
    return town.client().post(f"/api/v1/tasks/{task}/{act}", json=body, headers=headers)


def test_tasks_begin_with_the_operation_and_with_the_level_that_calls(
    anytown: City, tmp_path: Path
) -> None:
    town = anytown
    outcome = import_file(town.store, "plans", sheet(tmp_path / "plans.csv", ROWS))
    assert (outcome.accepted, outcome.rejected) == (2, [])
    again = import_file(town.store, "plans", sheet(tmp_path / "plans.csv", ROWS))
    assert (again.accepted, again.unchanged) == (0, 2)
    chief = town.bearer("commander")
    made = post(town, chief, **FLOOD, plan="p").json
    begun = tasks(town, made["id"], chief)
    assert list(begun) == ["a"]
    assert begun["a"]["due_at"].startswith("2026-07-01T04:15:0")
    post(town, chief, f"/{made['id']}/level", level=2, reason="加大")
    assert list(tasks(town, made["id"], chief)) == ["a", "b"]


def test_a_task_asks_for_its_evidence_and_is_done_once(town: City) -> None:
    chief = town.bearer("commander")
    made = post(town, chief, **{**FLOOD, "level": 2}).json
    todo = tasks(town, made["id"], chief)
    note, count = todo["notify"]["id"], todo["grates"]["id"]
    assert done(town, chief, note).json["field"] == "note"
    assert done(town, chief, count, note="全部").status_code == 422
    assert done(town, chief, count, note="清理 312 处").json["state"] == "done"
    finished = done(town, chief, note, note="已电话通知 13 区", version=1)
    assert (finished.json["state"], finished.json["version"]) == ("done", 2)
    assert done(town, chief, note, note="再来", version=1).status_code == 409
    back = done(town, chief, note, "reopen", reason="漏了一个区").json
    assert (back["state"], back["done_at"]) == ("open", None)
    assert done(town, town.bearer("leader"), note, note="x").status_code == 403
    assert done(town, chief, "none", note="x").status_code == 404


def test_the_timeline_tells_acts_and_tasks_met_and_missed(town: City) -> None:
    chief = town.bearer("commander")
    made = post(town, chief, **FLOOD).json
    todo = tasks(town, made["id"], chief)
    done(town, chief, todo["notify"]["id"], note="=cmd|' /C calc'!A0")
    later(town, hours=3)
    done(town, chief, todo["lowpoints"]["id"], note="76 处")
    post(town, chief, f"/{made['id']}/end", reason="雨停")
    path = f"/api/v1/operations/{made['id']}/timeline"
    told = town.client().get(path, headers=chief).json["items"]
    acts = [(it["kind"], it["act"]) for it in told]
    assert acts[:2] == [("operation", "start"), ("task", "done")]
    assert ("operation", "end") in acts
    late = {
        it["subject"].partition(".")[2]: it["detail"]["late"] for it in told if it["act"] == "done"
    }
    assert late == {"notify": False, "lowpoints": True}
    dropped = [it for it in told if it["act"] == "dropped"]
    assert len(dropped) == len(todo) - 2
    answer = town.client().get(path + ".xlsx", headers=chief)
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["时间线", "任务", "汇总"]
    assert book["时间线"]["A1"].value == "市防指 防汛Ⅳ级应急响应"
    cells = [cell.value for row in book["时间线"].iter_rows() for cell in row]
    assert "'=cmd|' /C calc'!A0" in cells
    states = [row[5] for row in book["任务"].iter_rows(min_row=2, values_only=True)]
    assert sorted(set(states)) == ["已完成", "已完成（逾时）", "未完成"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"post": "nobody"}, "post"),
        ({"due_min": "soon"}, "due_min"),
        ({"due_min": -1}, "due_min"),
        ({"levels": "5"}, "levels"),
        ({"name": ""}, "name"),
        ({"evidence": "film"}, "evidence"),
        ({"id": "a"}, "id"),
        ({"kind": "war"}, "kind"),
    ],
)
def test_a_plan_with_a_bad_row_does_not_stand_and_its_neighbours_do(
    town: City, tmp_path: Path, change: dict[str, Any], field: str
) -> None:
    good = {**ROWS[0], "plan": "q"}
    rows = [ROWS[0], {**ROWS[1], **change}, good]
    outcome = import_file(town.store, "plans", sheet(tmp_path / "plans.csv", rows))
    assert (outcome.read, outcome.accepted, len(outcome.rejected)) == (3, 1, 2)
    assert {it.index: it.field for it in outcome.rejected}[1] == field
    plans = town.client().get("/api/v1/plans", headers=town.bearer("commander")).json["items"]
    assert {"q"} <= {it["id"] for it in plans}
    assert "p" not in {it["id"] for it in plans}
    with pytest.raises(RecordingError):
        import_file(town.store, "plans", sheet(tmp_path / "empty.csv", []))
    refused = post(town, town.bearer("commander"), **FLOOD, plan="p")
    assert (refused.status_code, refused.json["field"]) == (422, "plan")
