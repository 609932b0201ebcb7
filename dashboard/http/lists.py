"""``GET /api/v1/{topic}``: lists of what the store holds, within what the caller may see."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response
from sqlalchemy import Connection

from dashboard.domain.masking import mask
from dashboard.domain.roles import Right, Role
from dashboard.http import items, paging
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, sight_of
from data_access.queries import (
    cameras,
    case_clocks,
    cases,
    feeds,
    places,
    readings,
    responders,
    screens,
    stations,
    treatments,
    typhoons,
    visible,
    warnings,
)

Found = tuple[list[visible.Row], paging.Key | None]
_LIVE = {"true": True, "false": False}


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list: how a page of it is asked of the store, and how one of it is written.

    ``history``: it may be asked as of a moment. ``key``: the types of its key.
    """

    name: str
    ask: Callable[[Connection, visible.Ask], Found]
    write: Callable[..., dict[str, Any]]
    history: bool = False
    key: tuple[type, ...] = (str,)


def _by_id(
    page: Callable[..., list[visible.Row]],
) -> Callable[[Connection, visible.Ask], Found]:
    def ask(conn: Connection, asked: visible.Ask) -> Found:
        found = page(conn, ask=asked)
        return found, paging.after_last(found, asked.limit, "id")

    return ask


def _cases(conn: Connection, asked: visible.Ask) -> Found:
    found = cases.page(
        conn,
        ask=asked,
        as_of=paging.as_of(),
        live=paging.choice("live", _LIVE),
        stage=paging.text("stage"),
    )
    return found, paging.after_last(found, asked.limit, "id")


def _warnings(conn: Connection, asked: visible.Ask) -> Found:
    found = warnings.page(conn, ask=asked, as_of=paging.as_of(), live=paging.choice("live", _LIVE))
    return found, paging.after_last(found, asked.limit, "id")


def _readings(conn: Connection, asked: visible.Ask) -> Found:
    found, after = readings.page(conn, ask=asked, as_of=paging.as_of())
    return found, after


LISTINGS: tuple[Listing, ...] = (
    Listing(name="cases", ask=_cases, write=items.case, history=True),
    Listing(name="stations", ask=_by_id(stations.page), write=items.station),
    Listing(name="readings", ask=_readings, write=items.reading, history=True, key=(str, str)),
    Listing(name="cameras", ask=_by_id(cameras.page), write=items.camera),
    Listing(name="responders", ask=_by_id(responders.page), write=items.responder),
    Listing(name="places", ask=_by_id(places.page), write=items.place),
    Listing(name="warnings", ask=_warnings, write=items.warning, history=True),
    Listing(name="typhoons", ask=_by_id(typhoons.page), write=items.typhoon),
    Listing(name="feeds", ask=_by_id(feeds.page), write=items.feed),
    Listing(name="screens", ask=_by_id(screens.page), write=items.screen),
)


def register(site: Site) -> None:
    """Mount every list, and the case with its record."""
    for listing in LISTINGS:
        _mount(site, listing)

    @site.guard.route("/api/v1/cases/<path:case_id>", right=Right.LOOK)
    def case_file(case_id: str) -> Response:
        who = site.guard.known()
        wall = who.role is Role.WALL
        moment = paging.as_of()
        with site.store.read() as conn:
            found = cases.find(conn, case_id=case_id, sight=sight_of(who), as_of=moment)
            if found is None:
                raise Problem(404, "没有此案件，或不在您的权限范围内。")
            clocks, odd = case_clocks.told(
                site.store, conn, case=found.whole, events=found.events, now=site.clock.now()
            )
            acts = treatments.acts_of(conn, found.events, sight=sight_of(who))
        return answer(
            {
                **items.case(found.case, wall=wall),
                **({} if wall or moment is not None else {"clocks": _clocks(clocks)}),
                "events": [
                    {**_event(event, odd, wall=wall), **_treated(event, acts, wall=wall)}
                    for event in found.events
                ],
                "versions": [
                    {
                        "version": version["version"],
                        "known_at": items.iso(version["known_at"]),
                        "state": items.case(version["state"], wall=wall),
                    }
                    for version in found.versions
                ],
            }
        )


def _mount(site: Site, listing: Listing) -> None:
    @site.guard.route(f"/api/v1/{listing.name}", right=Right.LOOK, endpoint=f"lists.{listing.name}")
    def page() -> Response:
        who = site.guard.known()
        if not listing.history:
            paging.no_as_of()
        asked = paging.asked(who, listing.key)
        with site.store.read() as conn:
            found, after = listing.ask(conn, asked)
        wall = who.role is Role.WALL
        return paging.page([listing.write(row, wall=wall) for row in found], after)


def _clocks(value: Any) -> Any:
    """Write the clocks of a case, times ISO 8601."""
    if isinstance(value, Mapping):
        return {name: _clocks(it) for name, it in value.items()}
    if isinstance(value, list):
        return [_clocks(it) for it in value]
    return items.iso(value)


def _treated(
    event: Mapping[str, Any], acts: Mapping[tuple[str, int], treatments.ActTold], *, wall: bool
) -> dict[str, Any]:
    """Write what an operation did to a case: by which act, and why, where the caller may know."""
    if event["kind"] != "treatment":
        return {}
    detail = event["detail"]
    told = {"operation": detail["operation"], "limit_min": detail["limit_min"]}
    act = acts.get((detail["operation"], detail["act"]))
    if wall:
        return told
    if act is None:
        return {**told, "by": None}
    return {**told, "title": list(act.title), "note": mask(act.reason)}


def _event(
    event: Mapping[str, Any], odd: Mapping[int, str | None], *, wall: bool
) -> dict[str, Any]:
    """Write one event of a record: its ``stage``, ``mark`` or ``unmark`` under that name.

    One that is no possible move says so, and in which stage the case stood.
    """
    written = {
        event["kind"]: event["code"],
        "at": items.iso(event["at"]),
        "known_at": items.iso(event["known_at"]),
    }
    if wall:
        return written
    if event["n"] in odd:
        written |= {"odd": True, "odd_after": odd[event["n"]]}
    note = event["note"]
    return {
        **written,
        "by": event["by"],
        "note": mask(note) if note else note,
        "until": items.iso(event["until"]),
    }
