"""What the acts of the audit are called, and what a button says before an act that is hard to undo.

An act that stands not here speaks for itself.
"""

from dashboard.domain.words import Words

ARMED = Words("确认？", "Sure?")

ACTS: dict[str, Words] = {
    "sign-in": Words("登录", "Signed in"),
    "sign-in-picked": Words("演示登录", "Signed in (demonstration)"),
    "sign-in-refused": Words("登录被拒", "Sign-in refused"),
    "sign-out": Words("退出", "Signed out"),
    "account-add": Words("新增账号", "Account added"),
    "account-role": Words("改角色", "Role changed"),
    "account-reach": Words("改权限范围", "Scope changed"),
    "account-password": Words("重设密码", "Password set"),
    "account-disable": Words("停用账号", "Account disabled"),
    "account-enable": Words("启用账号", "Account enabled"),
    "token-add": Words("新建令牌", "Token created"),
    "token-revoke": Words("吊销令牌", "Token revoked"),
    "reject-retry": Words("重试拒收记录", "Reject retried"),
    "reject-dismiss": Words("忽略拒收记录", "Reject dismissed"),
    "screen-code": Words("生成屏幕登记码", "Screen code made"),
    "screen-enrol": Words("登记屏幕", "Screen enrolled"),
    "screen-enrol-refused": Words("屏幕登记被拒", "Screen enrolment refused"),
    "screen-unenrol": Words("注销屏幕", "Screen removed"),
    "expect-feed": Words("设定数据接入的来报间隔", "Feed's interval set"),
    "watch-camera": Words("打开视频画面", "Live picture opened"),
    "watch-responder": Words("打开处置力量画面", "Responder's live picture opened"),
    "unmask": Words("查看完整号码", "Number unmasked"),
    "case-enter": Words("值班录入案件", "Case entered at the desk"),
    "case-call": Words("记录来电", "Call noted"),
    "case-urge": Words("催办", "Urged"),
    "case-supervise": Words("督办", "Placed under supervision"),
    "place-state": Words("更新部位状态", "Place's state set"),
    "alert-transfer": Words("转办告警", "Alert handed on"),
    "import": Words("导入数据", "Data imported"),
}
