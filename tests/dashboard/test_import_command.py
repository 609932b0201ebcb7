"""`pingji import` as it is typed."""

import pytest
from click.testing import CliRunner

from dashboard.cli import main


@pytest.fixture
def run(store_url, tmp_path):
    runner = CliRunner(env={"PINGJI_DATABASE_URL": store_url, "PINGJI_DATA_DIR": str(tmp_path)})
    return lambda *args: runner.invoke(main, ["import", *[str(arg) for arg in args]])


def test_it_says_what_became_of_every_row(run, tmp_path):
    areas = tmp_path / "areas.csv"
    areas.write_text("代码,name,level\n330100,杭州市,city\n330106,西湖区,\n330107,,\n", "utf-8")
    areas.write_text(areas.read_text("utf-8").replace("330106", '"330106"'), "utf-8")
    (tmp_path / "city.geojson").write_text(
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": '
        '{"code": 330100, "name": "杭州市", "level": "city"}, "geometry": {"type": "Polygon", '
        '"coordinates": [[[120, 30], [121, 30], [121, 31], [120, 30]]]}}]}',
        "utf-8",
    )
    made = run("jurisdictions", tmp_path / "city.geojson", "--map", 'id={"template": "{code}"}')
    assert made.exit_code == 0, made.output
    told = run("jurisdictions", areas, "--map", "id=代码")
    assert told.exit_code == 0, told.output
    assert "areas.csv: read 3 = accepted 1 + unchanged 1 + rejected 1" in told.output
    assert "row 3 (330107): name: 缺少必填字段。" in told.output


def test_rejected_rows_alone_are_no_failure(run, tmp_path):
    units = tmp_path / "units.csv"
    units.write_text("id,name,jurisdiction\nu1,一,nowhere\n", "utf-8")
    told = run("units", units)
    assert told.exit_code == 0
    assert "read 1 = accepted 0 + unchanged 0 + rejected 1" in told.output


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["--map", "id"], "is not FIELD=COLUMN"),
        (["--time-zone", "Mars"], "is not the name of a time zone"),
        (["--encoding", "klingon"], "is not an encoding"),
        (["--crs", "flat"], "'flat' is not one of"),
        ([], "holds no rows"),
    ],
    ids=["map", "zone", "encoding", "crs", "empty"],
)
def test_what_cannot_be_is_refused(run, tmp_path, args, says):
    path = tmp_path / "units.csv"
    path.write_text("id,name\n", "utf-8")
    told = run("units", path, *args)
    assert told.exit_code != 0
    assert says in told.output


def test_a_kind_that_is_none_is_not_offered(run, tmp_path):
    path = tmp_path / "orders.csv"
    path.write_text("id,name\n", "utf-8")
    assert run("orders", path).exit_code == 2
