"""Owns the words of responders 处置力量: kinds and states (open: a city adds its own)."""

from dashboard.domain.words import Words

KINDS: dict[str, Words] = {
    "team": Words("队伍", "Team"),
    "vehicle": Words("车辆", "Vehicle"),
    "person": Words("人员", "Person"),
    "collector": Words("采集员", "Collector"),
    "equipment": Words("设备", "Equipment"),
}

STATUSES: dict[str, Words] = {
    "available": Words("待命", "Available"),
    "assigned": Words("已派", "Assigned"),
    "en_route": Words("途中", "En route"),
    "on_site": Words("到场", "On site"),
    "off": Words("停用", "Out of service"),
}
