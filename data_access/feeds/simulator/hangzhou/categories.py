"""The 12 classes and 202 subclasses of the simulated city, how often each is filed, its limit.

162 subclasses are those of the table (``reference``); 40 are our own, stand in the class 扩展 and
say so: Hangzhou's own 40 could not be read.
"""

import csv
from functools import cache
from typing import Any, NamedTuple

from data_access import reference
from data_access.feeds.simulator.hangzhou.worktime import Limit

OWN = reference.FOLDER.parent / "data" / "own_categories.csv"
EXTENDED = "21"

# How often each subcategory is filed: a district's published month, the rest rarely.
_MIX = {
    "非机动车乱停放": 613,
    "违规标语宣传品": 367,
    "乱堆物堆料": 307,
    "暴露垃圾": 275,
    "沿街晾挂": 191,
    "无照经营游商": 184,
    "非法小广告": 107,
    "互联网租赁自行车乱停放": 96,
    "道路不洁": 90,
    "店外经营": 71,
    "垃圾箱(果屑箱)": 60,
    "违章接坡": 55,
    "机动车乱停放": 52,
    "占道经营": 45,
    "积存垃圾渣土": 44,
    "打包垃圾": 34,
    "占道废品收购": 28,
    "生活垃圾分类不到位": 26,
    "废弃家具设备": 23,
    "绿化弃料": 21,
    "道路破损": 18,
    "绿地脏乱": 12,
    "水域不洁": 9,
    "露天烧烤": 8,
    "工地扬尘": 8,
    "施工占道": 7,
    "路灯": 14,
    "雨水箅子": 9,
    "雨水井盖": 8,
    "上水井盖": 6,
    "交通护栏": 8,
    "道路积水": 3,
    "油烟污染": 6,
    "施工扰民": 6,
}
_RARE = 1.2

_BY_CLASS = {
    ("event", "01"): Limit(hours=14),
    ("event", "02"): Limit(hours=20),
    ("event", "03"): Limit(hours=20),
    ("event", "04"): Limit(urgent_hours=4),
    ("event", "05"): Limit(hours=10),
    ("event", "21"): Limit(hours=18),
}
_COMPONENT = Limit(hours=42)


class Category(NamedTuple):
    """A subclass: its codes, its weight and its ordinary limit."""

    kind: str
    class_code: str
    code: str
    name: str
    weight: float
    limit: Limit


def rows() -> list[dict[str, Any]]:
    """All subclasses as list rows."""
    found = [dict(row) for row in reference.categories()]
    with OWN.open(encoding="utf-8", newline="") as file:
        found += [
            {**row, "class_code": EXTENDED, "verified": False, "source": "own"}
            for row in csv.DictReader(file)
        ]
    for row in found:
        if row["class_code"] == EXTENDED:
            row |= {"class_name": "扩展", "class_name_en": "Local"}
    return found


@cache
def categories() -> tuple[Category, ...]:
    """All subclasses with what the simulation needs to know."""
    return tuple(
        Category(
            row["kind"],
            row["class_code"],
            row["code"],
            row["name"],
            _MIX.get(row["name"], _RARE if row["kind"] == "event" else _RARE / 3),
            _BY_CLASS.get((row["kind"], row["class_code"]), _COMPONENT),
        )
        for row in rows()
    )
