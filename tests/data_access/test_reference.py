"""The lists that Pingji carries: every class and subclass has a word in both languages."""

import re

from data_access import reference
from data_access.feeds.simulator.hangzhou import categories

CJK = re.compile(r"[\u4e00-\u9fff]")


def test_every_subclass_and_class_has_an_english_name_of_its_own() -> None:
    for rows in (reference.categories(), categories.rows()):
        for row in rows:
            for name in ("name_en", "class_name_en"):
                assert row[name], (row["kind"], row["code"], name)
                assert not CJK.search(row[name]), row[name]
    for kind in ("component", "event"):
        told = [row["name_en"] for row in categories.rows() if row["kind"] == kind]
        assert len(told) == len(set(told))
