"""The 1,380 responsible units of the simulated city, and which of them handles a case.

48 municipal, 665 of districts and management areas, one a subdistrict (99), one a community (568).
Names are made up after what such units are called; telephone numbers are patterns, not numbers.
"""

import random
from typing import Any

from data_access.feeds.simulator.hangzhou.ground import Community, Ground

DISTRICT_UNITS = 665
_MUNICIPAL = (
    *("市政设施管理中心", "路灯管理所", "城市照明中心", "绿化管理站", "公园管理中心", "水务集团"),
    *("排水有限公司", "防洪排涝中心", "河道监管中心", "运河综保中心", "水文水资源中心"),
    *("燃气集团", "热力公司", "供电公司", "环境集团", "环卫发展中心", "垃圾处置监管中心"),
    *("固废管理中心", "综合行政执法支队", "直属执法大队", "停车产业公司", "公共自行车公司"),
    *("地铁集团", "公交集团", "交警支队", "交通设施管理处", "公路与港航中心", "桥隧管理中心"),
    *("高架快速路养护中心", "城市基础设施公司", "钱江新城管委会", "奥体中心", "建设工程质安站"),
    *("房产事务中心", "白蚁防治所", "地名档案馆", "广电网络公司", "电信分公司", "移动分公司"),
    *("联通分公司", "铁塔分公司", "邮政分公司", "消防救援支队", "应急保障中心", "生态监测中心"),
    *("渣土监管中心", "户外广告管理所", "数字城管信息处置中心"),
)
_AREA = (
    *("综合行政执法队", "市政园林管养所", "环卫所", "绿化管养所", "河道管理所", "排水管养所"),
    *("路灯所", "停车管理办", "住建局", "交通局", "农业农村局", "生态环境分局", "水利局"),
    *("市场监管分局", "公安分局", "交警大队", "消防大队", "教育局", "民政局", "卫健局", "文旅局"),
    *("商务局", "应急管理局", "城建发展公司", "城投集团", "环境服务公司", "园林绿化公司"),
    *("市政工程公司", "物业服务公司", "道路养护一队", "道路养护二队", "机动抢险队", "垃圾清运队"),
    *("公厕管理所", "户外广告所", "渣土办", "建设工地管理所", "拆迁办", "旧城改造办", "地铁指挥部"),
    *("公共自行车站", "数字城管中心", "快速路养护站", "桥涵管养站", "泵站管理所"),
)
_BY_CLASS = {
    ("component", "01"): ("市政园林管养所", "排水管养所", "路灯所", "市政工程公司"),
    ("component", "02"): ("市政园林管养所", "道路养护一队", "道路养护二队", "交警大队"),
    ("component", "03"): ("环卫所", "环境服务公司", "公厕管理所"),
    ("component", "04"): ("绿化管养所", "园林绿化公司"),
    ("component", "05"): ("住建局", "拆迁办", "物业服务公司"),
    ("component", "06"): ("河道管理所", "城建发展公司", "城投集团"),
    ("component", "21"): ("公共自行车站", "停车管理办", "数字城管中心"),
    ("event", "01"): ("环卫所", "垃圾清运队", "环境服务公司", "河道管理所"),
    ("event", "02"): ("户外广告所", "综合行政执法队"),
    ("event", "03"): ("建设工地管理所", "渣土办", "综合行政执法队"),
    ("event", "04"): ("机动抢险队", "排水管养所", "市政工程公司"),
    ("event", "05"): ("综合行政执法队", "交警大队"),
    ("event", "21"): ("综合行政执法队", "环卫所", "停车管理办"),
}
_SEND = ("area", "subdistrict", "community", "city")
_SHARE = {"component": (78, 10, 4, 8), "event": (38, 36, 24, 2)}


def rows(ground: Ground) -> list[dict[str, Any]]:
    """All units as list rows."""
    made = [
        _row(f"M{number:02}", f"市{name}", "city", None, number)
        for number, name in enumerate(_MUNICIPAL, 1)
    ]
    made += [
        _row(unit, f"{area_name}{_AREA[place]}", "district", area, len(made) + place)
        for unit, area, area_name, place in _of_areas(ground)
    ]
    made += [
        _row(f"S{cell.id}", f"{cell.name}城管办", "subdistrict", cell.id, 2_000 + number)
        for number, cell in enumerate(ground.subdistricts)
    ]
    made += [
        _row(f"C{it.id}", f"{it.name}（{it.subdistrict_name}）", "community", it.id, 4_000 + number)
        for number, it in enumerate(ground.communities)
    ]
    return made


def unit_for(rng: random.Random, kind: str, class_code: str, community: Community) -> str:
    """Draw the unit that handles a case."""
    send = rng.choices(_SEND, _SHARE[kind])[0]
    drawn = rng.random()
    if send == "subdistrict":
        return f"S{community.subdistrict}"
    if send == "community":
        return f"C{community.id}"
    if send == "city":
        return f"M{1 + int(drawn * len(_MUNICIPAL)):02}"
    names = _BY_CLASS[kind, class_code]
    return area_unit(community.area, names[int(drawn * drawn * len(names))])


def area_unit(area: str, name: str) -> str:
    """The id of a unit of an area by its name without the area's."""
    return f"{area}-U{1 + _AREA.index(name):02}"


def _of_areas(ground: Ground) -> list[tuple[str, str, str, int]]:
    """The 665: every area has the same units, the last of them only where some are left."""
    each, more = divmod(DISTRICT_UNITS, len(ground.areas))
    return [
        (f"{area.id}-U{place + 1:02}", area.id, area.name, place)
        for number, area in enumerate(ground.areas)
        for place in range(each + (number < more))
    ]


def _row(
    name_id: str, name: str, level: str, jurisdiction: str | None, number: int
) -> dict[str, Any]:
    return {
        "id": name_id,
        "name": name,
        "level": level,
        "jurisdiction": jurisdiction,
        "phone": f"0571-8xxx{number * 37 % 10_000:04}",
        "verified": False,
    }
