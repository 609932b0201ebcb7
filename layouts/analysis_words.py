"""Words of the indicators: the live figure on every screen, and the page of analysis."""

from collections.abc import Mapping

from dashboard.domain.indicators import GROUPS
from dashboard.domain.periods import SPANS
from dashboard.domain.words import Words

ANALYSIS_WORDS: Mapping[str, Words] = {
    "analysis": Words("分析", "Analysis"),
    "timely_rate": Words("问题及时解决率", "Timely resolution rate"),
    "timely_rate_today": Words("今日及时解决率", "Timely rate today"),
    "timely_rate_week": Words("本周及时解决率", "Timely rate this week"),
    "timely_rate_month": Words("本月及时解决率", "Timely rate this month"),
    "timely_rate_year": Words("今年及时解决率", "Timely rate this year"),
    "timely_rate_short": Words("及时率", "Timely"),
    "timely_of": Words("{timely} / {due} 件到期", "{timely} of {due} due"),
    "timely_open": Words("其中未处置 {n}", "{n} still open"),
    "undated_n": Words("无时限 {n} 件另计", "{n} without deadline beside it"),
    "data_as_of": Words("数据截至 {time}", "as of {time}"),
    "rate_none": Words("本期尚无到期案件", "Nothing has fallen due yet"),
    "rate_waiting": Words("指标统计中", "Being counted"),
    "wall_districts_rate": Words("各区县", "Districts"),
    **{f"span_{span}": said for span, said in SPANS.items()},
    **{f"group_{name}": said for name, said in GROUPS.items()},
    "group_district": Words("区县", "District"),
    "group_subdistrict": Words("街道(乡镇)", "Subdistrict"),
    "group_class": Words("大类", "Class"),
    # the page
    "analysis_period": Words("时段", "Period"),
    "analysis_by": Words("按", "By"),
    "analysis_scope": Words("范围", "Area"),
    "analysis_basis": Words("口径", "Basis"),
    "analysis_ranking": Words("排名", "Ranking"),
    "analysis_trend": Words("趋势", "Trend"),
    "analysis_stages": Words("各阶段用时（期内结案）", "Time in each stage (closed in the period)"),
    "analysis_hot": Words("案件分布", "Where cases lie"),
    "analysis_repeats": Words("重复问题", "Repeats"),
    "analysis_published": Words("历史公布数字", "Published figures"),
    "analysis_cases": Words("案件清单", "Cases"),
    "analysis_close_cases": Words("收起清单", "Close the list"),
    "analysis_more": Words("更多", "More"),
    "analysis_none": Words("没有数据", "Nothing here"),
    "analysis_asking": Words("查询中…", "Asking …"),
    "analysis_failed": Words("查询未成功：{why}", "The question failed: {why}"),
    "analysis_days": Words("{first} 至 {last}，日历日", "{first} to {last}, calendar days"),
    "analysis_counting": Words(
        "历史案件仍在补算，数字会继续变化", "Past cases are still being counted; figures change"
    ),
    "analysis_since": Words("数据自 {day} 起", "data from {day} on"),
    "compared_before": Words("环比", "Against the period before"),
    "compared_year_before": Words("同比", "Against the year before"),
    "not_comparable": Words("无可比数据", "nothing to compare with"),
    "points_more": Words("+{n} 个百分点", "+{n} points"),
    "points_less": Words("−{n} 个百分点", "−{n} points"),
    "points_same": Words("持平", "unchanged"),
    "measure_rate": Words("及时解决率", "Timely rate"),
    "measure_due": Words("应解决", "Due"),
    "measure_timely": Words("及时解决", "In time"),
    "measure_late": Words("超期解决", "Late"),
    "measure_unanswered": Words("超期未处置", "Overdue, open"),
    "measure_left_out": Words("不计入", "Left out"),
    "measure_undated": Words("无时限", "No deadline"),
    "measure_reported": Words("上报", "Reported"),
    "measure_filed": Words("立案", "Filed"),
    "measure_closed": Words("结案", "Closed"),
    "measure_answered": Words("处置反馈", "Handled"),
    "measure_due_closed": Words("到期且已结案", "Due, closed"),
    "measure_closed_in_time": Words("按期结案", "Closed in time"),
    "measure_reworked": Words("返工", "Reworked"),
    "measure_extended": Words("延期", "Extended"),
    "measure_filing_rate": Words("立案率", "Filing rate"),
    "measure_closing_rate": Words("结案率", "Closing rate"),
    "measure_in_time_rate": Words("按期结案率", "Closed in time"),
    "measure_rework_rate": Words("返工率", "Rework rate"),
    "measure_extension_rate": Words("延期率", "Extension rate"),
    "measure_mean_s": Words("平均处置用时", "Mean handling time"),
    "repeats_note": Words(
        "近 {days} 天、{within} 米内同类再次发生", "Same matter within {days} days and {within} m"
    ),
    "repeats_times": Words("{n} 次", "{n} times"),
    "repeat_nth": Words("重复第 {n} 次", "Repeat no. {n}"),
    "repeat_of": Words(
        "近 {days} 天 {within} 米内第 {n} 次", "no. {n} within {days} days and {within} m"
    ),
    "heat_note": Words("每格约 {m} 米，最多 {n} 格", "Cells of about {m} m, {n} at most"),
    "heat_cell": Words("此处 {n} 件", "{n} cases here"),
    "heat": Words("热力", "Heat"),
    "published_source": Words("来源", "Source"),
    "published_period": Words("时期", "Period"),
    "published_value": Words("数值", "Value"),
    "ten_thousands": Words("{n} 万", "{n} × 10,000 "),
    "published_hint": Words(
        "按公布数字导入，不与实时口径混排", "As published; never ranked together with live figures"
    ),
}
