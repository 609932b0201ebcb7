"""The words of what leaves for other systems and of the rules of alerts, as /admin lists them."""

from dashboard.domain.words import Words

OUTBOX_KINDS: dict[str, Words] = {
    "case": Words("值班录入案件", "Case entered at the desk"),
    "call": Words("叫应、来电", "Call"),
    "call.wake": Words("电话叫醒", "Waking by telephone"),
    "urge": Words("催办", "Urging"),
    "supervise": Words("督办", "Supervision"),
    "transfer": Words("转办", "Handing on"),
}
"""What a message tells, by its kind."""

OUTBOX_WORDS: dict[str, Words] = {
    "outbox": Words("未送达消息", "Undelivered"),
    "outbox_message": Words("消息", "Message"),
    "outbox_to": Words("接收方", "Receiver"),
    "outbox_attempts": Words("已试次数", "Attempts"),
    "outbox_state": Words("投递", "Delivery"),
    "outbox_none": Words("没有未送达的消息", "Everything was delivered"),
    "outbox_again": Words("重发", "Send again"),
    "outbox_waits": Words("将再次发送", "It will be sent again"),
    "rules": Words("告警规则", "Alert rules"),
    "rules_version": Words(
        "第 {n} 版 · 用 pingji import alert-rules 更换",
        "version {n} · changed by pingji import alert-rules",
    ),
    "rule_latch": Words("恢复后仍须确认", "waits to be acknowledged after its cause ended"),
    "rule_off": Words("未启用", "not judged"),
    "rule_of": Words("规则", "Rule"),
    "rule_act": Words("处理", "Act"),
    "rule_calls": Words("叫应阶梯", "Ladder"),
    "rule_delays": Words("触发 / 恢复延时", "On / off delay"),
    "rule_sounds": Words("声音", "Sound"),
    "rule_silent": Words("不响", "silent"),
    "rule_sounding": Words("响", "sounds"),
}
