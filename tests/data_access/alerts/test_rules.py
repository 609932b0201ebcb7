"""The rules that count: shipped, replaced by import as a whole, and taken up by a running engine."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from dashboard.domain.alerts.rules import RuleError
from data_access.alerts import book
from data_access.feeds.recording.errors import RecordingError
from data_access.imports.alert_rules import import_rules
from data_access.tables import alert_rule
from tests.data_access.alerts.city import NOW, Town


def a_file(folder: Path, told: object) -> Path:
    path = folder / "rules.json"
    path.write_text(json.dumps(told, ensure_ascii=False), "utf-8")
    return path


def test_the_shipped_list_is_kept_as_the_first_version(town: Town) -> None:
    with town.store.read() as conn:
        rows = conn.execute(select(alert_rule)).all()
        assert [(row.version, row.by) for row in rows] == [(1, "shipped")]
        assert book.current(conn).version == 1


def test_an_import_counts_at_once_and_ends_what_no_rule_holds_any_more(
    town: Town, tmp_path: Path
) -> None:
    town.case("c1", due_at=NOW - timedelta(hours=1))
    town.station("r1")
    town.read("r1", 3.1)
    assert {row["rule"] for row in town.alerts(active=True)} == {"case-overdue", "level-warning"}
    told = book.shipped()
    rules = [dict(rule) for rule in told["rules"] if rule["kind"] != "case_overdue"]
    for rule in rules:
        if rule["id"] == "level-warning":
            rule["params"] = {"line": "warning", "deadband": 0.05, "kinds": ["tide"]}
    path = a_file(tmp_path, {**told, "rules": rules})
    assert import_rules(town.store, path) == (len(rules), 2)
    town.run()
    town.go(hours=1)
    assert [row for row in town.alerts(active=True) if row["rule"] != "station-silent"] == []
    assert import_rules(town.store, path) == (len(rules), None)


def test_a_list_with_a_fault_is_refused_whole(town: Town, tmp_path: Path) -> None:
    told = [{"id": "a", "name": "a", "kind": "depth", "priority": 1}, {"id": "b"}]
    with pytest.raises(RuleError, match="缺少"):
        import_rules(town.store, a_file(tmp_path, told))
    (tmp_path / "rules.json").write_text("{", "utf-8")
    with pytest.raises(RecordingError, match="JSON"):
        import_rules(town.store, tmp_path / "rules.json")
    with town.store.read() as conn:
        assert book.current(conn).version == 1
