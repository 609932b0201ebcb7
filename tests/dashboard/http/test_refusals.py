"""What is refused is said in English too: whatever the code can refuse, and where it was chosen."""

import ast
import re
from pathlib import Path

import pytest

from dashboard.domain.refusals import ENGLISH, english
from tests.conftest import ROOT
from tests.dashboard.http.town import City

CJK = re.compile(r"[一-鿿]")
ROOMS = (
    *("dashboard/http/*.py", "dashboard/guard.py", "dashboard/accounts/*.py"),
    *("dashboard/domain/operations.py", "dashboard/domain/events/*.py"),
    *("dashboard/domain/records/[acsv]*.py", "dashboard/live/*.py"),
    *("data_access/commands/*.py", "data_access/events/*.py", "data_access/ingest/*.py"),
    "callbacks/admin_rejects.py",
)
NOT_REFUSED = {
    "dashboard/http/timeline.py",  # a table of a report
    "dashboard/domain/records/cap.py",  # of a feed's XML
}
SAID = {"Words", "Factor"}
"""What comes in both languages where it stands."""
OTHER = {
    "积水约 {} 厘米",  # a case's description
    "真实行动启动，演练中止",  # the reason of an act
    "应急响应",  # names of operations and their levels
    *(f"{level}级" for level in "ⅠⅡⅢⅣ一二三四"),
    " 或 ",
    "平急",
    "平急 Pingji",
}


def templates(path: Path) -> set[str]:
    """The Chinese sentences of a file that are no documentation and not said in English beside."""
    tree = ast.parse(path.read_text("utf-8"))
    passed: set[int] = set()
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
        elif _said_in_both(node):
            passed |= {id(each) for each in ast.walk(node)}
        elif isinstance(node, ast.JoinedStr):
            passed |= {id(each) for each in ast.walk(node) if each is not node}
    for node in ast.walk(tree):
        told = None if id(node) in passed else _template(node)
        if told is not None and CJK.search(told) and not told.startswith("<"):
            found.add(told)
    return found


def _said_in_both(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return getattr(node.func, "id", "") in SAID
    if isinstance(node, ast.Dict):
        return {"zh", "en"} <= {getattr(key, "value", None) for key in node.keys}
    if isinstance(node, ast.Tuple) and len(node.elts) == 2:
        told = [getattr(each, "value", None) for each in node.elts]
        texts = all(isinstance(each, str) for each in told)
        return texts and bool(CJK.search(told[0])) and not CJK.search(told[1])
    return False


def _template(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(
            part.value if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
    return None


FILES = sorted(
    path
    for room in ROOMS
    for path in ROOT.glob(room)
    if str(path.relative_to(ROOT)) not in NOT_REFUSED
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_can_be_refused_has_english(path: Path) -> None:
    missing = {
        told
        for told in templates(path) - OTHER
        if told not in ENGLISH and CJK.search(english(told.replace("{}", "x")))
    }
    assert not missing


def test_no_english_holds_chinese_and_every_part_comes_through() -> None:
    for zh, en in ENGLISH.items():
        assert not CJK.search(en), en
        assert zh.count("{}") == en.replace("{{", "").replace("}}", "").count("{}"), zh


def test_parts_are_said_in_english_as_well() -> None:
    assert english("lon：类型应为数字，收到“east”。") == "lon: must be a number, not “east”."
    assert (
        english("until 须晚于现在，且不超过 24 小时。")
        == "until must be later than now, by 24 h at most."
    )
    assert english("items 应为 1 至 9 个 {id, version} 的列表。").endswith("1 to 9 {id, version}.")
    assert english("topics 只能是 cases、places。") == "topics must be among cases, places."
    assert english("完全未知的话") == "完全未知的话"


def test_who_chose_english_is_refused_in_english(town: City) -> None:
    browser = town.signed_in("ann", "supervisor")
    told = browser.get("/api/v1/search?q=a")
    assert told.json["detail"] == "q 至少 2 个字。"
    browser.set_cookie("pingji_language", "en")
    told = browser.get("/api/v1/search?q=a")
    assert (told.status_code, told.json["detail"]) == (400, "q must have 2 signs at least.")
    page = browser.get("/nowhere", headers={"Accept": "text/html"})
    assert "There is no such address" in page.text
