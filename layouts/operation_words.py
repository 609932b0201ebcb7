"""Words of operations, their bands and the switch between modes."""

from collections.abc import Mapping
from types import MappingProxyType

from dashboard.domain.words import Words

OPERATION_WORDS: Mapping[str, Words] = MappingProxyType(
    {
        "mode_emergency": Words("应急", "Emergency"),
        "mode_event": Words("保障", "Event"),
        "band_since": Words("已持续 {time}", "for {time}"),
        "band_days": Words("{n} 天 {time}", "{n} d {time}"),
        "band_unconfirmed": Words("待补签", "to be confirmed"),
        "band_drill": Words("演练", "Drill"),
        "band_below": Words("辖区内", "Below"),
        "band_started": Words("{title} 已启动", "{title} has been started"),
        "band_ended": Words("已转入平时", "Back to routine"),
        "band_watch": Words("加强值班至 {time}", "Strengthened watch until {time}"),
    }
)
