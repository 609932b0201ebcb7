"""A storm's flood of alerts through the engine and the store: few groups, none lost."""

from collections import Counter, defaultdict
from datetime import timedelta

from sqlalchemy import func, select

from data_access.tables import alert, alert_record, change
from tests.data_access.alerts.city import NOW, Town

RIVERS, RAINS, OUTLETS = 109, 149, 400


def test_658_stations_alarm_within_ten_minutes(town: Town) -> None:
    stations = []
    for n in range(RIVERS):
        lines = {"level": {"warning": 3.0, "guarantee": 4.0}}
        more = {"river": f"河{n % 24}", "basin": f"流域{n % 3}", "datum": "1985"}
        stations.append((f"r{n}", "river", more | {"thresholds": lines}))
    stations += [(f"p{n}", "rain", {}) for n in range(RAINS)]
    limits = {"thresholds": {"w01018": {"high": 50}}}
    stations += [(f"e{n}", "emission", limits) for n in range(OUTLETS)]
    town.tell(
        "stations",
        *(
            {
                "id": name,
                "kind": kind,
                "name": name,
                "lon": 120.2,
                "lat": 30.3,
                "jurisdiction": f"33{place % 13:04}",
                "updated_at": NOW,
                **more,
            }
            for place, (name, kind, more) in enumerate(stations)
        ),
    )
    town.tell(
        "warnings",
        {
            "id": "w1",
            "event": "暴雨",
            "headline": "发布暴雨红色预警信号",
            "sender": "市气象台",
            "sent": NOW,
            "status": "actual",
            "msg_type": "alert",
            "colour": "red",
            "areas": [{"desc": "杭州市", "jurisdiction": "330100"}],
        },
    )
    for minute in (20, 40):
        town.clock.at = NOW + timedelta(minutes=minute)
        readings = [town.reading(f"r{n}", 2.95) for n in range(RIVERS)]
        readings += [
            town.reading(f"e{n}", 70 + minute / 10 + n / 100, factor="w01018")
            for n in range(OUTLETS)
        ]
        town.tell("readings", *readings)
    for step in range(10):  # from 02:58 on, a tenth of all each minute
        town.clock.at = NOW + timedelta(minutes=58 + step)
        readings = [town.reading(f"r{n}", 3.05) for n in range(RIVERS) if n % 10 == step]
        readings += [
            town.reading(f"p{n}", 25, factor="rain") for n in range(RAINS) if n % 10 == step
        ]
        town.tell("readings", *readings)
    found = town.alerts(active=True)
    assert Counter(row["rule"] for row in found) == {
        "level-warning": RIVERS,
        "rain-1h-20": RAINS,
        "emission-mean": OUTLETS,
        "warning-red": 1,
    }
    groups = defaultdict(list)
    for row in found:
        groups[row["group"]].append(row)
    assert len(groups) <= 10
    leads = [[row for row in members if row["cause"]] for members in groups.values()]
    assert all(len(lead) == 1 for lead in leads)
    first = sorted((lead[0] for lead in leads), key=lambda row: (row["priority"], row["since"]))
    assert "w1" in [row["subject_id"] for row in first[:3]]
    with town.store.read() as conn:
        raised = conn.execute(
            select(func.count()).select_from(alert_record).where(alert_record.c.act == "raised")
        ).scalar()
        writes = conn.execute(
            select(func.count()).select_from(change).where(change.c.topic == "alerts")
        ).scalar()
    assert raised == len(found)
    assert writes < 3 * len(found)

    town.restart()
    assert town.alerts(active=True) == found
    with town.store.read() as conn:
        assert conn.execute(select(func.count()).select_from(alert)).scalar() == len(found)
