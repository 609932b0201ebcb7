"""Published figures come in as they were published, and the demonstration ships some."""

from sqlalchemy import select

from data_access.imports import Source, import_file
from data_access.imports.indicators import write_shipped
from data_access.queries import indicators
from data_access.store import Store
from data_access.tables import indicator_published
from tests.conftest import NOW
from tests.data_access.test_imports import town  # noqa: F401 - a fixture

FILE = """indicator,period,value,jurisdiction,source,by,of
timely_rate,2016,99.33%,,年报,,
timely_rate,2016-09,98.5,330106,月报,,
filed,2006-03/2016,1126.80万,,年报,,
timely_rate,2016,97,,月报,unit,市政所
timely_rate,soon,97,,月报,,
luck,2016,97,,月报,,
timely_rate,2016,much,,月报,,
timely_rate,2016,97,999999,月报,,
"""


def test_published_figures_come_in_row_by_row(town: Store, tmp_path) -> None:  # noqa: F811
    path = tmp_path / "figures.csv"
    path.write_text(FILE, "utf-8")
    outcome = import_file(town, "indicators", Source(path=path, given={}))
    assert (outcome.accepted, outcome.unchanged) == (4, 0)
    assert [it.field for it in outcome.rejected] == ["period", "indicator", "value", "jurisdiction"]
    again = import_file(town, "indicators", Source(path=path, given={}))
    assert (again.accepted, again.unchanged) == (0, 4)
    with town.read() as conn:
        rows = indicators.published(conn, areas=["330100"], basis="published")
    told = {(it["indicator"], it["first_on"], it["last_on"], it["value"]) for it in rows}
    assert told == {
        ("timely_rate", 20160101, 20161231, 99.33),
        ("filed", 20060301, 20161231, 11_268_000.0),
        ("timely_rate", 20160101, 20161231, 97.0),
    }
    path.write_text(FILE.replace("99.33%", "99.34%"), "utf-8")
    assert import_file(town, "indicators", Source(path=path, given={})).accepted == 1


def test_the_shipped_figures_are_all_taken(town: Store) -> None:  # noqa: F811
    for _ in range(2):
        with town.write() as writer:
            write_shipped(writer, NOW)
    with town.read() as conn:
        values = set(conn.execute(select(indicator_published.c.value)).scalars())
    assert {26.7, 99.33, 97.86, 11_268_000.0} <= values
