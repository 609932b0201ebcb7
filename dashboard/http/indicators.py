"""``GET /api/v1/indicators``: figures with their basis and moment, and the cases behind each."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Response, request
from sqlalchemy import Connection

from dashboard.accounts.principal import Principal
from dashboard.domain import periods, rates
from dashboard.domain.bases import Basis
from dashboard.domain.cases import KINDS, SOURCES
from dashboard.domain.indicators import day_of, number_of
from dashboard.domain.jurisdictions import visible_to_any
from dashboard.domain.periods import SPANS, Period
from dashboard.domain.roles import Right, Role
from dashboard.domain.words import said
from dashboard.http import basis_told, items, paging
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, sight_of
from data_access import bases
from data_access.queries import indicators, spots
from data_access.queries.indicators import Behind, Masked, State
from data_access.queries.scopes import find_scope

GROUPS = ("district", "subdistrict", "unit", "class", "subcategory", "source")
AREAS = ("district", "subdistrict")
ITEMS = 2_000
CELL_M = 250.0
CELL_LEAST_M, CELL_MOST_M = 50.0, 5_000.0
_DEFAULT_SPAN = "month"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: whose figures, of which period."""

    areas: tuple[str, ...]
    span: str
    period: Period
    today: date
    group: str
    basis: Basis
    basis_version: int


def register(site: Site) -> None:
    """Mount the routes."""

    @site.guard.route("/api/v1/indicators", right=Right.LOOK)
    def figures() -> Response:
        with site.store.read() as conn:
            state = indicators.state(conn)
            asked = _question(site, conn, site.guard.known(), state)

        return answer(_head(asked, state) | _told(site, asked, state))

    @site.guard.route("/api/v1/indicators/bases", right=Right.LOOK)
    def listed() -> Response:
        with site.store.read() as conn:
            return answer(basis_told.every(bases.current(conn)))

    @site.guard.route("/api/v1/indicators/cases", right=Right.LOOK)
    def behind() -> Response:
        who = site.guard.known()
        page = paging.asked(who, (str,))
        with site.store.read() as conn:
            state = indicators.state(conn)
            asked = _question(site, conn, who, state)
            rows = indicators.behind(
                conn,
                asked=_behind(conn, asked),
                basis=asked.basis,
                sight=sight_of(who),
                limit=page.limit,
                after=str(page.after[0]) if page.after else "",
            )
        wall = who.role is Role.WALL
        return paging.page(
            [items.case(row, wall=wall) for row in rows], paging.after_last(rows, page.limit, "id")
        )

    @site.guard.route("/api/v1/indicators/heat", right=Right.LOOK)
    def heat() -> Response:
        who = site.guard.known()
        cell_m = _cell()
        with site.store.read() as conn:
            state = indicators.state(conn)
            asked = _question(site, conn, who, state)
            question = _behind(conn, asked)

        def make() -> dict[str, Any]:
            with site.store.read() as conn:
                cells = spots.heat(conn, asked=question, sight=sight_of(who), cell_m=cell_m)
                high, wide = spots.cell(conn, cell_m)
            told = [[round(x, 6), round(y, 6), n] for x, y, n in cells]
            return {"cell": [wide, high], "cells": told}

        key = ("heat", question, cell_m, sight_of(who), state.revision)
        told = site.answers.get(key, make)
        return answer(_head(asked, state) | {"cell_m": cell_m, "most": spots.HEAT_CELLS} | told)

    @site.guard.route("/api/v1/indicators/repeats", right=Right.LOOK)
    def repeats() -> Response:
        who = site.guard.known()
        repeat = site.settings.repeat
        now = site.clock.now()
        with site.store.read() as conn:
            state = indicators.state(conn)
            asked = _question(site, conn, who, state)

        def make() -> dict[str, Any]:
            with site.store.read() as conn:
                rows = spots.repeats(
                    conn,
                    areas=asked.areas,
                    sight=sight_of(who),
                    since=now - timedelta(days=repeat.days),
                    until=now,
                    repeat=repeat,
                )
            return {"items": [items.case(row) for row in rows]}

        key = ("repeats", asked.areas, asked.today, sight_of(who), repeat, state.revision)
        told = site.answers.get(key, make)
        if who.role is Role.WALL:
            kept = [items.plain(row, wall=True) for row in told["items"]]
            told = {"items": kept}
        about = {"within_m": repeat.within_m, "days": repeat.days, "same": repeat.same}
        return answer({"as_of": items.iso(state.as_of), **about, **told})


def _told(site: Site, asked: Question, state: State) -> dict[str, Any]:
    """Answer with figures of ours, kept until the sums change, or with published ones."""

    def make() -> dict[str, Any]:
        with site.store.read() as conn:
            return _figures(conn, asked)

    if not asked.basis.imported:
        return site.answers.get(("figures", asked, state.revision, state.counting), make)
    with site.store.read() as conn:
        return basis_told.published(conn, asked.areas, asked.basis)


