"""Words of the timeline of an operation."""

from collections.abc import Mapping
from types import MappingProxyType

from dashboard.domain.words import Words

TIMELINE_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "timeline_title": Words("行动时间线", "Timeline of an operation"),
        "timeline_open": Words("时间线", "Timeline"),
        "timeline_print": Words("打印", "Print"),
        "timeline_sheet": Words("表格", "Spreadsheet"),
        "timeline_gone": Words(
            "没有此行动，或不在您的权限范围内", "There is no such operation in your scope"
        ),
        "timeline_failed": Words("没有取到，稍后再试", "Not to be had now; trying again"),
        "timeline_more": Words(
            "条目过多，每类只列前 2,000 条；数字为全部",
            "Too many lines: the first 2,000 of a kind are listed; figures count all",
        ),
        "timeline_issuer": Words("发布单位", "Issued by"),
        "timeline_area": Words("范围", "Area"),
        "timeline_approved": Words("批准", "Approved by"),
        "timeline_document": Words("文号", "Document"),
        "timeline_effective": Words("生效", "In force from"),
        "timeline_entered": Words("录入", "Entered"),
        "timeline_ended": Words("结束", "Ended"),
        "timeline_lasted": Words("历时", "Lasted"),
        "timeline_basis": Words("依据", "Basis"),
        "timeline_reason": Words("理由", "Reason"),
        "timeline_owed": Words("待 {name} 补签", "to be confirmed by {name}"),
        "timeline_tasks": Words("预案任务", "Tasks of the plan"),
        "timeline_no_tasks": Words("没有预案任务", "No tasks"),
        "timeline_lines": Words("经过", "What happened"),
        "timeline_figure_met": Words("任务按时完成", "Tasks met"),
        "timeline_figure_late": Words("逾时完成", "Done late"),
        "timeline_figure_missed": Words("到时未完成", "Missed"),
        "timeline_figure_ponding": Words("积水点", "Places under water"),
        "timeline_figure_closed": Words("封闭", "Closed"),
        "timeline_figure_cleared": Words("已退水或恢复", "Cleared"),
        "timeline_figure_raised": Words("告警", "Alerts"),
        "timeline_figure_acknowledged": Words("确认", "Acknowledged"),
        "timeline_figure_expedited": Words("加急案件", "Cases expedited"),
        "timeline_figure_overdue": Words("因应急超期", "Overdue by it"),
        "timeline_of_tasks": Words("共 {n} 项", "of {n}"),
        "timeline_effective_was": Words("自 {time} 生效", "in force from {time}"),
        "timeline_on_word": Words("凭 {name}（{how}）", "on the word of {name} ({how})"),
        "timeline_depth": Words("{n} 厘米", "{n} cm"),
        "timeline_due": Words("应于 {time} 前", "due by {time}"),
        "timeline_waits": Words("待办", "To do"),
        "timeline_dropped": Words("随结束终止", "Dropped at the end"),
        "timeline_late": Words("逾时", "late"),
    }
)
