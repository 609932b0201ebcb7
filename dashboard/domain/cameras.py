"""Owns the words of cameras 视频点位 and the rule of which may be shown on a wall 可上墙.

Attributes are those of GB/T 28181's catalogue: PositionType, RoomType, Secrecy.
"""

from dashboard.domain.words import Words

STATUSES: dict[str, Words] = {
    "on": Words("在线", "Online"),
    "off": Words("离线", "Offline"),
}

SOURCES: dict[str, Words] = {
    "police": Words("公安视频", "Police video"),
    "bicycle": Words("公共自行车点", "Public-bicycle point"),
    "gb28181": Words("GB/T 28181 平台", "GB/T 28181 platform"),
    "city": Words("城管视频", "City management video"),
}
"""Who runs it (open: a city adds its own)."""

STREAM_KINDS: dict[str, Words] = {
    "hls": Words("HLS", "HLS"),
    "whep": Words("WebRTC", "WebRTC (WHEP)"),
    "mjpeg": Words("MJPEG", "MJPEG"),
    "snapshot": Words("快照", "Snapshot"),
}

POSITION_TYPES: dict[int, Words] = {
    1: Words("省际检查站", "Provincial checkpoint"),
    2: Words("党政机关", "Party and government office"),
    3: Words("车站码头", "Station or pier"),
    4: Words("中心广场", "Central square"),
    5: Words("体育场馆", "Stadium"),
    6: Words("商业中心", "Commercial centre"),
    7: Words("宗教场所", "Place of worship"),
    8: Words("校园周边", "Around schools"),
    9: Words("治安复杂区域", "Trouble spot"),
    10: Words("交通干线", "Main road"),
}

ROOM_TYPES: dict[int, Words] = {
    1: Words("室外", "Outdoor"),
    2: Words("室内", "Indoor"),
}

SECRECIES: dict[int, Words] = {
    0: Words("不涉密", "Not secret"),
    1: Words("涉密", "Secret"),
}

OFF_WALL_POSITIONS: frozenset[int] = frozenset({2, 7, 8})


def wall_allowed_by_default(
    position_type: int | None = None, room_type: int | None = None, secrecy: int | None = None
) -> bool:
    """Say whether a camera whose source says nothing may be shown on a wall.

    Not where it is indoors, secret, or at an office, a place of worship or a school.
    """
    return room_type != 2 and secrecy != 1 and position_type not in OFF_WALL_POSITIONS