def _question(site: Site, conn: Connection, who: Principal, state: State) -> Question:
    """Read what is asked; what lies outside of who asks is as if it were not there."""
    zone = ZoneInfo(state.time_zone)
    today = site.clock.now().astimezone(zone).date()
    span = paging.choice("period", {str(name): str(name) for name in SPANS}) or _DEFAULT_SPAN
    group = paging.choice("by", {name: name for name in GROUPS}) or "district"
    known = bases.current(conn)
    basis = paging.choice("basis", known.every) or known.main
    areas = indicators.kept_for(who.scopes)
    named = paging.text("scope")
    if named:
        path = find_scope(conn, name=named)
        if path is None or not visible_to_any(who.scopes, path):
            raise Problem(404, "没有此辖区，或不在您的权限范围内。")
        areas = indicators.kept_for([path])
    if not areas:
        raise Problem(400, "指标按市、区、街道统计，此范围没有。")
    period = _days() or periods.period_of(span, today, basis.month_from)
    return Question(tuple(sorted(areas)), span, period, today, group, basis, known.version)


def _days() -> Period | None:
    """Read ``first`` and ``last``, days that are asked for instead of a period up to now."""
    told = request.args.get("first"), request.args.get("last")
    if told == (None, None):
        return None
    try:
        first, last = (date.fromisoformat(it or "") for it in told)
    except ValueError as error:
        raise Problem(400, "first、last 须是日期，例如 2026-07-01，并同时给出。") from error
    if not timedelta() <= last - first <= timedelta(days=366):
        raise Problem(400, "first 不得晚于 last，且相距不超过一年。")
    return Period(first, last)


def _cell() -> float:
    try:
        cell = float(request.args.get("cell_m", CELL_M))
    except ValueError as error:
        raise Problem(400, "cell_m 须是米数。") from error
    if not CELL_LEAST_M <= cell <= CELL_MOST_M:
        raise Problem(400, f"cell_m 须在 {CELL_LEAST_M:g} 到 {CELL_MOST_M:g} 之间。")
    return cell


def _behind(conn: Connection, asked: Question) -> Behind:
    measure = request.args.get("measure", "reported")
    if measure not in indicators.BEHIND:
        raise Problem(400, f"measure 只能是 {'、'.join(sorted(indicators.BEHIND))}。")
    of = paging.text("of")
    areas: tuple[str, ...] = asked.areas
    group = "all"
    values: tuple[str, ...] = ()
    if of is not None and asked.group in AREAS:
        path = find_scope(conn, name=of)
        if path is None or not visible_to_any(asked.areas, path):
            raise Problem(404, "没有此辖区，或不在您的权限范围内。")
        areas = (path,)
    elif of is not None and asked.group == "class":
        within = [code for code, it in indicators.classes(conn).items() if it[0] == of]
        group, values = "subcategory", tuple(sorted(within))
    elif of is not None:
        group, values = asked.group, (of,)
    return Behind(
        areas=areas,
        period=asked.period,
        measure=measure,
        group=group,
        values=values,
        box=_box(),
    )


def _box() -> tuple[float, float, float, float] | None:
    """Read ``box``: west, south, east and north in degrees."""
    told = request.args.get("box")
    if told is None:
        return None
    try:
        west, south, east, north = map(float, told.split(","))
    except ValueError as error:
        raise Problem(400, "box 须是西、南、东、北四个度数，以逗号分隔。") from error
    return west, south, east, north


def _head(asked: Question, state: State) -> dict[str, Any]:
    """What every answer says of itself."""
    return {
        "basis": basis_told.one(asked.basis, asked.basis_version),
        "period": {"id": asked.span, **_span(asked.period), "since": _since(asked, state)},
        "time_zone": state.time_zone,
        "as_of": items.iso(state.as_of),
        "counting": state.counting,
        "scope": [path.rpartition("/")[2] for path in asked.areas],
        "by": asked.group,
    }


def _since(asked: Question, state: State) -> str | None:
    """Say from when on there is history, where it does not reach back to the period's first day."""
    if state.first_on is None or state.first_on <= number_of(asked.period.first):
        return None
    return str(day_of(state.first_on))


