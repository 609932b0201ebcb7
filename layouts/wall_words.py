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
        "wall_map_heat": Words("在办案件热度与超期", "Where open cases are dense"),
        "wall_map_incident": Words("现场位置", "Where it is"),
        "wall_worst": Words("最需关注", "What is worst now"),
        "wall_worst_case": Words("超期最久", "Longest overdue"),
        "wall_worst_river": Words("河道水位", "River levels"),
        "wall_worst_alerts": Words("未确认告警", "Alerts not acknowledged"),
        "wall_worst_feeds": Words("数据接入", "Feeds"),
        "wall_worst_counts": Words(
            "高 {high} · 中 {middle} · 低 {low}", "H {high} · M {middle} · L {low}"
        ),
        "wall_none_overdue": Words("没有超期案件", "Nothing is overdue"),
        "wall_none_alerts": Words("均已确认", "All acknowledged"),
        "wall_overdue_for": Words("超 {age}", "{age} over"),
        "wall_danger": Words("险情", "Danger"),
        "wall_strip_more": Words("另有 {n} 处", "{n} more"),
        "wall_incident_since": Words("{time} 起", "since {time}"),
        "wall_incident_for": Words("已 {age}", "for {age}"),
        "wall_incident_none": Words("未指定事件", "No incident"),
        "wall_incident_gone": Words("已不在办", "No longer open"),
        "wall_depth": Words("水深 {n} 厘米", "{n} cm deep"),
        "wall_acknowledged": Words("已确认", "Acknowledged"),
        "wall_unacknowledged": Words("待确认", "Not acknowledged"),
        "wall_cleared": Words("已解除", "Cleared"),
        "wall_cameras": Words("现场视频", "Cameras"),
        "wall_cameras_none": Words("附近没有可上墙的视频", "No camera near may be shown"),
        "wall_metres": Words("{n} 米", "{n} m"),
        "wall_map_water": Words("水情雨情分布", "Rivers and rain"),
        "wall_map_incidents": Words("险情分布", "Where it happens"),
        "wall_places": Words("{n} 处", "{n}"),
        "wall_ponding": Words("积水点与封闭", "Ponding and closures"),
        "wall_handled": Words("已处置", "Cleared"),
        "wall_closed": Words("封闭", "Closed"),
        "wall_warnings": Words("生效中的预警", "Warnings in force"),
        "wall_warning": Words("{event}{colour}预警", "{colour} warning: {event}"),
        "wall_no_warnings": Words("没有生效的预警", "No warning is in force"),
        "wall_tasks": Words("预案进度", "Progress of plans"),
        "wall_tasks_head": Words("完成", "Done"),
        "wall_late": Words("逾时", "Late"),
        "wall_no_tasks": Words("没有预案任务", "No tasks"),
        "wall_responders": Words("处置力量", "Responders"),
        "wall_on_site": Words("到场", "On site"),
        "wall_out": Words("出动", "Out"),
        "wall_ready": Words("待命", "Ready"),
        "wall_no_responders": Words("没有处置力量", "No responders"),
        "wall_turns": Words("轮巡 {n} 路", "{n} in turn"),
        "wall_rivers_over": Words("超警戒 {n} · 接近 {near}", "{n} over · {near} near"),
        "wall_centimetres": Words("{n} 厘米", "{n} cm"),
        "wall_down": Words("连接中断 · {time} 的画面", "Connection lost · picture of {time}"),
        "wall_waiting": Words("正在连接", "Connecting"),
        "wall_no_screen": Words("没有名为 {id} 的屏", "There is no screen called {id}"),
        "wall_no_such_scene": Words("没有适合此屏的场景 {id}", "No scene {id} for this screen"),
        "wall_preview": Words("预览", "Preview"),
        "wall_no_scene": Words("此屏没有可用的场景", "This screen has no scene to show"),
    }
)
