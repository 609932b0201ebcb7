"""Dash's server takes two writers of one output and ids that exist nowhere; this does not."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from plotly.utils import PlotlyJSONEncoder

from callbacks import shell
from dashboard.app import create_app
from dashboard.build import ASSETS
from dashboard.http import bundle
from dashboard.settings import Settings
from tests.conftest import empty_sqlite


@pytest.fixture
def app(sqlite_template: Path, tmp_path: Path) -> Dash:
    empty_sqlite(sqlite_template, tmp_path)
    return create_app(Settings(data_dir=tmp_path))


def _bound(app: Dash) -> list[dict[str, Any]]:
    return list(app._callback_list)


def _outputs(entry: dict[str, Any]) -> list[str]:
    text = entry["output"]
    return text.strip(".").split("...") if text.startswith("..") else [text]


def _placed(app: Dash) -> list[Any]:
    """The ids of every screen: texts, and the keys of pattern ids."""
    text = json.dumps(app.validation_layout, cls=PlotlyJSONEncoder)
    return re.findall(r'"id": "([\w-]+)"', text)


def test_an_output_has_one_writer(app: Dash) -> None:
    counted = Counter(output for entry in _bound(app) for output in _outputs(entry) if output)
    assert [output for output, count in counted.items() if count > 1] == []


def test_what_is_bound_is_placed(app: Dash) -> None:
    placed = set(_placed(app))
    for entry in _bound(app):
        named = [output.rpartition(".")[0] for output in _outputs(entry) if output]
        named += [each["id"] for each in (*entry["inputs"], *entry["state"])]
        plain = {name for name in named if not name.startswith("{")}
        assert plain <= placed, plain - placed


def test_made_twice_it_is_the_same(app: Dash, tmp_path: Path) -> None:
    again = create_app(Settings(data_dir=tmp_path))
    assert again.callback_map.keys() == app.callback_map.keys()


def test_no_callback_needs_eval_or_inline_script(app: Dash) -> None:
    functions = [entry["clientside_function"] for entry in _bound(app)]
    spaces = {f["namespace"] for f in functions if f}
    assert not {space for space in spaces if space.startswith("_dashprivate")}


def test_a_page_has_one_script_and_one_style_of_ours_and_the_worker_is_in_neither(
    app: Dash,
) -> None:
    with app.server.test_request_context():
        app._setup_server()
        scripts, styles = app._generate_scripts_html(), app._generate_css_dist_html()
    assert re.findall(r'"/assets/([^"?]*)', scripts) == ["pingji.js"]
    assert re.findall(r'"/assets/([^"?]*)', styles) == ["pingji.css"]
    # the scripts of components come first: ours begin with what those bring
    assert scripts.index("dash_leaflet") < scripts.index("pingji.js")
    script = bundle.script(ASSETS).body.decode()
    names = re.findall(r"^/\* ([\w-]+\.js) \*/$", script, re.MULTILINE)
    every = sorted(path.name for path in ASSETS.glob("*.js"))
    assert names == [name for name in every if name != "live-worker.js"]


def test_pages_ask_for_their_right() -> None:
    page = shell.EXAMPLE
    assert "shell-screen" in json.dumps(shell.whole(page), cls=PlotlyJSONEncoder)
    nobody = page.__class__(
        city=page.city,
        viewer=page.viewer.__class__(
            name="n", display_name="n", role="leader", rights=frozenset({"look"})
        ),
        build="",
        session="",
    )
    assert "admin-body" not in json.dumps(shell.screen(nobody, "/admin"), cls=PlotlyJSONEncoder)
    assert "console" in json.dumps(shell.screen(nobody, "/console"), cls=PlotlyJSONEncoder)
    assert "missing" in json.dumps(shell.screen(nobody, "/nowhere"), cls=PlotlyJSONEncoder)
