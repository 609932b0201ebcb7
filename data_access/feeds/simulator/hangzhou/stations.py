"""The stations of the simulated city: where they stand, thresholds with datum, what is measured.

109 river, 149 rain, 400 emission stations, and some tide, reservoir, gate, pump and ponding ones.
Usual levels and warning lines of the named ones are those known of Hangzhou (拱宸桥 2.66 m, 瓶窑
5.66 m …); where a line is not known it is ours, and every datum says 模拟.
"""

import random
from typing import Any

from shapely.geometry import Polygon, shape

from data_access.feeds.simulator.hangzhou.ground import AREAS, Community, Ground
from data_access.feeds.simulator.hangzhou.places import Place
from data_access.feeds.simulator.hangzhou.series import Series
from data_access.feeds.simulator.hangzhou.storm import Flooding, Rise
from data_access.geodata.areas import features

RIVER, RAIN, EMISSION, GATES, PUMPS, PONDING = 109, 149, 400, 12, 24, 40
WATER_S, RAIN_S, OUTLET_S, DEPTH_S = 300, 300, 600, 120
_TIDE_H = 12.42
_YELLOW_SEA, _WUSONG, _1985 = "黄海", "吴淞", "1985国家高程"

# name, kind, lon, lat, usual level in m, warning, guarantee, datum, rise of a storm, its crest
_NAMED: tuple[tuple[str, str, float, float, float, float, float | None, str, Rise], ...] = (
    ("拱宸桥", "river", 120.1339, 30.3205, 1.55, 2.66, None, _1985, Rise(1.16, 40, 190)),
    ("瓶窑", "river", 119.966, 30.393, 3.60, 5.66, 6.66, _1985, Rise(1.9, 120, 420)),
    ("余杭", "river", 119.936, 30.275, 4.60, 7.16, None, _1985, Rise(2.2, 90, 380)),
    ("新塘河", "river", 120.210, 30.270, 3.70, 4.50, None, _WUSONG, Rise(0.95, 20, 105)),
    ("贴沙河", "river", 120.193, 30.262, 4.90, 5.50, None, _WUSONG, Rise(0.7, 20, 110)),
    ("西湖", "river", 120.145, 30.245, 7.18, 7.40, None, _YELLOW_SEA, Rise(0.12, 40, 260)),
    ("中河", "river", 120.172, 30.247, 6.10, 6.60, None, _WUSONG, Rise(0.56, 15, 90)),
    ("临平上塘河", "river", 120.300, 30.420, 2.10, 3.00, None, _1985, Rise(0.7, 40, 170)),
    ("富阳", "river", 119.955, 30.045, 5.10, 8.20, None, _1985, Rise(0.9, 120, 480)),
    ("桐庐", "river", 119.680, 29.797, 7.30, 12.00, 13.50, _1985, Rise(0.7, 180, 600)),
    ("三河", "river", 119.490, 29.470, 22.40, 26.00, 28.00, _1985, Rise(0.5, 180, 600)),
    ("闸口", "tide", 120.146, 30.205, 4.20, 7.40, None, _WUSONG, Rise(0.3, 60, 300)),
    ("闻堰", "tide", 120.178, 30.130, 4.60, 7.70, 8.30, _WUSONG, Rise(0.4, 80, 320)),
    ("七堡", "tide", 120.290, 30.300, 4.00, 7.30, None, _WUSONG, Rise(0.2, 60, 300)),
    ("仓前", "tide", 120.400, 30.300, 3.80, 7.20, None, _WUSONG, Rise(0.2, 60, 300)),
    (
        "新安江水库",
        "reservoir",
        119.215,
        29.478,
        102.60,
        106.50,
        108.00,
        _YELLOW_SEA,
        Rise(0.3, 240, 1500),
    ),
    (
        "富春江水库",
        "reservoir",
        119.646,
        29.717,
        22.60,
        23.00,
        None,
        _YELLOW_SEA,
        Rise(0.2, 240, 900),
    ),
    (
        "青山水库",
        "reservoir",
        119.779,
        30.241,
        24.60,
        25.20,
        28.00,
        _YELLOW_SEA,
        Rise(0.5, 150, 700),
    ),
    (
        "四岭水库",
        "reservoir",
        119.700,
        30.470,
        80.20,
        81.50,
        86.00,
        _YELLOW_SEA,
        Rise(0.7, 150, 600),
    ),
)
_RIVERS = {
    "拱宸桥": "京杭大运河",
    "瓶窑": "东苕溪",
    "余杭": "东苕溪",
    "临平上塘河": "上塘河",
    "富阳": "富春江",
    "桐庐": "富春江",
    "三河": "新安江",
    "闸口": "钱塘江",
    "闻堰": "钱塘江",
    "七堡": "钱塘江",
    "仓前": "钱塘江",
    "新安江水库": "新安江",
    "富春江水库": "富春江",
    "青山水库": "东苕溪",
    "四岭水库": "东苕溪",
}
_BASINS = {
    **dict.fromkeys(("钱塘江", "富春江", "新安江", "浦阳江", "浙东运河"), "钱塘江"),
    "东苕溪": "苕溪",
}
_SLOW = frozenset({"富春江", "新安江", "浦阳江", "东苕溪", "钱塘江"})
_WASTE = (("w01018", 50.0), ("w21003", 5.0), ("w01001", 9.0))
_GAS = (("a21026", 35.0), ("a21002", 50.0), ("a34013", 10.0))
_PLANTS = ("污水处理厂", "印染", "造纸", "食品", "化工", "电镀", "制药", "纺织")
_BURNERS = ("热电", "垃圾焚烧", "水泥", "玻璃", "橡胶")


