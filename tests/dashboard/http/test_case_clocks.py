"""A case tells how its clocks stand and which of its moves were none; a wall is told neither."""

from data_access.deadlines import write_shipped
from tests.dashboard.http.town import City, a_case


def get(town: City, path: str, role: str) -> dict:
    answer = town.client().get(path, headers=town.bearer(role))
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_case_tells_its_clocks_but_not_to_a_wall(anytown: City) -> None:
    town = anytown
    with town.store.write() as writer:
        write_shipped(writer)
    for stage, hour in (("dispatched", 9), ("handled", 10), ("accepted", 11)):
        at = f"2026-07-01T{hour:02}:00:00+08:00"
        town.ingest("cases", [a_case("c1", stage=stage, stage_at=at, updated_at=at)])
    told = get(town, "/api/v1/cases/c1", "supervisor")
    disposal = told["clocks"]["disposal"]
    assert (disposal["due_by"], disposal["rule_version"]) == ("rule", 1)
    assert (disposal["spent_s"], disposal["running"]) == (3600, False)
    assert disposal["handled_at"] == "2026-07-01T02:00:00Z"
    assert disposal["limit"] > 1
    assert told["clocks"]["desk"]["clock"] == "file"
    odd = [event for event in told["events"] if event.get("odd")]
    assert [(it["stage"], it["odd_after"]) for it in odd] == [("accepted", "handled")]
    wall = get(town, "/api/v1/cases/c1", "wall")
    assert "clocks" not in wall
    assert not any("odd" in event for event in wall["events"])
    before = get(town, "/api/v1/cases/c1?as_of=2026-07-01T12:30:00%2B08:00", "supervisor")
    assert "clocks" not in before
