"""Mounts every route: pages, API, errors."""

from pathlib import Path

from flask import Flask

from dashboard.answers import Answers
from dashboard.http import (
    alert_performance,
    alerts,
    bundle,
    calls,
    compressed,
    desk,
    drawers,
    duty,
    event_desk,
    events,
    indicators,
    ingest,
    jurisdictions,
    lists,
    openapi,
    operations,
    outbox,
    pages,
    people,
    problems,
    promises,
    proposals,
    rejects,
    scenes,
    screens,
    search,
    shift,
    snapshots,
    suspects,
    tasks,
    tiles,
    timeline,
    video,
    wall,
)
from dashboard.http.site import MAX_BODY_BYTES, Site
from dashboard.services import Services

PARTS = (
    pages,
    ingest,
    snapshots,
    lists,
    jurisdictions,
    search,
    indicators,
    alert_performance,
    alerts,
    suspects,
    desk,
    drawers,
    video,
    tiles,
    rejects,
    people,
    wall,
    screens,
    scenes,
    operations,
    tasks,
    timeline,
    proposals,
    events,
    event_desk,
    duty,
    calls,
    promises,
    outbox,
    shift,
    openapi,
)


def register(server: Flask, services: Services, assets: Path) -> None:
    """Mount everything on ``server``; ``assets`` is the folder whose styles the plain pages use.

    Before Dash's own routes, so that ``/`` is ours.
    """
    server.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES + 1
    problems.register(server)
    compressed.register(server)
    bundle.register(services.guard, assets)
    server.context_processor(lambda: {"style": bundle.style(assets).path})
    site = Site(
        guard=services.guard,
        store=services.store,
        clock=services.clock,
        settings=services.settings,
        answers=Answers(server, services.settings.cache_url),
    )
    for part in PARTS:
        part.register(site)
