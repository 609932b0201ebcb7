"""What a switch makes of open cases, as it is told before, meanwhile and after."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert

from data_access import treating
from data_access.tables import category
from tests.dashboard.http.test_operations import FLOOD, later, post
from tests.dashboard.http.town import NOW, City


def told(town: City, name: str, code: str, **more: Any) -> dict[str, Any]:
    at = (NOW - timedelta(hours=1)).isoformat()
    record = {
        "id": name,
        "kind": "event",
        "source": "collector",
        "subcategory": code,
        "description": "x",
        "jurisdiction": "330102",
        "reported_at": at,
        "stage": "dispatched",
        "stage_at": at,
        "due_at": (NOW + timedelta(hours=9)).isoformat(),
    }
    return record | more


def follow(town: City) -> None:
    step = treating.make(town.store, town.services.clock)
    while step():
        pass


def test_a_switch_says_what_becomes_of_cases_and_their_records_say_by_whom(town: City) -> None:
    chief = town.bearer("commander")
    with town.store.write() as writer:
        row = {"list_version": 1, "kind": "event", "class_code": "04", "class_name": "突发事件"}
        for code in ("0401", "0402", "0409"):
            writer.conn.execute(insert(category).values(**row, code=code, name=code))
    records = [told(town, f"p{n}", "0401") for n in range(3)]
    records += [told(town, "w", "0402"), told(town, "crowd", "0409")]
    records += [told(town, "done", "0401", stage="handled")]
    assert town.ingest("cases", records)["accepted"] == 6
    shown = post(town, chief, "/preview", **FLOOD).json["cases"]
    assert shown["before"] == {"expedite": 0, "usual": 5, "defer": 0, "limits": {}}
    after = {"expedite": 4, "usual": 1, "defer": 0, "limits": {"120": 3, "240": 1}}
    assert shown["after"] == after
    drill = post(town, chief, "/preview", **{**FLOOD, "drill": True}).json["cases"]
    assert drill["before"] == drill["after"]
    made = post(town, chief, **FLOOD).json
    follow(town)
    raised = post(town, chief, "/preview", operation=made["id"], level=1).json["cases"]
    assert (raised["before"]["limits"], raised["after"]["limits"]) == (
        {"120": 3, "240": 1},
        {"30": 3, "60": 1},
    )
    later(town, hours=3)
    case = town.client().get("/api/v1/cases/p1", headers=chief).json
    began = made["entered_at"].replace("+00:00", "Z")
    assert case["emergency_by"] == made["id"]
    emergency = case["clocks"]["emergency"]
    assert emergency["overdue"] is True
    assert (emergency["by"], emergency["due_at"]) == (made["id"], case["emergency_due_at"])
    assert case["clocks"]["disposal"]["by_operation"] is None
    (line,) = [it for it in case["events"] if "treatment" in it]
    assert (line["treatment"], line["limit_min"], line["at"]) == ("expedite", 120, began)
    assert (line["title"][0], line["note"]) == ("市防指 防汛Ⅳ级应急响应", FLOOD["reason"])
    whole = town.client().get(f"/api/v1/operations/{made['id']}", headers=chief).json
    assert whole["cases"] == {"expedited": 4, "limited": 4, "overdue": 3, "deferred": 0}
    post(town, chief, f"/{made['id']}/end", reason="雨停")
    follow(town)
    timeline = town.client().get(f"/api/v1/operations/{made['id']}/timeline", headers=chief).json
    assert timeline["cases"]["overdue"] == 3
    case = town.client().get("/api/v1/cases/p1", headers=chief).json
    assert (case["emergency_due_at"], case["emergency_by"]) == (None, None)
    assert case["events"][-1]["treatment"] == "restored"
    (kept,) = case["clocks"]["emergency"]["treatments"]
    assert (kept["overdue"], kept["limit_min"]) == (True, 120)
    sheet = town.client().get(f"/api/v1/operations/{made['id']}/timeline.xlsx", headers=chief)
    assert sheet.status_code == 200
