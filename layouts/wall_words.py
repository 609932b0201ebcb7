"""Words of walls: short, to be read at ten metres."""

from collections.abc import Mapping
from types import MappingProxyType

from dashboard.domain.words import Words

WALL_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "wall_rivers": Words("河道水位（米）· 距警戒", "Rivers (m) against warning"),
        "wall_rain": Words("近 1 小时雨量（毫米）", "Rain, last hour (mm)"),
        "wall_feeds": Words("数据接入", "Feeds"),
        "wall_map_cases": Words("在办案件分布", "Where open cases are"),
        "wall_map_water": Words("水情雨情分布", "Rivers and rain"),
        "wall_down": Words("连接中断 · {time} 的画面", "Connection lost · picture of {time}"),
        "wall_waiting": Words("正在连接", "Connecting"),
        "wall_no_screen": Words("没有名为 {id} 的屏", "There is no screen called {id}"),
        "wall_preview": Words("预览", "Preview"),
        "wall_no_scene": Words("此屏没有可用的场景", "This screen has no scene to show"),
    }
)
