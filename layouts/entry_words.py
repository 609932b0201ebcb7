"""The words of the desk's quick entry and of acts about a case; part of ``layouts.words``."""

from dashboard.domain.words import Words

ENTRY_WORDS: dict[str, Words] = {
    # quick entry
    "entry": Words("值班快录", "Quick entry"),
    "entry_hint": Words("按 L 打开", "press L"),
    "entry_case": Words("案件", "Case"),
    "entry_place": Words("部位状态", "Place"),
    "entry_matter": Words("什么事", "What"),
    "entry_matter_hint": Words(
        "按 1–9，或输入名称、拼音首字母、代码", "1–9, or a name or code of the list"
    ),
    "entry_where": Words("在哪里", "Where"),
    "entry_where_hint": Words(
        "搜部位、测站、道路、地址，输入经纬度，或在地图上点一下",
        "Search a place, street or address, type a position, or click the map",
    ),
    "entry_which_place": Words("哪个部位", "Which place"),
    "entry_which_place_hint": Words(
        "搜重点部位，或在地图上点它", "Search a watched place, or click it on the map"
    ),
    "entry_spot": Words("地图上的点 {lon}，{lat}", "Point on the map {lon}, {lat}"),
    "entry_middle": Words("取其中点", "its middle"),
    "entry_as_address": Words("只记地址：{text}", "Only as an address: {text}"),
    "entry_as_area": Words("辖区", "Area"),
    "entry_of_case": Words("案件所在地", "Where a case is"),
    "entry_no_match": Words("没有匹配", "No match"),
    "entry_missing": Words("{field}：请从列表中选一项", "{field}: choose one of the list"),
    "entry_depth": Words("水深", "Depth"),
    "entry_state": Words("状态", "State"),
    "entry_state_too": Words("部位状态同时改为", "The place's state becomes"),
    "entry_state_keep": Words("不改", "as it is"),
    "entry_state_now": Words("现为 {state} {depth}（{time}）", "Now {state} {depth} ({time})"),
    "entry_caller": Words("来电人", "Caller"),
    "entry_phone": Words("电话", "Telephone"),
    "entry_text": Words("补充说明", "Remarks"),
    "entry_note": Words("依据", "On whose word"),
    "entry_urgent": Words("紧急", "Urgent"),
    "entry_save": Words("保存", "Save"),
    "entry_saving": Words("正在保存", "Saving"),
    "entry_clear": Words("清空", "Clear"),
    "entry_keys": Words(
        "回车到下一项 · Ctrl+回车保存 · Esc 收起，内容留着",
        "Enter goes on · Ctrl+Enter saves · Esc folds it away, what was typed stays",
    ),
    "entry_saved": Words("已录入 {id}", "Entered as {id}"),
    "entry_state_saved": Words("{name}：已改为{state}", "{name}: now {state}"),
    "entry_call_saved": Words("来电已记入 {id}", "The call stands in {id}"),
    "entry_lost": Words(
        "连接中断，还不知道是否存上。内容都在；连上后再按保存，不会重复。",
        "The connection was lost before an answer. All you typed is here; save again once it is "
        "back: nothing is made twice.",
    ),
    "entry_back": Words("连接已恢复，请再按保存。", "The connection is back: save again."),
    "entry_failed": Words("没有存上：{reason}", "Not saved: {reason}"),
    "entry_stale": Words(
        "此部位刚有变化，请看过再保存。", "This place has just changed: look, then save again."
    ),
    "entry_near": Words("附近未结的类似案件", "Open cases like it near by"),
    "entry_near_none": Words("{m} 米内没有未结的类似案件", "No open case like it within {m} m"),
    "entry_near_looking": Words("正在查附近的案件", "Looking for cases near by"),
    "entry_near_failed": Words("附近的案件查不到", "Cases near by cannot be looked up"),
    "entry_this_one": Words("就是这件", "It is this one"),
    "entry_same": Words("同类", "same"),
    "entry_like": Words("相近", "like it"),
    "entry_called": Words("又有来电", "Called in again"),
    "entry_key": Words("值班快录（Shift+L 部位状态）", "quick entry (Shift+L: state of a place)"),
    "entry_change_state": Words("更新状态", "Set the state"),
    "entry_states": Words("状态记录", "States so far"),
    "entry_depth_cm": Words("{n} 厘米", "{n} cm"),
    # acts about a case
    "desk_key": Words(
        "打开的案件：催办（Shift+U 督办）", "the case that is open: urge (Shift+U: supervise)"
    ),
    "urge": Words("催办", "Urge"),
    "supervise": Words("督办", "Supervise"),
    "supervise_again": Words("改督办", "Supervise anew"),
    "desk_acts": Words("催办与督办", "Urging and supervision"),
    "desk_acts_none": Words("还没有催办、督办", "Not urged or supervised yet"),
    "opinion": Words("意见", "Opinion"),
    "urge_send": Words("送出催办", "Send"),
    "supervise_send": Words("送出督办", "Send"),
    "supervise_until": Words("督办至", "Until"),
    "supervise_until_told": Words("到 {time} 自行结束", "ends by itself at {time}"),
    "supervise_until_none": Words("督办须有截止时间", "supervision must have an end"),
    "will_reach": Words("将送达：", "Reaches: "),
    "by_phone": Words("电话：{names}", "By telephone: {names}"),
    "reached": Words("送达：", "Reached: "),
    "reaches_nobody": Words("没有可送达的单位", "nobody to reach is known"),
    "part_to_act": Words("{name}（处置）", "{name} (acts)"),
    "part_supervises": Words("{name}（监督）", "{name} (supervises)"),
    "part_supports": Words("{name}（保障）", "{name} (supports)"),
    "model_main": Words("{names} · 主城模式", "{names} · main-city model"),
    "model_sub": Words("{names} · 副城模式", "{names} · sub-city model"),
    "model_town": Words("{names} · 街镇模式", "{names} · town model"),
    "delivery_waiting": Words("未送达 · 等待发送", "not delivered yet · waiting"),
    "delivery_delivered": Words("已送达平台", "delivered to the platform"),
    "delivery_failed": Words("未送达", "not delivered"),
    "delivery_refused": Words("接收方拒收，{code}", "the receiver refused it, {code}"),
    "delivery_faulty": Words("接收方出错，{code}", "the receiver failed, {code}"),
    "delivery_no_receiver": Words("未设平台接口", "no interface to the platform is set"),
    "delivery_loopback_only": Words("演示不外发", "the demonstration sends nothing out"),
    "act_stale": Words(
        "案件刚有变化，请看过再送出。", "The case has just changed: look, then send again."
    ),
    "callers": Words("来电人", "Who called"),
}
