"""Refusals of what people do: alerts, calls, cases, operations, events, screens, scenes, tasks."""

DESK: dict[str, str] = {
    # alerts, calls, promises, the shift
    "没有此告警，或不在您的权限范围内。": "There is no such alert, or it is beyond your scope.",
    "items 应为 1 至 {} 个 {id, version} 的列表。": (
        "items must be a list of 1 to {} {{id, version}}."
    ),
    "subject 须是 TOPIC/ID，例如 stations/R001。": "subject must be TOPIC/ID, as stations/R001.",
    "此告警由值班台负责，没有可转办的部门。": (
        "The desk answers for this alert; there is no department to hand it to."
    ),
    "until 须填写。": "until is needed.",
    "until 须晚于现在，且不超过 {} 小时。": "until must be later than now, by {} h at most.",
    "until 须晚于现在，且不超过 {} 天。": "until must be later than now, by {} days at most.",
    "until 须晚于现在。": "until must be later than now.",
    "items 的每一项须写明 id。": "Each of items must have an id.",
    "没有此测站，或不在您的权限范围内。": "There is no such station, or it is beyond your scope.",
    "此告警已变化，请按现在的状态再决定。": "This alert has changed; decide by how it stands now.",
    "只有被叫应的人可以这样做。": "Only who was called may do this.",
    "电话叫醒由值班台填写。": "Waking by telephone is entered by the desk.",
    "此次叫应已有答复。": "This call was answered already.",
    "topic 应为 {} 之一。": "topic must be one of {}.",
    "due_at 须填写，且晚于现在。": "due_at is needed, and later than now.",
    "此承诺已被他人更改。": "Somebody else has changed this promise.",
    "没有此交接班记录，或不在您的权限范围内。": (
        "There is no such record of a handing over, or it is beyond your scope."
    ),
    "password 须填写。": "password is needed.",
    # cases and places
    "没有此案件，或不在您的权限范围内。": "There is no such case, or it is beyond your scope.",
    "此位置不在您的权限范围内。": "This place is beyond your scope.",
    "此部位的状态已有变化，请看过再定。": "The place's state has changed; look, then decide.",
    "caller 应为对象：name、phone。": "caller must be an object: name, phone.",
    "version 应为整数。": "version must be a whole number.",
    "until 须填写：督办须有截止时间。": "until is needed: supervision must have an end.",
    "until 须在城市时间之后。": "until must be after the city's time.",
    "案件已经结束。": "The case has ended.",
    "此案件已有变化，请看过再定。": "This case has changed; look, then decide.",
    "{} 未知：{}。": "{} is not known: {}.",
    "值班录入只能是 reported 或 accepted。": "What the desk enters is reported or accepted.",
    "类别代码未知：{}": "unknown category: {}",
    "责任单位未知：{}": "unknown unit: {}",
    "辖区未知：{}": "unknown jurisdiction: {}",
    "测站未知：{}": "unknown station: {}",
    "数据库拒绝此记录：{}": "the database refused this record: {}",
    "此编号属于演练": "this number is of a drill",
    "演练不得改动真实对象": "a drill may not change what is real",
    # operations, proposals, tasks
    "须写明级别 level：1 至 4。": "A level is needed: 1 to 4.",
    "没有此行动，或不在您的权限范围内。": "There is no such operation, or it is beyond your scope.",
    "此行动不在您的权限范围内。": "This operation is beyond your scope.",
    "此行动已不在进行。": "This operation is over.",
    "kind 只能是 emergency、event。": "kind must be emergency or event.",
    "此辖区不在您的权限范围内。": "This jurisdiction is beyond your scope.",
    "应急响应须写明情景 scenario。": "An emergency needs a scenario.",
    "只有演练可有推演数据：{}。": "Only a drill may have made-up or replayed data: {}.",
    "以录制数据推演的演练须以全市为范围。": "A replaying drill is of the whole city.",
    "approval 只能是 document、phone、meeting。": "approval must be document, phone or meeting.",
    "此行动的状态已变化。": "This operation has changed.",
    "应急响应须有级别 1 至 4（1 为Ⅰ级）。": "An emergency has a level, 1 to 4 (1 is Ⅰ).",
    "重大活动保障没有级别。": "An event has no level.",
    "须写明理由。": "A reason is needed.",
    "须写明批准人：值班监督员凭批准人的话录入，由其补签。": (
        "An approver is needed: a supervisor enters it on somebody's word, who confirms it later."
    ),
    "级别须为 1 至 4（1 为Ⅰ级）。": "The level must be 1 to 4 (1 is Ⅰ).",
    "已是此级别。": "It has this level already.",
    "须写明撤销理由。": "A reason for revoking is needed.",
    "启动录入已超过十分钟，不能撤销，请结束。": (
        "It was entered more than ten minutes ago and cannot be revoked; end it."
    ),
    "不能早于启动的时间。": "It may not be before the start.",
    "生效时间在未来。": "It would take force in the future.",
    "生效时间早于七天前。": "It would have taken force more than seven days ago.",
    "越级调整须写明理由。": "Leaving a level out needs a reason.",
    "加强值班的截止时间须在未来。": "The end of the strengthened watch must be in the future.",
    "只有实际的应急响应结束后可留加强值班。": "Only a real emergency leaves a strengthened watch.",
    "没有此建议，或不在您的权限范围内。": "There is no such proposal, or it is beyond your scope.",
    "同一行动已在进行。": "The same operation is run already.",
    "此建议已被决定。": "This proposal was decided already.",
    "没有此任务，或不在您的权限范围内。": "There is no such task, or it is beyond your scope.",
    "此任务不在您的权限范围内。": "This task is beyond your scope.",
    "此任务须附说明或数量。": "This task needs a note or a count.",
    "此任务的状态已变化。": "This task has changed.",
    # events
    "event 须填写：您参与的活动之一。": "event is needed: one of those of which you are a member.",
    "您不是此活动的成员。": "You are no member of this event.",
    "保障中。此活动仅对其成员开放。": "In force. This event is open to its members alone.",
    "没有此活动。": "There is no such event.",
    "此活动保障已结束。": "This event is over.",
    "此活动不在您的权限范围内。": "This event is beyond your scope.",
    "（另有其他问题）": " (and other faults)",
    "{}（另有其他问题）": "{} (and other faults)",
    "已被他人更改，或状态已变化。": "Somebody else has changed it, or it has changed.",
    "没有此对象：{}": "There is no such thing: {}",
    "只有此活动的成员确认。": "Only members of the event confirm it.",
    "crs 只能是 {}。": "crs must be one of {}.",
    "须有列表 things，或为 GeoJSON FeatureCollection。": (
        "A list of things is needed, or a GeoJSON FeatureCollection."
    ),
    "一次至多 {} 个对象。": "At most {} things at once.",
    "大屏不显示记录。": "A wall shows no records.",
    "须写明到岗人数 present。": "How many are present is needed.",
    "state 只能是 {}。": "state must be one of {}.",
    "reporters 应为列表，每项有 id 与 name。": "reporters must be a list, each with id and name.",
    "reporters 的 id 不能含 / @ #。": "An id of reporters may not hold / @ #.",
    "lon、lat 应为经度、纬度。": "lon and lat must be longitude and latitude.",
    "应为 1 至 {} 小时。": "must be 1 to {} h.",
    "须晚于开始时间 starts_at。": "must be later than starts_at.",
    "须写明由谁报告。": "must say who reports.",
    "至多 {} 个。": "at most {}.",
    "同一报告单位写了两次。": "one who reports stands there twice.",
    "一个计划至多 {} 次报告，请缩短时段或加长间隔。": (
        "a plan has {} reports at most: make its time shorter or its interval longer."
    ),
    "不能含 / @ #。": "may not hold / @ #.",
    "未知代码“{}”，应为 {} 之一。": "unknown code “{}”: it must be one of {}.",
    "应为整数，收到“{}”。": "must be a whole number, not “{}”.",
    "应为 {} 至 {}。": "must be {} to {}.",
    "须带时区，例如 2026-07-01T19:30:00+08:00。": (
        "must have an offset, as 2026-07-01T19:30:00+08:00."
    ),
    "不是 ISO 8601 时刻：“{}”。": "is not a moment by ISO 8601: “{}”.",
    "生效时间已过。": "the time from which it takes force is past.",
    "生效时间在 {} 天之后。": "it would take force more than {} days from now.",
    "应为 0 至 {}。": "must be 0 to {}.",
    "有事须写明情况。": "where there is something, say what.",
    "没有此时应报的报告。": "no report is due at this time.",
    "尚未到报告时段。": "its time has not come yet.",
    "没有区域 {}。": "there is no zone {}.",
    "整改时限须在未来。": "the time to mend it must be in the future.",
    "销号或恢复须写明说明。": "closing or opening it again needs a note.",
    "没有{} {}。": "there is no {} {}.",
    "撤回后第 {} 版之后的安排不成立：{}：{}": (
        "without it what was planned after version {} cannot be: {}: {}"
    ),
    "应为对象，收到“{}”。": "must be an object, not “{}”.",
    "第 {} 版已排定更晚的变更，请先撤回它，或改到其后生效。": (
        "version {} is planned for later: withdraw it first, or take force after it."
    ),
    "没有此对象，无从撤销。": "there is no such thing to take away.",
    "一项活动至多 {} 个对象。": "an event has {} things at most.",
    "与议程“{}”的时间重叠。": "overlaps “{}” of the programme.",
    "与第 {} 条重复。": "is the same as number {}.",
    "与已排定的变更不符：{}": "does not fit what is planned: {}",
    "岗位“{}”不在任何区域内。": "the post “{}” is in no zone.",
    # screens and scenes
    "没有此屏，或不在您的权限范围内。": "There is no such screen, or it is beyond your scope.",
    "此屏已锁定：先解锁，或在同一请求中写明 pinned。": (
        "This screen is pinned: release it first, or say pinned in the same request."
    ),
    "此屏现在没有可以锁定或轮播的场景。": (
        "This screen shows no scene that could be pinned or rotated."
    ),
    "屏的状态已变化。": "The screen has changed.",
    "screens 应为 1 至 {} 块屏的列表。": "screens must be a list of 1 to {} screens.",
    "screens 的每一项应为 {id, version}。": "Each of screens must be {id, version}.",
    "没有此大厅，或其中没有您可以指挥的屏。": (
        "There is no such hall, or it has no screen that you may command."
    ),
    "只有此屏自己登记的浏览器才能报告它的状态。": (
        "Only the browser that is enrolled as this screen tells its state."
    ),
    "屏 {} 的尺寸有误：{}": "The measures of screen {} are wrong: {}",
    "此场景已被修改。": "This scene was changed.",
    "{} 与 {} 不能同时要求。": "{} and {} cannot be asked for together.",
    "没有场景 {}。": "There is no scene {}.",
    "场景 {} 没有为屏 {}（{} 拼接）准备版面。": (
        "The scene {} has no layout for screen {} (a grid of {})."
    ),
    "场景 {} 须随 {} 一起上墙。": "The scene {} must be sent together with {}.",
    "blank 只能是 true；恢复显示用 scene: null。": (
        "blank must be true; to show something again send scene: null."
    ),
    "reception 只能是 true；恢复用 scene: null。": (
        "reception must be true; to come back send scene: null."
    ),
    "steps 应为不超过 {} 项的列表。": "steps must be a list of {} at most.",
    "incident 应为 {topic, id}。": "incident must be {topic, id}.",
    "topic 只能是 {}。": "topic must be one of {}.",
    "此对象没有位置，不能上墙。": "This thing has no position and cannot be sent to a wall.",
    "cameras 应为 1 至 {} 路的列表。": "cameras must be a list of 1 to {}.",
    "seconds 应为 {} 至 {}。": "seconds must be {} to {}.",
    "须写明 scene、incident、cameras、blank、pinned 或 steps 之一。": (
        "One of scene, incident, cameras, blank, pinned or steps is needed."
    ),
    "step 应为 0 至 {}。": "step must be 0 to {}.",
    "没有摄像机 {}，或不在您的权限范围内。": "There is no camera {}, or it is beyond your scope.",
    "摄像机 {} 未标记可上墙。": "The camera {} is not marked as allowed on walls.",
    "此对象不在屏 {} 的辖区内。": "This thing is not in the jurisdiction of screen {}.",
    "topics 只能是 {}。": "topics must be among {}.",
}
