"""What a switch will change, before and after: shown to whoever decides, before it is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from dashboard.domain import modes
from dashboard.domain.alerts.rules import Rule
from dashboard.domain.operations import Operation
from dashboard.domain.profiles import ROUTINE, Profile, of_mode
from dashboard.domain.scenes import Showing, showing
from data_access.alerts import book
from data_access.commands import shown
from data_access.queries.live import within
from data_access.queries.operations import MODE_LEVELS
from data_access.queries.scopes import areas
from data_access.tables import scene, screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One side of a switch: what is in force, and what holds where it is decided."""

    running: Sequence[Operation]
    profile: Profile


def side(running: Sequence[Operation], scope: str, profiles: Sequence[Profile]) -> Side:
    """Give what holds in the jurisdiction ``scope`` while ``running`` is in force.

    A drill changes what is shown, never what is judged: real clocks and thresholds stay.
    """
    stands = modes.standing(scope, running)
    deciding = next((it for it in running if it.id == stands.operation), None)
    if deciding is None or deciding.drill:
        return Side(running=running, profile=ROUTINE)
    profile = of_mode(
        profiles, kind=deciding.kind, scenario=deciding.scenario, level=deciding.level
    )
    return Side(running=running, profile=profile)


def preview(conn: Connection, *, before: Side, after: Side, scope: str) -> dict[str, Any]:
    """Everything that differs between the two sides, within ``scope`` and below it."""
    return {
        "jurisdictions": _jurisdictions(conn, before.running, after.running, scope),
        "screens": _screens(conn, before.running, after.running, scope),
        "rules": _rules(conn, before.profile, after.profile),
        "ladders": _pairs(before.profile.ladders, after.profile.ladders),
        "posts": {"before": before.profile.posts, "after": after.profile.posts},
        "report_every_min": {
            "before": before.profile.report_every_min,
            "after": after.profile.report_every_min,
        },
    }


def _jurisdictions(
    conn: Connection, before: Sequence[Operation], after: Sequence[Operation], scope: str
) -> list[dict[str, Any]]:
    changed = []
    for area, path in areas(conn, levels=MODE_LEVELS):
        if not modes.covers(scope, path):
            continue
        was, will = modes.standing(path, before), modes.standing(path, after)
        if (was.mode, was.level, was.drill) != (will.mode, will.level, will.drill):
            changed.append({"id": area, "before": _standing(was), "after": _standing(will)})
    return changed


def _standing(stands: modes.Standing) -> dict[str, Any]:
    return {"mode": str(stands.mode), "level": stands.level, "drill": stands.drill}


def _screens(
    conn: Connection, before: Sequence[Operation], after: Sequence[Operation], scope: str
) -> list[dict[str, Any]]:
    """What screens of the area or below it show on either side, and why; none is left out."""
    offers = shown.offers(conn)
    query = select(screen).where(within(screen.c.scope, [scope])).order_by(screen.c.id)
    rooms = shown.rooms_of(conn)
    names = {row.id: [row.name, row.name_en or row.name] for row in conn.execute(select(scene))}
    told = []
    for row in conn.execute(query).mappings():
        place = shown.place_of(
            {str(name): value for name, value in row.items()}, rooms.get(row["id"], ())
        )
        was, will = showing(place, before, offers), showing(place, after, offers)
        told.append(
            {
                "id": row["id"],
                "name": row["name"],
                "before": _shown(was, names),
                "after": _shown(will, names),
            }
        )
    return told


def _shown(it: Showing, names: Mapping[str, list[str]]) -> dict[str, Any]:
    return {"scene": it.scene, "name": names.get(it.scene or ""), "why": str(it.why)}


def _rules(conn: Connection, before: Profile, after: Profile) -> list[dict[str, Any]]:
    rules = book.current(conn).rules
    changed = []
    for name in sorted(before.rules.keys() | after.rules.keys()):
        rule = rules.get(name)
        if rule is None:
            continue
        was = _values(rule, before.rules.get(name, {}))
        will = _values(rule, after.rules.get(name, {}))
        if was != will:
            changed.append(
                {
                    "rule": name,
                    "name": [rule.name, rule.name_en],
                    "before": {key: was[key] for key in was if was[key] != will.get(key)},
                    "after": {key: will[key] for key in will if will[key] != was.get(key)},
                }
            )
    return changed


def _values(rule: Rule, change: Mapping[str, Any]) -> dict[str, Any]:
    priority = change.get("priority", rule.priority)
    return {"priority": priority, **rule.params, **change.get("params", {})}


def _pairs(before: Mapping[str, str], after: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {"ladder": name, "before": before.get(name, name), "after": after.get(name, name)}
        for name in sorted(before.keys() | after.keys())
        if before.get(name, name) != after.get(name, name)
    ]
