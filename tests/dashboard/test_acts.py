"""Every act that the code can write into the audit has words; which those are, the code says."""

import ast
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from dashboard.domain.screen_acts import Wish
from layouts.act_words import ACTS
from tests.conftest import ROOT

SINKS = {"record": "act", "note": 1}
"""By whom a line is written (``audit.record``, ``site.note``), and where its act stands."""
OWNERS = {"record": "audit", "note": "site"}
FIELDS = {"wish": {str(wish) for wish in Wish}}
"""Acts that are a field of something: its values."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Module:
    """One source file, and who is whose parent in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tree = ast.parse(path.read_text("utf-8"))
        self.parent = {
            child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)
        }

    def calls(self, name: str) -> Iterator[ast.Call]:
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call) and _name(node.func) == name:
                yield node

    def around(self, node: ast.AST) -> Iterator[ast.FunctionDef]:
        while node in self.parent:
            node = self.parent[node]
            if isinstance(node, FUNCTIONS):
                yield node


def _name(func: ast.expr) -> str:
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def _argument(call: ast.Call, place: int | str) -> ast.expr | None:
    if isinstance(place, int) and place < len(call.args):
        return call.args[place]
    return next((word.value for word in call.keywords if word.arg == place), None)


class Reader:
    """Says which acts an expression can be."""

    def __init__(self, modules: list[Module]) -> None:
        self.modules = modules

    def written(self) -> Iterator[tuple[str, str]]:
        for module in self.modules:
            for sink, place in SINKS.items():
                for call in module.calls(sink):
                    owner = getattr(call.func, "value", None)
                    found = _argument(call, place)
                    if owner is None or _name(owner) != OWNERS[sink] or found is None:
                        continue
                    for act in self.values(module, found):
                        yield act, f"{module.path.name}:{call.lineno}"

    def values(self, module: Module, node: ast.expr) -> set[str]:
        match node:
            case ast.Constant(value=str(told)):
                return {told}
            case ast.IfExp():
                return self.values(module, node.body) | self.values(module, node.orelse)
            case ast.JoinedStr():
                parts = [self.values(module, part) for part in node.values]
                return {"".join(each) for each in product(*parts)}
            case ast.FormattedValue():
                return self.values(module, node.value)
            case ast.Attribute(attr=field) if field in FIELDS:
                return set(FIELDS[field])
            case ast.Subscript(value=ast.Name(id=table)):
                return self.of_table(module, table)
            case ast.Name(id=name):
                return self.named(module, node, name)
        raise AssertionError(f"{module.path}:{node.lineno}: which acts is {ast.unparse(node)}?")

    def of_table(self, module: Module, name: str) -> set[str]:
        found: set[str] = set()
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Assign) and _name(node.targets[0]) == name:
                assert isinstance(node.value, ast.Dict)
                found.update(*(self.values(module, value) for value in node.value.values))
        return found

    def named(self, module: Module, node: ast.expr, name: str) -> set[str]:
        for function in module.around(node):
            told = [word.arg for word in (*function.args.posonlyargs, *function.args.args)]
            if name in told or name in [word.arg for word in function.args.kwonlyargs]:
                return self.of_callers(module, function, name, told)
            assigned = [
                each.value
                for each in ast.walk(function)
                if isinstance(each, ast.Assign) and _name(each.targets[0]) == name
            ]
            if assigned:
                return set().union(*(self.values(module, value) for value in assigned))
        raise AssertionError(f"{module.path}:{node.lineno}: where does {name} come from?")

    def of_callers(
        self, module: Module, function: ast.FunctionDef, name: str, told: list[str]
    ) -> set[str]:
        """The values that callers give: of this module, and of others that import it."""
        place = told.index(name) if name in told else name
        found: set[str] = set()
        for other in self.modules:
            for call in other.calls(function.name):
                qualified = isinstance(call.func, ast.Attribute)
                if other is module or (qualified and _name(call.func.value) == module.path.stem):
                    given = _argument(call, place) or _argument(call, name)
                    if given is not None:
                        found |= self.values(other, given)
        return found


def written() -> dict[str, str]:
    """Each act that the code can write, and where."""
    rooms = ("dashboard", "data_access", "callbacks")
    modules = [Module(path) for room in rooms for path in sorted((ROOT / room).rglob("*.py"))]
    return dict(Reader(modules).written())


WRITTEN = written()


def test_the_acts_are_found_however_their_names_are_made() -> None:
    assert WRITTEN.keys() >= {
        *("sign-in", "alert-transfer", "station-unsuspect", "call-answer", "handover"),
        *("promise-keep", "operation-start", "screen-blank", "task-done", "proposal-accept"),
        *("reject-retry", "watch-camera", "event-things", "account-disable", "import"),
    }


@pytest.mark.parametrize("act", sorted(WRITTEN))
def test_an_act_of_the_audit_has_words(act: str) -> None:
    assert act in ACTS, f"{act}, written in {WRITTEN[act]}"
    assert ACTS[act].zh != ACTS[act].en


def test_no_words_stand_for_what_nobody_does() -> None:
    assert ACTS.keys() == WRITTEN.keys()
