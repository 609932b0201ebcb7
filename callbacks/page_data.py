"""Asks the store for what a page is told when it is built: the city, lists of words, the viewer."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from callbacks.services import Services, Viewer
from dashboard.domain import tiles
from dashboard.domain.roles import RIGHTS, Right
from dashboard.domain.words import Words
from data_access import drill_recordings, matters, profiles
from data_access.alerts import book
from data_access.queries import duty, jurisdictions
from data_access.queries.live import within
from data_access.queries.visible import MAX_ROWS
from data_access.tables import account, category, city, jurisdiction, unit
from layouts import page as page_layout
from layouts.words import CATALOGUE

MAPS = Path(__file__).resolve().parent.parent / "assets" / "map"
_AT_THE_DESK = tuple(str(role) for role, rights in RIGHTS.items() if Right.ACKNOWLEDGE in rights)
UNNAMED = Words("未命名城市", "Unnamed city")


def load(services: Services) -> page_layout.Page:
    """Return the page's data for who asks now."""
    who = services.guard.known()
    with services.store.read() as conn:
        named, districts = _jurisdictions(conn, who)
        return page_layout.Page(
            city=_city(conn, services, who),
            viewer=_viewer(who),
            build=services.build,
            sound_on=tuple(services.settings.sound_on.split()),
            session=who.session_name,
            categories=_categories(conn),
            classes=_classes(conn),
            matters=matters.of_city(conn),
            jurisdictions=named,
            districts=districts,
            units=_units(conn, who),
            posts=_named(duty.newest(conn, "posts").items),
            ladders=_named(duty.newest(conn, "ladders").items),
            people=_people(conn, who),
            modes=tuple(profile.shown() for profile in profiles.shipped()),
            drill_inputs=drill_recordings.inputs(
                services.settings.feeds, services.settings.drill_recordings
            ),
            rules={name: rule.shown() for name, rule in book.current(conn).rules.items()},
        )


def time_zone(services: Services) -> str:
    """Return the city's zone."""
    with services.store.read() as conn:
        return conn.execute(select(city.c.time_zone).limit(1)).scalar() or "UTC"


def _viewer(who: Viewer) -> page_layout.Viewer:
    return page_layout.Viewer(
        name=who.name,
        display_name=who.display_name,
        role=str(who.role),
        rights=frozenset(str(right) for right in Right if right in RIGHTS[who.role]),
        areas=tuple(scope.rpartition("/")[2] for scope in who.scopes),
    )


def _city(conn: Connection, services: Services, who: Viewer) -> page_layout.City:
    row = conn.execute(select(city).limit(1)).mappings().first()
    approval = services.settings.map_approval_number
    if row is None:
        return page_layout.City(
            id="", name=UNNAMED, time_zone="UTC", lon=0, lat=0, approval=approval
        )
    told: dict[str, Any] = row["settings"] or {}
    source = services.settings.map_source or told.get("source") or ""
    return page_layout.City(
        id=row["id"],
        name=Words(row["name"], row["name_en"] or row["name"]),
        time_zone=row["time_zone"],
        lon=row["lon"],
        lat=row["lat"],
        bounds=_bounds(told.get("bounds")),
        shapes_url=_shapes(told.get("map")) or _own_shapes(conn, who),
        base_url=_base(told.get("map")),
        tiles=tuple(tiles.for_page(services.settings.tiles)),
        source=Words(source, source),
        approval=approval,
        notes=_notes(told),
    )


def _bounds(told: Any) -> tuple[float, float, float, float] | None:
    if not isinstance(told, list) or len(told) != 4:
        return None
    west, south, east, north = (float(value) for value in told)
    return west, south, east, north


def _shapes(told: Any) -> str | None:
    """Return the address of a city's shapes, given by address or by the name of a file of ours."""
    if not isinstance(told, str) or not told:
        return None
    return told if told.startswith("/") else f"/assets/map/{told.removesuffix('.geojson')}.geojson"


