"""Words of the map: how many stand where, and what waits for a nearer look."""

from dashboard.domain.words import Words

MAP_WORDS = {
    "group_alerts": Words("未确认告警 {n} 条", "{n} alerts not acknowledged"),
    "heap": Words("此处 {n} 处需处理", "{n} here need action"),
    "heap_more": Words("另有 {n} 处", "{n} more"),
    "map_waiting": Words("另有 {n} 个正常点位，放大可见", "{n} more normal points: zoom in"),
    "legend_alert": Words("有未确认告警（数）", "Alerts not acknowledged (number)"),
    "legend_few": Words(
        "正常点位按余地显示，异常始终显示", "Normal points where there is room, abnormal always"
    ),
}