def _figures(conn: Connection, asked: Question) -> dict[str, Any]:
    """All figures of a question, each by its basis; sums of three periods by one question each."""
    state = indicators.state(conn)
    first_on = state.first_on
    earlier = {
        "before": periods.before(asked.span, asked.period, asked.basis.month_from),
        "year_before": periods.year_before(asked.span, asked.period, asked.basis.month_from),
    }
    comparable = {
        name: not state.counting and first_on is not None and first_on < number_of(it.first)
        for name, it in earlier.items()
    }
    total = _total(conn, asked, asked.period)
    figures: dict[str, Any] = rates.figures(total, asked.basis)
    then = {
        name: rates.figures(_total(conn, asked, it), asked.basis) if comparable[name] else None
        for name, it in earlier.items()
    }
    for name, found in then.items():
        figures[name] = found["rate"] if found else None
    trend = periods.points(asked.span, asked.period, asked.today, asked.basis.month_from)
    told = indicators.by_period(conn, areas=asked.areas, periods=trend)
    return {
        "total": figures,
        "compared": {
            name: {**_span(it), "comparable": comparable[name], "figures": then[name]}
            for name, it in earlier.items()
        },
        "stages": [
            {"stage": stage, "mean_s": round(mean), "n": n}
            for stage, mean, n in rates.stage_times(total)
        ],
        "trend": [
            _span(it) | rates.figures(masked, asked.basis) | _complete(it, first_on)
            for it, masked in zip(trend, told, strict=True)
        ],
        "items": _ranked(conn, asked, earlier["before"] if comparable["before"] else None),
    }


def _complete(period: Period, first_on: int | None) -> dict[str, None]:
    """Take the rate from a part of a trend that begins before history does."""
    there = first_on is not None and first_on < number_of(period.first)
    return {} if there else {"rate": None}


def _ranked(conn: Connection, asked: Question, before: Period | None) -> list[dict[str, Any]]:
    """What the figures are by; the best rate first, what has none last."""
    sums = _grouped(conn, asked, asked.period)
    earlier = _grouped(conn, asked, before) if before else {}
    names = _names(conn, asked, list(sums))
    found = []
    for key, masked in sums.items():
        zh, en = names(key)
        figures: dict[str, Any] = rates.figures(masked, asked.basis)
        figures["before"] = rates.rate(earlier.get(key, {}), asked.basis)
        found.append({"id": key, "name": [zh, en or zh], **figures})
    found.sort(
        key=lambda it: (
            it["rate"] is None,
            -(it["rate"] or 0),
            -it["due"],
            -it["reported"],
            it["id"],
        )
    )
    return found[:ITEMS]


def _total(conn: Connection, asked: Question, period: Period) -> Masked:
    return indicators.by_value(conn, areas=asked.areas, group="all", period=period).get("", {})


def _grouped(conn: Connection, asked: Question, period: Period) -> dict[str, Masked]:
    if asked.group in AREAS:
        places = indicators.children(conn, areas=asked.areas, level=asked.group)
        sums = indicators.by_area(conn, areas=list(places), period=period)
        return {name: sums.get(path, {}) for path, name in places.items()}
    group = "subcategory" if asked.group == "class" else asked.group
    sums = indicators.by_value(conn, areas=asked.areas, group=group, period=period)
    if asked.group != "class":
        return sums
    classes = indicators.classes(conn)
    joined: dict[str, dict[int, list[int]]] = {}
    for code, masked in sums.items():
        mine = joined.setdefault(classes[code][0] if code in classes else code, {})
        for mask, values in masked.items():
            there = mine.get(mask, [0] * len(values))
            mine[mask] = [a + b for a, b in zip(there, values, strict=True)]
    return {
        name: {mask: tuple(values) for mask, values in masked.items()}
        for name, masked in joined.items()
    }


def _names(
    conn: Connection, asked: Question, keys: list[str]
) -> Callable[[str], tuple[str, str | None]]:
    """Give what a key of the ranking is called; a code without a name speaks for itself."""
    if asked.group in AREAS:
        known = indicators.area_names(conn, keys)
    elif asked.group == "class":
        known = _class_names(conn)
    elif asked.group == "source":
        known = {code: (words.zh, words.en) for code, words in SOURCES.items()}
    else:
        known = indicators.names(conn)[asked.group]
    return lambda key: known.get(key) or (("—", "—") if key == "" else (key, None))


def _class_names(conn: Connection) -> dict[str, tuple[str, str | None]]:
    """Name the classes; one that events and components share says which of them it is."""
    found = {key: (zh, en) for key, zh, en in indicators.classes(conn).values()}
    shared = Counter(zh for zh, _ in found.values())
    named: dict[str, tuple[str, str | None]] = {}
    for key, (zh, en) in found.items():
        kind = said(KINDS, key.partition("/")[0])
        more = shared[zh] > 1
        named[key] = (
            f"{zh}（{kind.zh}）" if more else zh,
            f"{en or zh} ({kind.en})" if more else en,
        )
    return named


def _span(period: Period) -> dict[str, str]:
    return {"first": str(period.first), "last": str(period.last)}