class Stations:
    """All stations, as records and as series."""

    def __init__(self, ground: Ground, places: list[Place]) -> None:
        """Place them; ``places`` have sensors of their own."""
        self.ground = ground
        self.records: list[dict[str, Any]] = []
        self.series: list[Series] = []
        self._rivers(ground.rng("rivers"))
        self._rains(ground.rng("rain"))
        self._gates_and_pumps(ground.rng("gates"))
        self._ponding(ground.rng("ponding"), places)
        self._emissions(ground.rng("emissions"))

    def _add(
        self,
        name_id: str,
        kind: str,
        name: str,
        where: tuple[float, float],
        *,
        community: Community | None = None,
        datum: str | None = None,
        thresholds: dict[str, dict[str, float]] | None = None,
    ) -> None:
        community = community or self.ground.near(*where)
        record: dict[str, Any] = {
            "id": name_id,
            "kind": kind,
            "name": name,
            "lon": round(where[0], 6),
            "lat": round(where[1], 6),
            "jurisdiction": community.id,
        }
        if datum:
            record["datum"] = f"{datum}（模拟）"
        if thresholds:
            record["thresholds"] = thresholds
        self.records.append(record)

    def _measure(
        self,
        rng: random.Random,
        factor: str,
        base: float,
        swing: float,
        period_h: float,
        every_s: int,
        *,
        limit: float | None = None,
        rise: Rise | None = None,
        flooding: Flooding | None = None,
    ) -> None:
        """Let the station that was added last measure something."""
        at = self.records[-1]
        self.series.append(
            Series(
                at["id"],
                factor,
                base,
                swing,
                period_h,
                rng.uniform(0, 6.28),
                every_s,
                rng.randrange(every_s),
                at["lon"],
                at["lat"],
                limit,
                rise,
                flooding,
            )
        )

    # ── water ────────────────────────────────────────────────────────────────────────────────

    def _rivers(self, rng: random.Random) -> None:
        numbers = {"river": 0, "tide": 0, "reservoir": 0}
        letters = {"river": "R", "tide": "T", "reservoir": "V"}
        for name, kind, lon, lat, usual, warning, guarantee, datum, rise in _NAMED:
            numbers[kind] += 1
            lines = {"warning": warning} | ({"guarantee": guarantee} if guarantee else {})
            name_id = f"{letters[kind]}{numbers[kind]:03}"
            self._add(name_id, kind, name, (lon, lat), datum=datum, thresholds={"level": lines})
            self._flows_in(_RIVERS.get(name, name))
            tidal = kind == "tide"
            period = _TIDE_H if tidal else rng.uniform(18, 60)
            swing = 1.1 if tidal else rng.uniform(0.02, 0.08)
            self._measure(rng, "level", usual, swing, period, WATER_S, rise=rise)
        drawn = [it for it in features("water") if it["properties"]["kind"] == "river"]
        lengths = [shape(it["geometry"]).length ** 0.6 for it in drawn]
        usual_of = {it["properties"]["name"]: rng.uniform(1.6, 5.6) for it in drawn}
        named: dict[str, int] = {}
        while numbers["river"] < RIVER:
            numbers["river"] += 1
            drawn_at = rng.choices(drawn, lengths)[0]
            river, line = drawn_at["properties"]["name"], shape(drawn_at["geometry"])
            line = line.exterior if isinstance(line, Polygon) else line
            spot = line.interpolate(rng.random(), normalized=True)
            community = self.ground.near(spot.x, spot.y)
            name = f"{river}{community.subdistrict_name.rstrip('街道镇')}站"
            named[name] = named.get(name, 0) + 1
            name += f"{named[name]}" if named[name] > 1 else ""
            usual = round(usual_of[river] + rng.uniform(-0.25, 0.25), 2)
            self._river(rng, f"R{numbers['river']:03}", name, (spot.x, spot.y), community, usual)
            self._flows_in(river)

    def _flows_in(self, river: str) -> None:
        """Say in which river the station that was added last stands."""
        self.records[-1] |= {"river": river, "basin": _BASINS.get(river, "运河")}

    def _river(
        self,
        rng: random.Random,
        name_id: str,
        name: str,
        where: tuple[float, float],
        community: Community,
        usual: float,
    ) -> None:
        slow = any(name.startswith(river) for river in _SLOW)
        room = rng.uniform(1.8, 3.0) if slow else rng.uniform(0.7, 1.2)
        warning = round(usual + room, 2)
        lines = {"warning": warning, "guarantee": round(warning + room * 0.6, 2)}
        inner = AREAS[community.area][1] == "main" and not slow
        high = room * (rng.uniform(0.8, 1.32) if inner else rng.uniform(0.2, 0.6))
        crest = rng.uniform(300, 620) if slow else rng.uniform(90, 190)
        rise = Rise(round(high, 2), rng.uniform(15, 60) * (3 if slow else 1), crest)
        self._add(
            name_id,
            "river",
            name,
            where,
            community=community,
            datum=_1985,
            thresholds={"level": lines},
        )
        swing, period = rng.uniform(0.02, 0.08), rng.uniform(18, 60)
        self._measure(rng, "level", usual, swing, period, WATER_S, rise=rise)

    def _rains(self, rng: random.Random) -> None:
        subdistricts = [it.id for it in self.ground.subdistricts]
        for number in range(1, RAIN + 1):
            if number <= len(subdistricts):
                wanted = subdistricts[number - 1]
                held = [it for it in self.ground.communities if it.subdistrict == wanted]
                community = rng.choice(held)
            else:
                community = self.ground.pick(rng)
            spot = self.ground.spot(rng, community)
            name = f"{community.subdistrict_name}{community.name}雨量站"
            self._add(f"P{number:03}", "rain", name, (spot.lon, spot.lat), community=community)
            self._measure(rng, "rain", 0, 0, 0, RAIN_S)

    def _gates_and_pumps(self, rng: random.Random) -> None:
        waters = [it for it in self.records if it["kind"] == "river"][11:]
        for number, beside in enumerate(rng.sample(waters, GATES + PUMPS), 1):
            where = (beside["lon"], beside["lat"])
            stem = beside["name"].rstrip("站0123456789")
            usual = next(it.base for it in self.series if it.station == beside["id"])
            if number <= GATES:
                lines = {"level": {"high": beside["thresholds"]["level"]["warning"]}}
                self._add(
                    f"G{number:03}", "gate", f"{stem}闸", where, datum=_1985, thresholds=lines
                )
                rise = Rise(rng.uniform(0.3, 0.8), 20, rng.uniform(100, 200))
                self._measure(rng, "level", usual, 0.04, rng.uniform(12, 40), WATER_S, rise=rise)
                continue
            self._add(f"Q{number - GATES:03}", "pump", f"{stem}排涝泵站", where)
            much = Rise(rng.uniform(8, 40), 10, rng.uniform(60, 110))
            self._measure(rng, "flow", 0.4, 0.3, rng.uniform(6, 14), WATER_S, rise=much)

    def _ponding(self, rng: random.Random, places: list[Place]) -> None:
        watched = sorted(
            (it for it in places if it.kind in ("low_point", "underpass")),
            key=lambda it: (it.kind != "underpass", it.flooding is None, it.id),
        )[:PONDING]
        for number, place in enumerate(watched, 1):
            self._add(
                f"D{number:03}",
                "ponding",
                f"{place.name}积水监测",
                (place.spot.lon, place.spot.lat),
                community=place.spot.community,
                thresholds={"depth": {"warning": 15.0, "high": 27.0}},
            )
            self._measure(rng, "depth", 0, 0, 0, DEPTH_S, flooding=place.flooding)

    # ── outlets ──────────────────────────────────────────────────────────────────────────────

    def _emissions(self, rng: random.Random) -> None:
        for number in range(1, EMISSION + 1):
            community = self.ground.pick(rng)
            while AREAS[community.area][1] == "main" and rng.random() < 0.6:
                community = self.ground.pick(rng)
            spot = self.ground.spot(rng, community)
            gas = rng.random() < 0.3
            factors = (_GAS if gas else _WASTE)[: 2 + (rng.random() < 0.3)]
            what = rng.choice(_BURNERS if gas else _PLANTS)
            lines: dict[str, dict[str, float]] = {}
            for factor, limit in factors:
                lines[factor] = {"high": limit} | ({"low": 6.0} if factor == "w01001" else {})
            name = f"{community.subdistrict_name}{what}企业{number}号排口"
            where = (spot.lon, spot.lat)
            self._add(
                f"E{number:03}", "emission", name, where, community=community, thresholds=lines
            )
            for factor, limit in factors:
                acid = factor == "w01001"
                base = rng.uniform(7.0, 7.6) if acid else limit * rng.uniform(0.3, 0.68)
                swing = 0.25 if acid else limit * rng.uniform(0.05, 0.16)
                period = rng.uniform(5, 26)
                self._measure(rng, factor, base, swing, period, OUTLET_S, limit=limit)