def _own_shapes(conn: Connection, who: Viewer) -> str | None:
    """Return the address of the shapes that the store has, where the city has no file of them."""
    level = jurisdictions.drawn_level(conn, scopes=who.scopes)
    if level is None:
        return None
    return f"/api/v1/jurisdictions?format=geojson&limit={MAX_ROWS}&level={level}"


def _base(told: Any) -> str | None:
    """Return the address of what lies under the points, beside the shapes of the same name."""
    if not isinstance(told, str) or not re.fullmatch(r"[a-z0-9-]+", told):
        return None
    name = f"{told}-base.geojson"
    return f"/assets/map/{name}" if (MAPS / name).is_file() else None


def _notes(told: dict[str, Any]) -> tuple[Words, ...]:
    marks = [CATALOGUE[key] for key in ("simulated", "recording") if told.get(key)]
    notes = [Words(str(note), str(note)) for note in told.get("notes") or () if note]
    said = {mark.zh for mark in marks}
    return (*marks, *(note for note in notes if note.zh not in said))


def _categories(conn: Connection) -> dict[str, Words]:
    """Return the words of every class and subclass, the newest list's last, therefore winning."""
    query = select(
        category.c.kind,
        category.c.code,
        category.c.name,
        category.c.name_en,
        category.c.class_code,
        category.c.class_name,
        category.c.class_name_en,
    ).order_by(category.c.list_version)
    named: dict[str, Words] = {}
    for row in conn.execute(query):
        named[f"{row.kind}/{row.class_code}"] = Words(
            row.class_name, row.class_name_en or row.class_name
        )
        named[f"{row.kind}/{row.code}"] = Words(row.name, row.name_en or row.name)
    return named


def _classes(conn: Connection) -> dict[str, tuple[str, ...]]:
    """Return the subcategories of every class, ``event/01`` → ``0101``, ``0102``, and so on."""
    newest = select(func.max(category.c.list_version)).scalar_subquery()
    query = select(category.c.kind, category.c.class_code, category.c.code).where(
        category.c.list_version == newest
    )
    found: dict[str, list[str]] = {}
    for row in conn.execute(query.order_by(category.c.kind, category.c.code)):
        found.setdefault(f"{row.kind}/{row.class_code}", []).append(row.code)
    return {name: tuple(codes) for name, codes in found.items()}


def _jurisdictions(conn: Connection, who: Viewer) -> tuple[dict[str, Words], dict[str, str]]:
    """Return the words of what the viewer sees and of all districts, and each one's district."""
    query = select(
        jurisdiction.c.id, jurisdiction.c.name, jurisdiction.c.name_en, jurisdiction.c.scope
    ).where(
        within(jurisdiction.c.scope, who.scopes) | jurisdiction.c.level.in_(("city", "district"))
    )
    found = conn.execute(query).all()
    named = {row.id: Words(row.name, row.name_en or row.name) for row in found}
    paths = {row.id: row.scope.split("/") for row in found}
    return named, {name: path[1] for name, path in paths.items() if len(path) > 2}


def _people(conn: Connection, who: Viewer) -> dict[str, Words]:
    """Return the names of those who act at the desk, for whoever acts there or supervises."""
    if not (RIGHTS[who.role].keys() & {Right.ACKNOWLEDGE, Right.SUPERVISE}):
        return {}
    query = select(account.c.name, account.c.display_name).where(account.c.role.in_(_AT_THE_DESK))
    return {row.name: Words(row.display_name, row.display_name) for row in conn.execute(query)}


def _units(conn: Connection, who: Viewer) -> dict[str, Words]:
    query = select(unit.c.id, unit.c.name).where(within(unit.c.scope, who.scopes))
    return {row.id: Words(row.name, row.name) for row in conn.execute(query)}


def _named(items: Sequence[Mapping[str, Any]]) -> dict[str, Words]:
    """Return the names of what the site keeps as data, by id."""
    return {it["id"]: Words(it["name"], it.get("name_en") or it["name"]) for it in items}
