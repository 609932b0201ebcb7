"""The catalogue: every word of the interface, Chinese first, English beside it.

Words of codes (stages, sources, roles, …) stand with the codes in ``dashboard.domain``. Scripts
get the same catalogue through the page's data; nothing on a screen is written anywhere else.
Names in braces are filled in by the script that paints.
"""

from collections.abc import Mapping
from types import MappingProxyType

from dash import html

from dashboard.domain.refusals import english
from dashboard.domain.words import Words
from layouts.alert_rule_words import ALERT_RULE_WORDS
from layouts.alert_words import ALERT_WORDS
from layouts.analysis_words import ANALYSIS_WORDS
from layouts.clock_words import CLOCK_WORDS
from layouts.drawer_words import DRAWER_WORDS
from layouts.duty_words import DUTY_WORDS
from layouts.emergency_words import EMERGENCY_WORDS
from layouts.entry_words import ENTRY_WORDS
from layouts.event_words import EVENT_WORDS
from layouts.find_words import FIND_WORDS
from layouts.map_words import MAP_WORDS
from layouts.operation_words import OPERATION_WORDS
from layouts.outbox_words import OUTBOX_WORDS
from layouts.screen_words import SCREEN_WORDS
from layouts.timeline_words import TIMELINE_WORDS
from layouts.wall_words import WALL_WORDS

