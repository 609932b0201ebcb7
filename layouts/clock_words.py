"""The words of a case's clocks and lamp; part of the catalogue of ``layouts.words``."""

from dashboard.domain.words import Words

CLOCK_WORDS: dict[str, Words] = {
    "clocks": Words("时限", "Clocks"),
    "lamp_is": Words("{lamp}灯", "{lamp} lamp"),
    "limit": Words("处置时限", "Limit"),
    "limit_by": Words("规则 {rule} · 第 {version} 版", "rule {rule}, version {version}"),
    "limit_given": Words("来源给定", "given by the source"),
    "passed": Words("用时", "Passed"),
    "passed_of": Words("{n} {unit}，共 {all}", "{n} of {all} {unit}"),
    "clock_begins": Words("派遣后起算", "runs from dispatch"),
    "clock_runs": Words("计时中", "running"),
    "clock_stands": Words("已停表", "stopped"),
    "clock_pauses": Words("停计中", "paused"),
    "paused_for": Words("挂账顺延停计", "Paused in all"),
    "due_left": Words("剩余 {n}", "{n} left"),
    "due_over": Words("超期 {n}", "{n} over"),
    "due_met": Words("按期", "in time"),
    "due_missed": Words("逾期 {n}", "{n} late"),
    "extended_times": Words("已延期 {n} 次", "extended {n} times"),
    "not_official": Words(
        "此年尚无官方节假日安排，按周一至周五计",
        "no official holidays are known for that year; counted Monday to Friday",
    ),
    "handled_at": Words("处置反馈", "Handled"),
    "desk_step": Words("本席环节", "Desk's step"),
    "desk_within": Words("{clock}，限 {n} {unit}", "{clock}, within {n} {unit}"),
    "desk_late": Words("{clock}超时 {n}", "{clock} late by {n}"),
    "odd": Words("不符流程", "Not a possible move"),
    "odd_after": Words(
        "当时处于“{stage}”，照来源记录", "it stood at “{stage}”; kept as the source told it"
    ),
    "emergency": Words("应急时限", "Emergency"),
    "emergency_left": Words("应急剩 {n} 小时", "emergency: {n} h left"),
    "emergency_over": Words("应急超期 {n} 小时", "emergency: {n} h over"),
    "emergency_count": Words("应急超期 {n} 件", "{n} past their emergency limit"),
    "no_emergency": Words("没有在应急时限内的案件", "No case has an emergency limit"),
    "emergency_begins": Words("派遣后起算", "runs from dispatch"),
    "emergency_by": Words("{title} · 限 {n}", "{title} · within {n}"),
    "deferred": Words("顺延", "Deferred"),
    "deferred_since": Words("自 {time} 停计", "paused since {time}"),
    "by_mode": Words(
        "应急规则自 {time} 起算；平时截止 {usual}，结束后恢复",
        "counted by the emergency's rule from {time}; usually due {usual}, restored at the end",
    ),
    "by_mode_new": Words(
        "应急规则自 {time} 起算；平时无时限，结束后恢复",
        "counted by the emergency's rule from {time}; usually no deadline, as again at the end",
    ),
    "an_operation": Words("保障中", "Event guarded"),
    "until": Words("至 {time}", "until {time}"),
}
