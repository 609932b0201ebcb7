"""A small city for tests of the alert engine: its clock stands where a test puts it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select

from dashboard.domain.clock import CityClock
from dashboard.domain.records import Limits
from data_access.alerts.engine import Engine
from data_access.ingest import Policy, ingest
from data_access.store import Store
from data_access.tables import alert, alert_record, city, jurisdiction, unit

NOW = datetime(2016, 9, 4, 2, 0, tzinfo=UTC)
LEARN = Policy(limits=Limits(unknown="learn"))
CITY = "330100"


class Clock:
    """A city's clock that stands."""

    def __init__(self) -> None:
        self.at = NOW
        self.speed = 1.0

    def now(self) -> datetime:
        return self.at

    def current(self) -> CityClock:
        return CityClock(anchor_city=self.at, anchor_real=datetime.now(UTC), speed=self.speed)


class Town:
    """A store, a clock, an engine; ``restart`` is a new process."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = Clock()
        with store.write() as writer:
            conn = writer.conn
            conn.execute(
                insert(city).values(
                    id=CITY,
                    name="杭州",
                    time_zone="Asia/Shanghai",
                    lon=120.2,
                    lat=30.3,
                    settings={},
                )
            )
            for name in (CITY, "330102", "330106"):
                conn.execute(
                    insert(jurisdiction).values(
                        id=name,
                        level="city" if name == CITY else "district",
                        name=name,
                        verified=True,
                        scope=CITY if name == CITY else f"{CITY}/{name}",
                    )
                )
            conn.execute(insert(unit).values(id="u1", name="养护所", verified=True, scope=CITY))
        self.engine = Engine(store, self.clock)
        self.run()

    def restart(self) -> None:
        self.engine = Engine(self.store, self.clock)
        self.run()

    def stopped(self, **more: float) -> None:
        """Let time pass while nothing runs here."""
        self.clock.at += timedelta(**more)
        self.restart()

    def run(self) -> None:
        while self.engine.step():
            pass

    def go(self, **more: float) -> None:
        """Let time pass and the engine look."""
        self.clock.at += timedelta(**more)
        self.run()

    def tell(self, kind: str, *records: dict[str, Any], look: bool = True) -> None:
        report = ingest(
            self.store, kind, records, feed="push:test", now=self.clock.at, policy=LEARN
        )
        assert not report.rejected, report.rejected[0]
        if look:
            self.run()

    def station(self, name: str, kind: str = "river", **more: Any) -> None:
        record = {
            "id": name,
            "kind": kind,
            "name": name,
            "lon": 120.2,
            "lat": 30.3,
            "jurisdiction": "330102",
            "updated_at": NOW - timedelta(days=1),
        }
        if kind in ("river", "tide", "reservoir"):
            record |= {"datum": "1985", "thresholds": {"level": {"warning": 3.0, "guarantee": 4.0}}}
        self.tell("stations", record | more)

    def read(self, name: str, value: float, *, ago_min: float = 0, **more: Any) -> None:
        self.tell("readings", self.reading(name, value, ago_min=ago_min, **more))

    def reading(
        self, name: str, value: float, *, ago_min: float = 0, factor: str = "level", **more: Any
    ) -> dict[str, Any]:
        at = self.clock.at - timedelta(minutes=ago_min)
        return {"station": name, "factor": factor, "at": at, "value": value, **more}

    def case(self, name: str, **more: Any) -> None:
        at = self.clock.at
        record = {
            "id": name,
            "kind": "event",
            "source": "collector",
            "subcategory": "0101",
            "description": "路面积水",
            "reported_at": NOW - timedelta(hours=3),
            "stage": "dispatched",
            "stage_at": NOW - timedelta(hours=2),
            "updated_at": at,
            "unit": "u1",
            "jurisdiction": "330102",
        }
        self.tell("cases", record | more)

    def alerts(self, **wanted: Any) -> list[dict[str, Any]]:
        query = select(alert).order_by(alert.c.since, alert.c.id)
        for name, value in wanted.items():
            query = query.where(alert.c[name] == value)
        with self.store.read() as conn:
            return [dict(row._mapping) for row in conn.execute(query)]

    def acts(self, alert_id: str) -> list[str]:
        query = select(alert_record.c.act).where(alert_record.c.alert_id == alert_id)
        with self.store.read() as conn:
            return list(conn.execute(query.order_by(alert_record.c.n)).scalars())
