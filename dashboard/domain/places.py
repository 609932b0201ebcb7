"""Owns the words of places 重点部位: kinds (open: a city adds its own) and states."""

from dashboard.domain.words import Words

KINDS: dict[str, Words] = {
    "low_point": Words("易积水点", "Low point"),
    "underpass": Words("下穿立交", "Underpass"),
    "pump_house": Words("泵房", "Pump house"),
    "gate": Words("闸", "Gate"),
    "shelter": Words("避灾点", "Shelter"),
    "venue": Words("活动场馆", "Venue"),
}

STATES: dict[str, Words] = {
    "normal": Words("正常", "Normal"),
    "ponding": Words("积水", "Ponding"),
    "closed": Words("封闭", "Closed"),
    "restored": Words("恢复", "Restored"),
}

PONDS = ("low_point", "underpass")
"""Kinds that water closes; of a gate or a venue, closed says nothing of water."""

STATE_BY_WORD: dict[str, str] = {
    **{words.zh: code for code, words in STATES.items()},
    "flooded": "ponding",
    "recovered": "restored",
}
"""Other words in which a feed may say a state."""
