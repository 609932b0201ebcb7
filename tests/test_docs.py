"""The documentation tells what is: links, commands, targets, keys and examples are checked."""

import ast
import re
import tomllib

import click
import pytest

from dashboard.cli import main
from dashboard.domain.records import KINDS, Limits, validate
from dashboard.domain.topics import TOPICS
from data_access.feeds.recording import Recording, config, mapping
from tests.conftest import NOW, ROOT

FOLDERS = (".", "docs", "examples", "assets/map", ".ci", ".github")
DOCS = sorted(path for folder in FOLDERS for path in (ROOT / folder).glob("*.md"))
IDS = [str(path.relative_to(ROOT)) for path in DOCS]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
FOREIGN = re.compile(r"(?<![\w.:/-])/(?:work|tmp|home|root|Users|mnt)/\S+")


def text(path):
    return path.read_text("utf-8")


def blocks(path, language):
    """The fenced blocks of a language, without the indentation of the list they stand in."""
    found = []
    for indent, name, body in FENCE.findall(text(path)):
        if name == language:
            lines = [line.removeprefix(indent) for line in body.splitlines()]
            found.append("\n".join(lines) + "\n")
    return found


def anchors(path):
    """The anchors of a file's headings, as they are made where it is read."""
    heads = re.findall(r"^#+ (.+)$", re.sub(FENCE, "", text(path)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def test_every_document_is_looked_at():
    wanted = {"README.md", "README.zh-CN.md", "CONTRIBUTING.md", "CHANGELOG.md"}
    wanted |= {
        f"docs/{name}.md" for name in ("contracts", "configuration", "operate", "architecture")
    }
    assert wanted <= set(IDS)


@pytest.mark.parametrize("path", DOCS, ids=IDS)
def test_every_link_leads_somewhere(path):
    for target in LINK.findall(re.sub(FENCE, "", text(path))):
        if target.startswith(("http://", "https://")):
            continue
        name, _, anchor = target.partition("#")
        file = (path.parent / name).resolve() if name else path
        assert file.exists(), f"{target} leads nowhere"
        if anchor:
            assert anchor in anchors(file), f"{target}: there is no such heading"


@pytest.mark.parametrize("path", DOCS, ids=IDS)
def test_every_command_exists_with_its_options(path):
    for line in re.findall(r"(?<![\w-])pingji ((?:--config \w+ )?[a-z][^\n`#]*)", text(path)):
        words = re.sub(r"[\[\]|\\]", " ", line).split()
        words = words[2:] if words[0] == "--config" else words
        command = main.commands.get(words[0])
        assert command is not None, f"there is no command `pingji {line}`"
        if isinstance(command, click.Group) and len(words) > 1 and words[1].isalpha():
            inner = command.commands.get(words[1])
            assert inner is not None, f"there is no command `pingji {line}`"
            command = inner
        options = {name for param in command.params for name in param.opts}
        for word in words[1:]:
            if word.startswith("--"):
                assert word.rstrip(",.:") in options | {"--help"}, f"`pingji {line}` has no {word}"


@pytest.mark.parametrize("path", DOCS, ids=IDS)
def test_every_make_target_exists(path):
    targets = set(re.findall(r"^([a-z-]+):", text(ROOT / "Makefile"), re.MULTILINE))
    code = "\n".join(
        re.findall(r"`([^`\n]+)`", text(path)) + [b[2] for b in FENCE.findall(text(path))]
    )
    for target in re.findall(r"^make ([a-z-]+)\b", code, re.MULTILINE):
        assert target in targets or target.startswith("bench-"), f"there is no `make {target}`"


@pytest.mark.parametrize("path", DOCS, ids=IDS)
def test_no_path_of_somebodys_machine(path):
    assert FOREIGN.findall(text(path)) == []


CONTRACTS = ROOT / "docs" / "contracts.md"


def test_every_command_is_in_the_contracts():
    for name in main.commands:
        assert re.search(rf"`pingji {name}\b", text(CONTRACTS)), f"pingji {name} is not documented"


def test_every_topic_and_its_columns_are_in_the_contracts():
    for topic in TOPICS:
        columns = ", ".join(f"`{name}`" for name in topic.columns)
        assert re.search(
            rf"^\| `{topic.name}` \|.*\| {re.escape(columns)} \|$", text(CONTRACTS), re.MULTILINE
        ), f"the row of topic {topic.name} is not | {columns} |"


def test_every_key_of_a_description_is_in_the_contracts():
    told = text(CONTRACTS).partition("## Recordings")[2].partition("## Live stream")[0]
    named = set(re.findall(r"`\[*([a-z_]+)", told))
    keys = config._CITY_KEYS | config._PART_KEYS | config._STAGE_KEYS | config._LOOKUP_KEYS
    keys |= set(mapping._SOURCES) | mapping._STEPS
    assert keys - named == set()


def test_every_route_of_the_api_is_in_the_contracts():
    from dashboard.http.openapi import document

    told = re.sub(r"\{\w+\}", "{}", text(CONTRACTS))
    assert "/api/v1/ingest/{cases|" in told
    for path in document()["paths"].keys() - {"/api/v1/ingest/{kind}"}:
        name = re.sub(r"\{\w+\}", "{}", path)
        listed = name.count("/") == 3 and f"`{name.removeprefix('/api/v1/')}`" in told
        assert listed or re.search(rf"{re.escape(name)}[`?\s]", told), f"{path} is not documented"


def test_the_example_of_a_new_city_plays_as_told(tmp_path):
    (table,) = blocks(CONTRACTS, "csv")
    (description,) = blocks(CONTRACTS, "toml")
    folder = tmp_path / "newtown"
    folder.mkdir()
    (folder / "cases.csv").write_text(table, "utf-8")
    (folder / "city.toml").write_text(description, "utf-8")
    recording = Recording(folder)
    told = [*recording.static(), *recording.events(None, recording.city.end)]
    assert recording.source_rows == sum(item.first for item in told) == 3
    limits = Limits(unknown="learn")
    records = [item.record for item in told]
    good, bad = validate("cases", records, now=NOW.replace(year=2025), limits=limits)
    assert sorted(record.stage for _, record in good) == ["closed", "reported", "reported"]
    assert [(reject.id, reject.field) for reject in bad] == [("N-3", "stages.reported.at")]
    cases = [item.record["id"] for item in told if isinstance(item.record, dict)]
    assert sorted(cases) == ["N-1", "N-1", "N-2"]


def test_the_example_of_sending_a_record_is_one():
    (body,) = re.findall(r"-d '(\[.*\])'", text(CONTRACTS))
    good, bad = validate("readings", ast.literal_eval(body), now=NOW.replace(year=2030))
    assert len(good) == 1
    assert bad == []


def test_kinds_of_records_are_in_the_contracts():
    for kind in KINDS:
        assert kind in text(CONTRACTS)


CONTRIBUTING = ROOT / "CONTRIBUTING.md"


def test_the_recipes_import_what_there_is():
    whole = [block for block in blocks(CONTRIBUTING, "python") if block.startswith('"""')]
    assert len(whole) == 2
    for block in whole:
        for node in ast.walk(ast.parse(block)):
            if isinstance(node, ast.ImportFrom) and node.module:
                module = __import__(node.module, fromlist=["x"])
                for alias in node.names:
                    assert hasattr(module, alias.name) or __import__(f"{node.module}.{alias.name}")


def test_the_recipe_of_a_feed_runs(store, tmp_path):
    import threading

    from sqlalchemy import select

    from data_access.ingest import ingest
    from data_access.tables import feed, feed_tally

    block = next(block for block in blocks(CONTRIBUTING, "python") if "def fetch" in block)
    made: dict = {}
    exec(compile(block, "gauges.py", "exec"), made)
    path = tmp_path / "latest.txt"
    path.write_text("g1 3.2\ng2 wet\n", "utf-8")
    stations = [{"id": "g1", "kind": "rain", "name": "一号", "lon": 120.1, "lat": 30.1}]
    ingest(store, "stations", stations, feed="test", now=NOW)
    stop = threading.Event()
    runner = threading.Thread(target=made["run"], args=(store, {"path": path}, stop))
    runner.start()
    try:
        for _ in range(200):
            with store.read() as conn:
                query = select(feed_tally).where(feed_tally.c.feed == "gauges")
                row = conn.execute(query).one_or_none()
            if row is not None:
                break
            stop.wait(0.05)
    finally:
        stop.set()
        runner.join(10)
    assert (row.read, row.accepted, row.rejected) == (2, 1, 1)
    with store.read() as conn:
        assert conn.execute(select(feed.c.state).where(feed.c.id == "gauges")).scalar() == "ok"


def test_toml_blocks_are_toml():
    for path in DOCS:
        for block in blocks(path, "toml"):
            tomllib.loads(block)


def test_every_recipe_names_files_that_there_are():
    for name in re.findall(
        r"`((?:layouts|data_access|assets|dashboard)/[\w./]+\.\w+)`", text(CONTRIBUTING)
    ):
        new = {
            "layouts/panels/responders.py",
            "assets/85-responders.js",
            "assets/55-responders.css",
            "data_access/feeds/gauges.py",
        }
        assert name in new or (ROOT / name).is_file(), f"{name} is not there"


def test_pictures_are_small():
    for path in (ROOT / "docs" / "images").glob("*"):
        assert path.stat().st_size < 400_000, f"{path.name} is large"
