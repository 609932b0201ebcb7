"""Words of the search box, of lists in order of need, and of a spot of the map."""

from dashboard.domain.words import Words

FIND_WORDS: dict[str, Words] = {
    "drawer_list": Words("清单", "List"),
    "drawer_spot": Words("地点", "Spot"),
    "list_rivers": Words("河道水位：离警戒最近在前", "Rivers: nearest their warning level first"),
    "list_places": Words("部位：封闭、积水在前", "Places: closed and ponding first"),
    "list_of": Words("共 {n} 处", "{n} in all"),
    "list_over": Words("超警戒 {n} 站", "{n} over warning"),
    "list_bad_places": Words(
        "封闭 {closed} 处，积水 {ponding} 处", "{closed} closed, {ponding} ponding"
    ),
    "list_none": Words("没有可列的", "Nothing to list"),
    "level_of": Words("{value} 米 · 警戒 {line} 米", "{value} m · warning {line} m"),
    "find_street": Words("道路", "Street"),
    "find_area": Words("地名", "Place name"),
    "find_spot": Words("坐标", "Coordinates"),
    "find_ended": Words("已结束 {time}", "ended {time}"),
    "here_near": Words("此处附近", "Near this spot"),
    "near_places": Words("附近部位", "Places near"),
}
"""Merged into the catalogue."""
