"""Stations that are 可疑: marked by hand with reason and end, asked for, and taken back."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from flask import Response
from sqlalchemy import Connection

from dashboard.domain.masking import mask
from dashboard.domain.roles import Right
from dashboard.http import items
from dashboard.http.idempotency import once
from dashboard.http.problems import Problem
from dashboard.http.site import Site, answer, json_body, sight_of
from dashboard.http.told import moment, text
from data_access.changes import Writer
from data_access.commands import alerts as commands
from data_access.queries import history

_NOTE = 1_000


def register(site: Site) -> None:
    """Mount the routes."""
    guard = site.guard

    def mount(name: str, perform: Callable[[Writer, str, commands.Said], None]) -> None:
        @guard.route(
            f"/api/v1/stations/<path:station_id>/{name}",
            right=Right.ACKNOWLEDGE,
            methods=("POST",),
            endpoint=f"stations.{name}",
        )
        @once(site)
        def act(station_id: str) -> Response:
            return answer(_mark(site, station_id, name, perform))

    mount("suspect", _suspect(site))
    mount("unsuspect", commands.unsuspect)

    @guard.route(
        "/api/v1/stations/<path:station_id>/suspect",
        right=Right.SUPERVISE,
        endpoint="stations.suspected",
    )
    def suspected(station_id: str) -> Response:
        with site.store.read() as conn:
            row = _station(site, conn, station_id)
        note, until = row["suspect_note"], row["suspect_until"]
        told = {"id": row["id"], "suspect": row["suspect"], "by": row["suspect_by"]}
        return answer({**told, "reason": note and mask(note), "until": until and items.iso(until)})


def _suspect(site: Site) -> Callable[[Writer, str, commands.Said], None]:
    longest = timedelta(days=site.settings.suspect_days)

    def act(writer: Writer, station_id: str, said: commands.Said) -> None:
        until = moment(json_body(), "until")
        if until is None or not timedelta() < until - said.now <= longest:
            days = site.settings.suspect_days
            raise Problem(422, f"until 须晚于现在，且不超过 {days} 天。", field="until")
        commands.suspect(writer, station_id, said, until=until)

    return act


def _mark(
    site: Site, station_id: str, name: str, perform: Callable[[Writer, str, commands.Said], None]
) -> dict[str, Any]:
    """Mark a station 可疑 with reason and end, or take the mark away."""
    body = json_body()
    note = text(body, "reason", most=_NOTE, needed=name == "suspect")
    said = commands.Said(by=site.guard.known().name, now=site.clock.now(), note=note)
    with site.store.write() as writer:
        found = _station(site, writer.conn, station_id)
        perform(writer, station_id, said)
        detail = {"reason": said.note, "until": body.get("until")}
        site.note(
            writer,
            f"station-{name}",
            subject=station_id,
            detail=detail,
            scope=found["scope"],
            drill=found["drill"],
        )
    return {
        "id": station_id,
        "suspect": "hand" if name == "suspect" else None,
        **_until(body, name),
    }


def _station(site: Site, conn: Connection, station_id: str) -> Mapping[str, Any]:
    found = history.find_station(conn, station_id=station_id, sight=sight_of(site.guard.known()))
    if found is None:
        raise Problem(404, "没有此测站，或不在您的权限范围内。")
    return found


def _until(body: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {"until": items.iso(moment(body, "until"))} if name == "suspect" else {}
