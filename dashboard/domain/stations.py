"""Owns the words of stations 测站 and readings 读数: kinds, factors, units, quality flags.

The lists of kinds and factors are open: a city adds its own by data. Kinds follow SL 323's
STTP, flags HJ 212-2017's data flag.
"""

from typing import NamedTuple

from dashboard.domain.words import Words

KINDS: dict[str, Words] = {
    "river": Words("河道", "River"),
    "rain": Words("雨量", "Rain"),
    "tide": Words("潮位", "Tide"),
    "reservoir": Words("水库", "Reservoir"),
    "gate": Words("闸", "Gate"),
    "pump": Words("泵站", "Pump"),
    "ponding": Words("积水", "Ponding"),
    "groundwater": Words("地下水", "Groundwater"),
    "emission": Words("排污", "Emission"),
    "weather": Words("气象", "Weather"),
    "other": Words("其他", "Other"),
}

KIND_BY_STTP: dict[str, str] = {
    "ZZ": "river",
    "ZQ": "river",
    "PP": "rain",
    "TT": "tide",
    "RR": "reservoir",
    "DD": "gate",
    "DP": "pump",
    "ZG": "groundwater",
    "MM": "weather",
}
"""SL 323 STTP → kind."""


class Factor(NamedTuple):
    """What is measured: its words and the unit in which the store keeps it."""

    words: Words
    unit: str


FACTORS: dict[str, Factor] = {
    "level": Factor(Words("水位", "Level"), "m"),
    "flow": Factor(Words("流量", "Flow"), "m³/s"),
    "rain": Factor(Words("雨量", "Rain"), "mm"),
    "rain_1h": Factor(Words("近 1 小时雨量", "Rain, last hour"), "mm"),
    "depth": Factor(Words("积水深度", "Depth"), "cm"),
    "wind_speed": Factor(Words("风速", "Wind speed"), "m/s"),
    "temperature": Factor(Words("气温", "Temperature"), "℃"),
    "w00000": Factor(Words("污水流量", "Wastewater flow"), "L/s"),
    "w01001": Factor(Words("pH 值", "pH"), ""),
    "w01009": Factor(Words("溶解氧", "Dissolved oxygen"), "mg/L"),
    "w01018": Factor(Words("化学需氧量", "COD"), "mg/L"),
    "w21001": Factor(Words("总氮", "Total nitrogen"), "mg/L"),
    "w21003": Factor(Words("氨氮", "Ammonia nitrogen"), "mg/L"),
    "w21011": Factor(Words("总磷", "Total phosphorus"), "mg/L"),
    "a21002": Factor(Words("氮氧化物", "NOx"), "mg/m³"),
    "a21026": Factor(Words("二氧化硫", "SO2"), "mg/m³"),
    "a34004": Factor(Words("细颗粒物", "PM2.5"), "μg/m³"),
    "a34013": Factor(Words("烟尘", "Smoke dust"), "mg/m³"),
}

SUMS: dict[str, str] = {"rain_1h": "rain"}
"""Factors that the store keeps itself, as the latest alone: the sum of which other factor."""

THRESHOLDS: dict[str, Words] = {
    "warning": Words("警戒", "Warning"),
    "guarantee": Words("保证", "Guarantee"),
    "high": Words("上限", "High"),
    "low": Words("下限", "Low"),
    "record": Words("历史最高", "Record"),
    "typical_high": Words("常见上限", "Typical high"),
    "typical_low": Words("常见下限", "Typical low"),
}
"""Lines of a factor by name (SL 323: WRZ 警戒, GRZ 保证, OBHTZ 实测最高)."""

FLAGS: dict[str, Words] = {
    "N": Words("正常", "Normal"),
    "F": Words("停运", "Stopped"),
    "M": Words("维护", "Maintenance"),
    "S": Words("手工输入", "Manual"),
    "D": Words("故障", "Fault"),
    "C": Words("校准", "Calibration"),
    "T": Words("超测定上限", "Above range"),
    "B": Words("通讯异常", "Communication"),
    "suspect": Words("可疑", "Suspect"),
    "hourly": Words("小时值", "Hourly value"),
}
"""Quality of a reading; HJ 212-2017 letters, and 可疑 and 小时值 of our own."""

HOURLY = "hourly"
"""The flag of an hour's value that took the place of older readings."""

NOT_JUDGED: frozenset[str] = frozenset({"F", "M", "D", "C", "B", "suspect"})
"""Flags of readings that no rule judges alone."""

MAX_READING = 1e12


def key(station: str, factor: str) -> str:
    """Return the id of a reading in the live topic: `STATION/FACTOR`."""
    return f"{station}/{factor}"


def split_key(reading: str) -> tuple[str, str]:
    """Return station and factor of a reading's id, split at the last slash."""
    station, _, factor = reading.rpartition("/")
    return station, factor
