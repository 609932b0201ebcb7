"""Words of commanding screens from the console."""

from collections.abc import Mapping
from types import MappingProxyType

from dashboard.domain.words import Words

SCREEN_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "screens_count": Words("{n} 块，全部在线", "{n}, all online"),
        "screens_count_off": Words("{n} 块，{off} 块不在线", "{n}, {off} not online"),
        "screens_all": Words("全选", "All"),
        "screens_choose": Words("先选一块或几块屏", "Choose one or several screens"),
        "screens_chosen": Words("对所选 {n} 块屏", "For the {n} chosen"),
        "screens_acts": Words("控制", "Control"),
        "screens_back": Words("下墙", "Take back"),
        "screens_pin": Words("锁定", "Pin"),
        "screens_unpin": Words("解锁", "Unpin"),
        "screens_blank": Words("黑屏", "Blank"),
        "screens_scenes": Words("场景上墙", "Send a scene"),
        "screens_turns": Words("轮播", "Turns"),
        "screens_turns_set": Words("按此轮播", "Use these turns"),
        "screens_turns_usual": Words("恢复原有轮播", "As the scene has it"),
        "screens_seconds": Words("秒", "s"),
        "screens_earlier": Words("提前", "Earlier"),
        "screens_incident": Words("事件上墙", "Send an incident"),
        "screens_incident_hint": Words(
            "在列表或地图上打开案件、告警、部位或测站，再到这里上墙",
            "Open a case, an alert, a place or a station, then send it from here",
        ),
        "screens_send": Words("上墙", "Send"),
        "screens_cameras": Words("视频上墙", "Send cameras"),
        "screens_camera_search": Words("按名称找可上墙的视频", "Find cameras for walls by name"),
        "screens_camera_turn": Words("秒一轮", "s a turn"),
        "screens_camera_count": Words("视频 {n} 路", "{n} cameras"),
        "screens_guests": Words("接待{hall}", "Guests{hall}"),
        "screens_guests_go": Words("结束接待{hall}", "Guests gone{hall}"),
        "screens_done": Words("已发送到大屏", "Sent to the screens"),
        "screens_black": Words("黑屏", "Black"),
        "screens_unseen": Words("未登记", "Not enrolled"),
        "screens_offline": Words("离线 {age}", "Offline for {age}"),
        "screens_online": Words("在线 · {age}前", "Online · {age} ago"),
        "screens_behind": Words("尚未切换 · {age}前", "Not yet switched · {age} ago"),
        "screens_stale": Words("画面未更新 · {age}前", "Its picture is old · {age} ago"),
        "screens_open": Words("大屏 W", "Screens W"),
        "screens_panel_map": Words("地图", "Map"),
        "screens_panel_figures": Words("指标", "Figures"),
        "screens_panel_districts": Words("区县", "Districts"),
        "screens_panel_rivers": Words("河道", "Rivers"),
        "screens_panel_rain": Words("雨量", "Rain"),
        "screens_panel_feeds": Words("接入", "Feeds"),
        "screens_panel_worst": Words("最需关注", "Worst"),
        "screens_panel_incident": Words("事件", "Incident"),
        "screens_panel_cameras": Words("视频", "Cameras"),
        "screens_panel_quiet": Words("指标", "Figures"),
    }
)
