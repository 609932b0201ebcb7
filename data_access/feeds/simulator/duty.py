"""The made-up duty list of a demonstration, for the days around the city's now.

Each day's persons follow from the date. At the desk's posts stand the demonstration's own accounts;
telephone numbers are patterns, not numbers.
"""

import random
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, func, select

from dashboard.domain.duty import span
from data_access.bulk import insert_rows
from data_access.changes import Writer
from data_access.clock import last_city
from data_access.queries import duty as queries
from data_access.queries.scopes import city_scope, time_zone
from data_access.store import Store
from data_access.tables import duty, jurisdiction

AHEAD = timedelta(days=7)
BEHIND = timedelta(days=2)
_SURNAMES = "陈王李张刘杨黄赵周吴徐孙朱马胡郭林何高梁郑罗宋谢唐韩曹许邓萧"
_GIVEN = (
    "建国",
    "志强",
    "晓东",
    "海燕",
    "丽华",
    "文斌",
    "佳琪",
    "俊杰",
    "雪梅",
    "国庆",
    "立新",
    "明辉",
)
_ACCOUNTS = {"supervisor": "supervisor", "commander": "commander", "leader": "leader"}


def keep_list(store: Store, now: datetime) -> bool:
    """See that the days from now on are filled; says whether any had to be."""
    with store.read() as conn:
        # Before the clock is set, neither the days nor the districts are known.
        if last_city(conn) is None or not _missing(conn, now):
            return False
    with store.write() as writer:
        for day in _missing(writer.conn, now):
            write_day(writer, day)
    return True


def write_day(writer: Writer, day: date) -> None:
    """Write the list of one date."""
    conn = writer.conn
    zone, city = ZoneInfo(time_zone(conn)), city_scope(conn)
    districts = conn.execute(
        select(jurisdiction.c.id, jurisdiction.c.scope)
        .where(jurisdiction.c.level == "district")
        .order_by(jurisdiction.c.id)
    ).all()
    rng = random.Random(day.toordinal())  # noqa: S311 - a demonstration
    rows: list[dict[str, Any]] = []
    for shift in queries.shifts(conn).values():
        starts_at, ends_at = span(day, shift.starts, shift.ends, zone)
        for post in queries.posts(conn).values():
            held_for = [(None, city)] if post["level"] == "city" else districts
            for where, scope in held_for:
                rows.append(
                    {
                        "date": day.isoformat(),
                        "shift": shift.id,
                        "post": post["id"],
                        "jurisdiction": where,
                        **_person(rng, ""),
                        **_person(rng, "deputy"),
                        "account": _ACCOUNTS.get(post["id"]),
                        "starts_at": starts_at,
                        "ends_at": ends_at,
                        "scope": scope,
                        "drill": False,
                    }
                )
    conn.execute(delete(duty).where(duty.c.date == day.isoformat()))
    insert_rows(conn, duty, rows)


def _missing(conn: Connection, now: datetime) -> list[date]:
    """The dates around now of which nothing is written, as far as the last ones begin to lack."""
    today = now.astimezone(ZoneInfo(time_zone(conn))).date()
    last = conn.execute(select(func.max(duty.c.date))).scalar()
    if last is not None and last >= (today + AHEAD / 2).isoformat():
        return []
    first = today - BEHIND if last is None else max(today - BEHIND, date.fromisoformat(last))
    days = (today + AHEAD - first).days
    wanted = [first + timedelta(days=number) for number in range(days + 1)]
    known = set(conn.execute(select(duty.c.date).distinct()).scalars())
    return [day for day in wanted if day.isoformat() not in known]


def _person(rng: random.Random, role: str) -> dict[str, str]:
    name = rng.choice(_SURNAMES) + rng.choice(_GIVEN)
    phone = f"13xxxxx{rng.randrange(10_000):04}"
    return {f"{role}_phone" if role else "phone": phone, role or "name": name}
