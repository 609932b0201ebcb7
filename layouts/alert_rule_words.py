"""What a rule of alerts asks, and the values that tripped it, in words; part of the catalogue.

``rule_KIND``: the rule with its numbers, one for each kind of ``domain.alerts.rules``.
``tripped_…``: what was measured against it. ``assets/73-alert-evidence.js`` fills them in.
"""

from dashboard.domain.words import Words

ALERT_RULE_WORDS: dict[str, Words] = {
    "rule_case_near": Words(
        "紧急或督办案件，距处置时限不足 {before_min} 分钟",
        "an urgent or supervised case, less than {before_min} min before its deadline",
    ),
    "rule_case_overdue": Words(
        "超过处置时限，仍无处置反馈", "past its deadline without an answer from the unit"
    ),
    "rule_case_overdue_times": Words(
        "用时达到时限的 {times} 倍，仍无处置反馈",
        "{times} times its limit is used without an answer from the unit",
    ),
    "rule_case_emergency": Words(
        "超过应急时限，仍无处置反馈", "past its emergency limit without an answer from the unit"
    ),
    "rule_case_danger": Words(
        "危及生命的类别，紧急程度不低于 {urgency}（值班录入 {desk_urgency}），"
        "上报 {within_h} 小时内未处置",
        "a class that endangers life, urgency at least {urgency} (entered at the desk: "
        "{desk_urgency}), unanswered within {within_h} h of the report",
    ),
    "rule_level_line": Words("水位达到或超过{line}线", "level at or over the {line} line"),
    "rule_level_rise": Words(
        "{over_min} 分钟内水位涨率达到 {m_per_h} m/h",
        "level rising by {m_per_h} m/h or more over {over_min} min",
    ),
    "rule_depth": Words("积水深度达到 {cm} cm", "water {cm} cm deep or more"),
    "rule_rain_sum": Words(
        "{hours} 小时累计雨量达到 {mm} mm", "{mm} mm of rain or more in {hours} h"
    ),
    "rule_emission_mean": Words(
        "小时均值超过限值（该小时至少 {least} 个读数）",
        "the hourly mean is over its limit (of {least} readings at least)",
    ),
    "rule_emission_constant": Words("数值 {hours} 小时不变", "the same value for {hours} h"),
    "rule_emission_missing": Words(
        "某小时没有数据，整点后 {by_min} 分钟仍未补报",
        "nothing of a whole hour, {by_min} min after its end",
    ),
    "rule_emission_saturated": Words(
        "读数标记为 {flag}：超测定上限", "readings flagged {flag}: above the instrument's range"
    ),
    "rule_station_silent": Words(
        "超过 {intervals} 个报送间隔（至少 {least_min} 分钟）没有数据",
        "nothing for {intervals} of its intervals ({least_min} min at least)",
    ),
    "rule_station_offline": Words("{hours} 小时没有数据", "nothing for {hours} h"),
    "rule_camera_silent": Words("重点部位的摄像机离线", "a camera of a watched place is off"),
    "rule_feed_down": Words(
        "数据源失败，或静默超过 {silent_min} 分钟",
        "the feed failed, or is silent for more than {silent_min} min",
    ),
    "rule_warning": Words("{colours}预警生效", "a warning in force: {colours}"),
    "rule_lasting": Words("持续 {age}才告警", "raised once it lasts {age}"),
    "alert_means": Words("判据", "Condition"),
    "tripped": Words("触发值", "What tripped it"),
    "tripped_level": Words(
        "{factor} {value} {unit} ≥ {line}线 {threshold} {unit}",
        "{factor} {value} {unit} ≥ {line} {threshold} {unit}",
    ),
    "tripped_over": Words(
        "{factor} {value} {unit} ≥ 限 {threshold} {unit}",
        "{factor} {value} {unit} ≥ limit {threshold} {unit}",
    ),
    "tripped_rise": Words(
        "{from} m（{from_at}）→ {to} m（{to_at}）：{minutes} 分钟涨 {by} m，"
        "{value} m/h ≥ {threshold} m/h",
        "{from} m ({from_at}) → {to} m ({to_at}): up {by} m in {minutes} min, "
        "{value} m/h ≥ {threshold} m/h",
    ),
    "tripped_rain": Words(
        "{hours} 小时累计 {value} mm ≥ {threshold} mm（{from} – {until}）",
        "{value} mm ≥ {threshold} mm in {hours} h ({from} – {until})",
    ),
    "tripped_mean": Words(
        "{factor} {hour} 均值 {value} {unit}，{line} {threshold} {unit}（{readings} 个读数）",
        "{factor}, mean of {hour}: {value} {unit}, {line} limit {threshold} {unit}"
        " ({readings} readings)",
    ),
    "tripped_constant": Words(
        "{factor}自 {since} 起一直是 {value} {unit}，已 {hours} 小时",
        "{factor} {value} {unit} ever since {since}, for {hours} h",
    ),
    "tripped_missing": Words("{factor} {hour} 没有数据", "{factor}: nothing of {hour}"),
    "tripped_saturated": Words(
        "{factor} {value} {unit}，标记 {flag}", "{factor} {value} {unit}, {flag}"
    ),
    "tripped_silent": Words("最后一次数据 {last}（{age}前）", "last heard {last} ({age} ago)"),
    "tripped_every": Words("通常每 {n} 分钟一次", "usually every {n} min"),
    "tripped_due": Words("处置时限 {due}（限 {limit} 小时）", "due {due} (limit {limit} h)"),
    "tripped_emergency_due": Words("应急时限 {due}", "emergency limit {due}"),
    "tripped_urgency": Words("{class}，紧急程度 {value}", "{class}, urgency {value}"),
    "tripped_feed": Words("数据源{state}", "the feed: {state}"),
    "tripped_warning": Words("{colour}预警，{until}", "{colour} warning, {until}"),
    "tripped_until": Words("至 {time}", "until {time}"),
    "tripped_until_none": Words("未定结束", "no end stated"),
    "tripped_at": Words("{time} 测得", "measured {time}"),
    "unowned": Words("无人认领", "nobody's yet"),
}