CATALOGUE: Mapping[str, Words] = MappingProxyType(
    {
        # the shell
        "product": Words("平急", "Pingji"),
        "console": Words("指挥台", "Console"),
        "admin": Words("管理", "Administration"),
        "sign_out": Words("退出", "Sign out"),
        "language": Words("English", "中文"),
        "theme_light": Words("浅色", "Light"),
        "theme_dark": Words("深色", "Dark"),
        "skip": Words("跳到案件列表", "Skip to the cases"),
        "mode": Words("模式", "Mode"),
        "mode_routine": Words("平时", "Routine"),
        "simulated": Words("模拟数据", "Simulated data"),
        "recording": Words("回放数据", "Recorded data"),
        "city_clock": Words("城市时间", "City time"),
        "replay_speed": Words("{n} 倍速", "{n}× speed"),
        "no_page": Words("没有这个页面", "There is no such page"),
        "no_page_hint": Words("地址有误，或该功能尚未开通。", "The address is wrong."),
        "to_console": Words("回到指挥台", "Back to the console"),
        "forbidden": Words("无权查看此页", "You may not see this page"),
        # the stream
        "stream_live": Words("实时", "Live"),
        "stream_connecting": Words("连接中", "Connecting"),
        "stream_down": Words("已中断", "Cut off"),
        "painted": Words("绘制于 {age}前", "painted {age} ago"),
        "received": Words("收到于 {age}前", "received {age} ago"),
        "measured": Words("测得于 {age}前", "measured {age} ago"),
        "banner_down": Words(
            "连接中断 · 显示的是 {time} 的画面 · 正在重连",
            "Connection lost · the picture shown is of {time} · reconnecting",
        ),
        "banner_store": Words(
            "数据库不可用 · 显示的是 {time} 的画面",
            "The database is away · the picture shown is of {time}",
        ),
        "banner_opening": Words(
            "正在载入起始状态，数字尚不完整", "Bringing in the first state: no number is whole yet"
        ),
        "banner_first": Words("尚未连上数据流 · 正在连接", "Not connected yet · connecting"),
        "banner_full": Words(
            "此浏览器已有三个页面在接收实时数据，请关闭其一",
            "Three pages of this browser already receive live data; close one of them",
        ),
        "stale": Words("旧", "old"),
        "waiting": Words("等待数据", "Waiting for data"),
        # figures
        "figures": Words("指标", "Figures"),
        "open_cases": Words("在办", "Open"),
        "overdue_cases": Words("在办超期", "Open, overdue"),
        "filed_today": Words("今日立案", "Filed today"),
        "closed_today": Words("今日结案", "Closed today"),
        "stations_over": Words("超警戒测站", "Stations over warning"),
        "as_of": Words("数据截至", "As of"),
        "cases_unit": Words("件", "cases"),
        "stations_unit": Words("站", "stations"),
        "calendar_day": Words("日历日", "calendar day"),
        "of_open": Words("占在办 {n}%", "{n}% of open"),
        "oldest_overdue": Words("最久 {age}", "longest {age}"),
        "of_thresholds": Words("有警戒值 {n} 站", "of {n} with a warning level"),
        "no_thresholds": Words("无警戒值", "no warning levels known"),
        "last_24h": Words("含今日上报 {n} 件", "{n} reported"),
        # the map
        "map": Words("地图", "Map"),
        "layers": Words("图层", "Layers"),
        "layer_cases": Words("案件", "Cases"),
        "layer_river": Words("河道", "Rivers"),
        "layer_rain": Words("雨量", "Rain"),
        "layer_emission": Words("排污", "Emissions"),
        "layer_cameras": Words("视频", "Cameras"),
        "unplaced": Words("无位置案件 {n} 件", "{n} cases without a position"),
        "map_source": Words("底图", "Base map"),
        "map_sketch": Words("示意", "sketch, not surveyed"),
        "find": Words("搜索", "Search"),
        "find_hint": Words(
            "搜编号、地址、测站、视频、部位（按 /）",
            "Number, address, station, camera, place ( / )",
        ),
        "find_none": Words("没有找到", "Nothing found"),
        "filter": Words("筛选案件", "Filter cases"),
        "filter_district": Words("全部辖区", "All districts"),
        "filter_class": Words("全部大类", "All classes"),
        "filter_stage": Words("全部阶段", "All stages"),
        "filter_source": Words("全部来源", "All sources"),
        "filter_unit": Words("全部单位", "All units"),
        "filter_overdue": Words("只看超期", "Overdue only"),
        "filter_clear": Words("清除", "Clear"),
        "map_base": Words("底图", "Base map"),
        "map_offline": Words("离线图", "Offline"),
        "tiles_failed": Words(
            "“{name}”取不到图块，显示离线图", "“{name}” gives no tiles; the offline map is shown"
        ),
        "map_none": Words("无底图 · 经纬网", "No base map · graticule"),
        "approval": Words("审图号", "Map approval no."),
        "no_approval": Words("审图号未设置", "no map approval number set"),
        "legend": Words("图例", "Legend"),
        "legend_case": Words("案件", "Case"),
        "legend_overdue": Words("超期案件", "Overdue case"),
        "legend_cluster": Words("聚合：环示超期占比", "Group: ring shows the overdue share"),
        "legend_unusual": Words("超期异常偏多", "Unusually many overdue"),
        "legend_gauge": Words(
            "水位对警戒、保证线", "Level against its warning and guarantee lines"
        ),
        "legend_rain": Words("近 1 小时雨量（毫米）", "Rain of the last hour (mm)"),
        "legend_station": Words("测站（无警戒值）", "Station (no lines known)"),
        "legend_over": Words("超警戒", "Over warning"),
        "legend_camera": Words("视频点位", "Camera"),
        "map_keys": Words(
            "方向键移动，+ − 缩放，N / P 逐点（之后可用 Tab），回车打开，/ 搜索",
            "Arrows move, + − zoom, N / P (then Tab) step through points, Enter opens, / searches",
        ),
        "map_reset": Words("全市", "Whole city"),
        "group": Words("{n} 件，其中超期 {late} 件", "{n} cases, {late} overdue"),
        "group_cameras": Words("{n} 路视频", "{n} cameras"),
        "here": Words("此处 {n} 条", "{n} at this spot"),
        "camera_on": Words("在线", "On line"),
        "camera_off": Words("离线", "Off line"),
        "datum": Words("基面", "Datum"),
        "no_reading": Words("无读数", "No reading"),
        "close": Words("关闭", "Close"),
        # cases
        "cases": Words("案件", "Cases"),
        "latest": Words("最新", "Latest"),
        "overdue": Words("超期", "Overdue"),
        "overdue_by": Words("超期 {n} 小时", "overdue {n} h"),
        "due_in": Words("剩 {n} 小时", "{n} h left"),
        "due_in_days": Words("剩 {n} 天", "{n} d left"),
        "no_cases": Words("没有案件", "No cases"),
        "no_overdue": Words("没有超期案件", "Nothing overdue"),
        "shown_of": Words("显示 {n} / 共 {all} 件", "{n} of {all} shown"),
        "no_class": Words("类别 {code}", "Class {code}"),
        "no_place": Words("辖区不明", "Jurisdiction unknown"),
        "no_district": Words("区县不明", "District unknown"),
        "record": Words("案卷", "Record"),
        "case_number": Words("案件编号", "Case number"),
        "source": Words("问题来源", "Source"),
        "class": Words("类别", "Class"),
        "stage": Words("阶段", "Stage"),
        "marks": Words("标记", "Marks"),
        "unit": Words("责任单位", "Unit"),
        "jurisdiction": Words("辖区", "Jurisdiction"),
        "address": Words("地址", "Address"),
        "description": Words("描述", "Description"),
        "reported_at": Words("上报时间", "Reported"),
        "due_at": Words("处置截止", "Due"),
        "no_deadline": Words("无截止时间", "No deadline"),
        "unmarked": Words("解除{mark}", "{mark} lifted"),
        "no_description": Words("无描述", "No description"),
        "detail_loading": Words("正在取案卷", "Fetching the record"),
        "detail_failed": Words("案卷取不到，请重试", "The record cannot be fetched; try again"),
        "detail_gone": Words("此案件不可见", "This case cannot be seen"),
        "retry": Words("重试", "Retry"),
        # feeds
        "feeds": Words("数据接入", "Feeds"),
        "feed_ok": Words("正常", "OK"),
        "feed_waiting": Words("等待", "Waiting"),
        "feed_failed": Words("故障", "Failed"),
        "feed_ended": Words("已放完", "Ended"),
        "feed_loading": Words("载入中", "Loading"),
        "feed_silent": Words("静默", "Silent"),
        "expected_each": Words("应每 {age}内来报", "expected every {age}"),
        "feed_unwatched": Words("未设时限", "Not timed"),
        "expect_none": Words("未设来报时限，不判静默", "no time set: never silent"),
        "feeds_unwatched": Words("{n} 路未设时限", "{n} not timed"),
        "feeds_imported": Words("另有 {n} 个文件已导入", "{n} files imported"),
        "read": Words("读", "Read"),
        "accepted": Words("收", "Accepted"),
        "unchanged": Words("同", "Unchanged"),
        "rejected": Words("拒", "Rejected"),
        "never": Words("从未", "never"),
        "no_feeds": Words("没有数据接入", "No feeds"),
        "data_age": Words("数据 {age}前", "data {age} old"),
        "spoke_ago": Words("来报 {age}前", "spoke {age} ago"),
        # the wall
        "wall": Words("大屏", "Wall"),
        "over_by": Words("超{line} {n} 米", "{n} m over {line}"),
        "below_warning": Words("低 {n} 米", "{n} m below"),
        "shown_first": Words("前 {n} / 共 {all}", "first {n} of {all}"),
        "no_rain": Words("近 1 小时全市无雨", "No rain in the last hour"),
        "no_rivers": Words("没有带警戒值的河道站", "No river with a warning level"),
        "no_districts": Words("没有区县", "No districts"),
        "silent_for": Words("静默 {age}", "silent for {age}"),
        "feeds_fine": Words("{n} 路正常", "{n} well"),
        "feeds_bad": Words("{n} 路异常", "{n} not well"),
        # the tablet
        "tablet": Words("领导平板", "Tablet"),
        "worst": Words("最需要关注", "What is worst"),
        "worst_case": Words("超期最久的案件", "The case overdue longest"),
        "worst_river": Words("离警戒最近的河道", "The river nearest its warning level"),
        "worst_feed": Words("静默最久的数据", "The feed silent longest"),
        "why_case": Words("处置截止 {time}，至今未反馈", "due {time}, no answer yet"),
        "why_river": Words("水位 {value} 米，警戒 {line} 米", "at {value} m, warning {line} m"),
        "why_feed": Words("最后来报 {time}", "last heard {time}"),
        "none_overdue": Words("没有超期案件", "No case is overdue"),
        "none_river": Words("没有可判断的河道站", "No river can be judged"),
        "none_feed": Words("没有数据接入", "There are no feeds"),
        "overdue_for": Words("超期 {age}", "overdue {age}"),
        "filed_closed_today": Words("今日立案 / 结案", "Filed / closed today"),
        "whole_city": Words("全市", "City"),
        "show_on_map": Words("在地图上看", "Show on the map"),
        "swipe": Words("左右滑动看各区", "Swipe for the districts"),
        # ages
        "age_s": Words("{n} 秒", "{n} s"),
        "age_min": Words("{n} 分", "{n} min"),
        "age_h": Words("{n} 小时", "{n} h"),
        "age_d": Words("{n} 天", "{n} d"),
        # administration
        "screens": Words("大屏", "Screens"),
        "screen_id": Words("编号", "Id"),
        "measures": Words("尺寸", "Measures"),
        "scene": Words("场景", "Scene"),
        "enrolled": Words("已登记", "Enrolled"),
        "not_enrolled": Words("未登记", "Not enrolled"),
        "seen_at": Words("最近在线", "Last seen"),
        "screen_code": Words("登记代码", "Code"),
        "unenrol": Words("取消登记", "Unenrol"),
        "code_once": Words(
            "登记代码（10 分钟内有效，只能用一次），在大屏上键入或扫描：",
            "Code (good for 10 minutes and one use), to be typed or scanned at the screen:",
        ),
        "accounts": Words("账号", "Accounts"),
        "tokens": Words("令牌", "Tokens"),
        "rejects": Words("拒收记录", "Rejects"),
        "audit": Words("审计", "Audit"),
        "account": Words("账号名", "Account"),
        "display_name": Words("姓名", "Name"),
        "role": Words("角色", "Role"),
        "scope": Words("权限范围", "Scope"),
        "password": Words("密码", "Password"),
        "new_password": Words("新密码", "New password"),
        "password_rule": Words("空则自动生成", "Empty: one is made up"),
        "add_account": Words("新增账号", "Add an account"),
        "add": Words("新增", "Add"),
        "set_role": Words("改角色", "Set role"),
        "disable": Words("停用", "Disable"),
        "enable": Words("启用", "Enable"),
        "reset_password": Words("重设密码", "Reset password"),
        "state": Words("状态", "State"),
        "active": Words("启用中", "Active"),
        "disabled": Words("已停用", "Disabled"),
        "locked": Words("已锁定", "Locked"),
        "add_token": Words("新建令牌", "Create a token"),
        "password_once": Words("新密码只显示这一次：", "The new password is shown only this once:"),
        "scope_hint": Words(
            "辖区编号，空格分隔；空为全市", "Jurisdiction ids; empty: the whole city"
        ),
        "row": Words("行", "Row"),
        "kind_cases": Words("案件", "Cases"),
        "kind_stations": Words("测站", "Stations"),
        "kind_readings": Words("读数", "Readings"),
        "kind_cameras": Words("视频点位", "Cameras"),
        "kind_responders": Words("处置力量", "Responders"),
        "kind_places": Words("重点部位", "Places"),
        "kind_warnings": Words("预警", "Warnings"),
        "token_name": Words("名称", "Name"),
        "kinds": Words("可接入类别", "Kinds"),
        "all_kinds": Words("全部", "All"),
        "revoke": Words("吊销", "Revoke"),
        "revoked": Words("已吊销", "Revoked"),
        "created_at": Words("创建", "Created"),
        "used_at": Words("最近使用", "Last used"),
        "token_once": Words(
            "令牌只显示这一次，请立即保存：", "The token is shown only this once; save it now:"
        ),
        "feed": Words("数据接入", "Feed"),
        "kind": Words("类别", "Kind"),
        "message": Words("信息", "Message"),
        "city_at": Words("数据时间", "Data time"),
        "real_at": Words("来报时间", "Last spoke"),
        "expect_s": Words("应多久来报", "Expected within"),
        "expect_every": Words("{n} 秒", "{n} s"),
        "record_id": Words("记录编号", "Record"),
        "field": Words("字段", "Field"),
        "reason": Words("原因", "Reason"),
        "raw_record": Words("原始记录", "As it came"),
        "dismiss": Words("忽略", "Dismiss"),
        "retried": Words("已重试", "Retried"),
        "dismissed": Words("已忽略", "Dismissed"),
        "actor": Words("操作者", "Who"),
        "act": Words("操作", "Act"),
        "subject": Words("对象", "Subject"),
        "detail": Words("内容", "Detail"),
        "when": Words("时间", "When"),
        "address_of": Words("来源地址", "Address"),
        "nothing_yet": Words("暂无记录", "Nothing here yet"),
        "done": Words("已完成", "Done"),
        "refused": Words("未完成", "Not done"),
        "times_in": Words("时间为 {zone}", "Times in {zone}"),
        "newest_first": Words("最新在前，最多 {n} 条", "Newest first, {n} at most"),
        **CLOCK_WORDS,
        **DRAWER_WORDS,
        **DUTY_WORDS,
        **EMERGENCY_WORDS,
        **ENTRY_WORDS,
        **EVENT_WORDS,
        **MAP_WORDS,
        **FIND_WORDS,
        **ALERT_WORDS,
        **ALERT_RULE_WORDS,
        **ANALYSIS_WORDS,
        **OPERATION_WORDS,
        **OUTBOX_WORDS,
        **SCREEN_WORDS,
        **TIMELINE_WORDS,
        **WALL_WORDS,
    }
)


def text(key: str, **fill: str) -> html.Span:
    """Return a word in both languages; the stylesheet shows the one that is chosen."""
    word = CATALOGUE[key]
    return both(Words(word.zh.format(**fill), word.en.format(**fill)) if fill else word)


def both(word: Words) -> html.Span:
    """Return any pair of words in both languages."""
    if word.zh == word.en:
        return html.Span(word.zh)
    return html.Span(
        [
            html.Span(word.zh, lang="zh-CN", className="zh"),
            html.Span(word.en, lang="en", className="en"),
        ]
    )


def refusal(told: str) -> html.Span:
    """Return what was refused in both languages."""
    return both(Words(told, english(told)))


def for_scripts(words: Mapping[str, Words]) -> dict[str, list[str]]:
    """Return a code list or the catalogue as the scripts read it: code → [zh, en]."""
    return {str(code): [word.zh, word.en] for code, word in words.items()}
