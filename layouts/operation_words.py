"""Words of operations, their bands and the switch between modes."""

from collections.abc import Mapping
from types import MappingProxyType

from dashboard.domain.words import Words

OPERATION_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "mode_emergency": Words("应急", "Emergency"),
        "mode_event": Words("保障", "Event"),
        "band_since": Words("已持续 {time}", "for {time}"),
        "band_days": Words("{n} 天 {time}", "{n} d {time}"),
        "band_unconfirmed": Words("待补签", "to be confirmed"),
        "band_drill": Words("演练", "Drill"),
        "band_below": Words("辖区内", "Below"),
        "band_started": Words("{title} 已启动", "{title} has been started"),
        "band_ended": Words("已转入平时", "Back to routine"),
        "switch": Words("平急转换", "Switch of modes"),
        "switch_new": Words("启动新的响应或保障", "Start another operation"),
        "switch_none": Words("没有在办的应急响应或重大活动保障", "No operation is in force"),
        "switch_kind": Words("类别", "Kind"),
        "switch_scenario": Words("情景", "Scenario"),
        "switch_issuer": Words("发布单位", "Issuer"),
        "switch_grade": Words("级别", "Level"),
        "switch_area": Words("范围", "Area"),
        "switch_name": Words("活动名称", "Name of the event"),
        "switch_real": Words("实战或演练", "For real or a drill"),
        "switch_for_real": Words("实战", "For real"),
        "switch_word": Words("凭谁的话", "On whose word"),
        "switch_approver": Words("批准人", "Approved by"),
        "switch_how": Words("方式", "How"),
        "switch_document": Words("文号", "Document number"),
        "switch_ago": Words("几分钟前已生效（空为现在）", "In force since … minutes (empty: now)"),
        "switch_watch": Words(
            "结束后加强值班几小时（空为不留）", "Strengthened watch for … hours (empty: none)"
        ),
        "switch_basis": Words("依据", "Basis"),
        "switch_reason": Words("理由", "Reason"),
        "switch_change": Words("将要改变的", "What will change"),
        "switch_modes": Words("模式 · {n} 个辖区", "Mode · {n} jurisdictions"),
        "switch_below": Words("其下 {n} 个辖区随之", "and {n} below it"),
        "switch_same_mode": Words("模式不变", "The mode stays as it is"),
        "switch_screens": Words("屏幕 · {n} 块", "Screens · {n}"),
        "switch_rules": Words("告警规则 · {n} 条", "Rules of alerts · {n}"),
        "switch_cases": Words("在办案件", "Open cases"),
        "switch_counts": Words(
            "加急 {urgent} 件，照常 {usual} 件，顺延 {deferred} 件",
            "{urgent} made urgent, {usual} as usual, {deferred} deferred",
        ),
        "switch_drill_cases": Words(
            "演练不动任何真实案件的时限", "A drill moves no real case's clock"
        ),
        "switch_hours": Words("应急时限 {n} 小时", "emergency limit {n} h"),
        "switch_ladders": Words("叫应", "Calls"),
        "switch_duty": Words("值守", "Duty"),
        "switch_posts": Words("在岗", "On post"),
        "switch_report": Words("报告", "Reports"),
        "switch_every": Words("每 {n}", "every {n}"),
        "switch_usual": Words("平时安排", "as usual"),
        "switch_sound": Words("响铃", "with sound"),
        "switch_silent": Words("不响铃", "without sound"),
        "switch_param_m_per_h": Words("涨率 米/时", "rise m/h"),
        "switch_param_cm": Words("深度 厘米", "depth cm"),
        "switch_param_mm": Words("雨量 毫米", "rain mm"),
        "switch_level": Words("调整级别", "Change level"),
        "switch_end": Words("结束", "End"),
        "switch_stop_drill": Words("中止演练", "Stop the drill"),
        "switch_revoke": Words("撤销（误启动）", "Revoke (by mistake)"),
        "switch_confirm": Words("补签", "Confirm"),
        "switch_owed": Words("待 {name} 补签", "to be confirmed by {name}"),
        "switch_do_start": Words("启动 {title}", "Start {title}"),
        "switch_do_raise": Words("提升至 {level}", "Raise to {level}"),
        "switch_do_lower": Words("降低至 {level}", "Lower to {level}"),
        "switch_do_end": Words("结束", "End it"),
        "switch_do_revoke": Words("撤销", "Revoke it"),
        "switch_do_confirm": Words("补签", "Confirm it"),
        "switch_again": Words("再按一次：{what}", "Press again: {what}"),
        "hours_word": Words("小时", "h"),
        "minutes_word": Words("分钟", "min"),
        "band_watch": Words("加强值班至 {time}", "Strengthened watch until {time}"),
    }
)
