"""Refusals at the doors: who may come in, what a question or a body must be, what there is not."""

DOORS: dict[str, str] = {
    # who may
    "请登录，或带上有效的令牌。": "Sign in, or bring a valid token.",
    "没有权限执行此操作。": "You may not do this.",
    "此入口未声明权限，已关闭。": "This door names no right and is closed.",
    "您的角色没有此权限。": "Your role may not do this.",
    "CSRF 校验未通过：请从本站页面提交，必要时刷新页面。": (
        "The CSRF check failed: send this from a page of ours; load it anew where needed."
    ),
    "没有此地址。": "There is no such address.",
    "没有此地址，或不在您的权限范围内。": "There is no such address, or it is beyond your scope.",
    "此地址不支持这一方法。": "This address does not take this method.",
    "请求体超过 10 MB。": "The body is larger than 10 MB.",
    "数据库暂时无法访问，请稍后重试。": "The database does not answer; try again soon.",
    "服务器内部错误，已记入日志。": "An error within the server; it stands in the log.",
    "账号或密码不对。连续输错后账号会暂时锁定。": (
        "Wrong name or password. An account is locked for a while after several."
    ),
    "此角色没有页面。": "This role has no page.",
    "只有本机演示才能直接选择身份。": (
        "Only a demonstration on this machine lets you pick whom to be."
    ),
    "没有此演示账号。": "There is no such account of the demonstration.",
    "只有本机演示才能直接登记大屏。": "Only a demonstration on this machine enrols a wall at once.",
    "代码不对，或已过期、已用过。请管理员另给一个。": (
        "The code is wrong, over, or used. Ask the administrator for another."
    ),
    "试得太多了，请等一分钟。": "Too many tries; wait a minute.",
    "登记未成，请重试。": "It was not enrolled; try again.",
    "令牌没有密码。": "A token has no password.",
    "原密码不对。": "The old password is wrong.",
    "令牌没有班次可交。": "A token has no shift to hand over.",
    "接班人账号或密码不对。连续输错后账号会暂时锁定。": (
        "Wrong name or password of who comes. An account is locked for a while after several."
    ),
    "接班人的角色不能值守指挥台。": "The role of who comes may not sit at the desk.",
    "接班人与交班人是同一账号。": "Who comes and who goes are the same account.",
    # the front
    "请求有误": "Bad request",
    "没有权限": "Not allowed",
    "当前账号无权查看此内容。": "This account may not see this.",
    "方法不允许": "Method not allowed",
    "未登录": "Not signed in",
    "暂时不可用": "Not available now",
    "没有此主题": "No such topic",
    "此地址只支持 GET。": "This address takes GET only.",
    "数据流只支持 GET。": "The stream takes GET only.",
    "实时连接数已达上限，请稍后重试。": (
        "There are as many live connections as may be; try again soon."
    ),
    "没有名为“{}”的主题。": "There is no topic “{}”.",
    "seq 应是非负整数。": "seq must be a whole number, 0 or more.",
    "请先登录，或在请求中附上有效的令牌。": "Sign in first, or bring a valid token.",
    "后台服务未就绪": "The back is not ready",
    "后台服务中断了应答，请稍后重试。": "The back broke off its answer; try again soon.",
    "后台服务正在启动或重启，请稍候再试。": "The back is starting; try again soon.",
    "后台服务没有在限定时间内应答。": "The back did not answer in time.",
    "请用 topics 参数写明要订阅的主题，例如 topics=cases,readings": (
        "Name the topics to follow, as topics=cases,readings"
    ),
    "没有名为“{}”的主题；现有主题：{}": "There is no topic “{}”; there are: {}",
    "主题“{}”重复": "The topic “{}” comes twice",
    "主题“{}”的位置应是非负整数": "The position of topic “{}” must be a whole number, 0 or more",
    # questions
    "没有此对象，或不在您的权限范围内。": "There is no such thing, or it is beyond your scope.",
    "没有此主题。": "There is no such topic.",
    "没有此图块。": "There is no such tile.",
    "没有此画面。": "There is no such picture.",
    "as_of 须带时区，例如 2026-07-01T08:00:00+08:00 或以 Z 结尾。": (
        "as_of must have an offset, as 2026-07-01T08:00:00+08:00, or end with Z."
    ),
    "as_of 不是 ISO 8601 时刻，例如 2026-07-01T08:00:00+08:00。": (
        "as_of is not a moment by ISO 8601, as 2026-07-01T08:00:00+08:00."
    ),
    "as_of 超出可表示的时间范围。": "as_of is beyond the times that can be told.",
    "此列表不保存历史，不支持 as_of。": "This list keeps no history and takes no as_of.",
    "{} 只能是 {}。": "{} must be one of {}.",
    "{} 过长或含有无效字符。": "{} is too long or holds signs that are not valid.",
    "limit 应为正整数。": "limit must be a whole number above 0.",
    "cursor 无效：请使用上一页给出的 next。": "The cursor is not valid: use the last page's next.",
    "bbox 应为四个数：西,南,东,北（WGS84 经纬度）。": (
        "bbox must be four numbers: west,south,east,north (WGS84 degrees)."
    ),
    "bbox 应为 西,南,东,北，且西≤东、南≤北，在地球范围内。": (
        "bbox must be west,south,east,north, west ≤ east, south ≤ north, and on the earth."
    ),
    "{} 应为 {} 之一。": "{} must be one of {}.",
    "{} 须是 {} 到 {} 之间的数。": "{} must be a number between {} and {}.",
    "{} 须是带时区的 ISO 8601 时刻。": "{} must be a moment by ISO 8601 with its offset.",
    "{} 应为数字。": "{} must be a number.",
    "{} 超出范围。": "{} is out of range.",
    "{} 应为名称的列表。": "{} must be a list of names.",
    "请指明 factor，例如 factor=level。": "Name a factor, as factor=level.",
    "from 须早于 to，且相距不超过 {} 天。": "from must be before to, and at most {} days from it.",
    "span 应为 {} 之一。": "span must be one of {}.",
    "q 至少 {} 个字。": "q must have {} signs at least.",
    "within_m 应为 1 至 {}。": "within_m must be 1 to {}.",
    "within_m 应为数。": "within_m must be a number.",
    "指标按市、区、街道统计，此范围没有。": (
        "Figures are kept by city, district and subdistrict; there are none of this scope."
    ),
    "没有此辖区，或不在您的权限范围内。": (
        "There is no such jurisdiction, or it is beyond your scope."
    ),
    "first 不得晚于 last，且相距不超过一年。": (
        "first may not be after last, and at most a year before it."
    ),
    "first、last 须是日期，例如 2026-07-01，并同时给出。": (
        "first and last must be dates, as 2026-07-01, and come together."
    ),
    "cell_m 须在 {} 到 {} 之间。": "cell_m must be between {} and {}.",
    "cell_m 须是米数。": "cell_m must be a number of metres.",
    "measure 只能是 {}。": "measure must be one of {}.",
    "box 须是西、南、东、北四个度数，以逗号分隔。": (
        "box must be four degrees, west, south, east, north, with commas between."
    ),
    # bodies
    "请求体应为一个 JSON 对象。": "The body must be a JSON object.",
    "请求体不能压缩（Content-Encoding）。": "The body may not be compressed (Content-Encoding).",
    "请求体不是有效的 JSON。": "The body is not JSON.",
    "{} 须为 1 至 {} 个字符。": "{} must have 1 to {} signs.",
    "同一 {} 已用于另一个请求。": "The same {} was used for another request.",
    "没有此数据种类；可用：{}。": "There is no such kind of data; there are: {}.",
    "此令牌不可写入这一数据种类。": "This token may not write this kind of data.",
    "{} {}。": "{} {}.",
    "须填写": "is needed",
    "应为文字": "must be a text",
    "含有无效字符": "holds signs that are not valid",
    "不能超过 {} 个字符": "may have {} signs at most",
    "应为整数": "must be a whole number",
    "须带时区，例如 2026-07-01T08:00:00+08:00": (
        "must have an offset, as 2026-07-01T08:00:00+08:00"
    ),
    "不是 ISO 8601 时刻": "is not a moment by ISO 8601",
    "应为 true 或 false": "must be true or false",
    # accounts and tokens
    "可更改的字段：{}。": "What may be changed: {}.",
    "disabled 应为 true 或 false。": "disabled must be true or false.",
    "没有此账号。": "There is no such account.",
    "{} 应为文字，最长 500 个字符。": "{} must be a text of 500 signs at most.",
    "{} 应为文字的列表。": "{} must be a list of texts.",
    "未知的数据种类：{}（可用：{}）": "Unknown kind of data: {} (there are: {})",
    "只有 feed 令牌可以限定数据种类": "Only a feed's token can be held to kinds of data",
    "没有账号 {}": "There is no account {}",
    "不能授予超出自己权限范围的辖区": "You may not give a scope beyond your own",
    "只有全市管理员可以指定应急响应或活动的成员": (
        "Only an administrator of the whole city may name members of an operation"
    ),
    "名称只能含文字、数字和 . _ @ -，最长 80 个字符": (
        "A name has letters, digits and . _ @ - only, 80 signs at most"
    ),
    "未知的角色（可用：{}）": "Unknown role (there are: {})",
    "账号 {} 已存在": "The account {} is there already",
    "没有令牌 {}": "There is no token {}",
    "令牌 {} 已吊销": "The token {} was revoked",
    "没有辖区 {}": "There is no jurisdiction {}",
    "密码须为 {} 至 {} 个字符": "A password has {} to {} signs",
    "屏 {} 尚未登记": "The screen {} is not enrolled",
    "没有屏 {}": "There is no screen {}",
    # rejects, the outbox
    "没有此拒收记录，或已处理。": "There is no such reject, or it was settled already.",
    "原始记录不完整（超过 16 KiB 的部分未保存），请由来源重发。": (
        "The record was not kept whole (no more than 16 KiB are); its source must send it anew."
    ),
    "仍被拒收：{}：{}": "Rejected again: {}: {}",
    "此种类的记录无法重试。": "A record of this kind cannot be tried again.",
    "没有此记录，或不在您的权限范围内。": "There is no such record, or it is beyond your scope.",
    "此记录已被处理。": "This record was settled already.",
    "此记录未完整保存，无法重试；请由来源重新发送。": (
        "This record was not kept whole and cannot be tried again; its source must send it anew."
    ),
    "没有此消息，或它并未被放弃。": "There is no such message, or it was not given up.",
}
