"""Wires the application: the one place that knows everything. Called twice, it gives the same."""

from datetime import timedelta

from dash import Dash
from flask import Flask

from callbacks import admin, drawers, shell
from dashboard.accounts import enrol, manage
from dashboard.build import ASSETS, build
from dashboard.domain import tiles
from dashboard.guard import Guard
from dashboard.http import bundle, routes
from dashboard.services import Services
from dashboard.settings import Settings
from data_access.clock import StoreClock
from data_access.store import Store

TITLE = "平急"


def create_app(settings: Settings, store: Store | None = None) -> Dash:
    """Make the application of the configured store; its Flask server is ``.server``.

    Raises UndeclaredError when a route or callback does not name its right.
    """
    store = store or settings.store()
    server = Flask(
        "pingji", static_folder=None, template_folder=str(ASSETS.parent / "dashboard" / "templates")
    )
    guard = Guard(
        server,
        store,
        csp_hosts=settings.csp_hosts.split(),
        csp_pictures=tiles.hosts(settings.tiles),
        trusted_proxies=settings.trusted_proxies.split(),
        idle=timedelta(hours=settings.session_hours),
    )
    services = Services(
        settings=settings, store=store, clock=StoreClock(store), guard=guard, build=build()
    )
    # Before Dash's own routes, so that "/" leads each role to its page.
    routes.register(server, services, ASSETS)
    app = Dash(
        "pingji",
        server=server,  # type: ignore[arg-type] # a Flask, as Dash's documentation has it
        title=TITLE,
        update_title=None,  # type: ignore[arg-type] # None leaves the title alone
        assets_folder=str(ASSETS),
        include_assets_files=False,
        serve_locally=True,
        add_log_handler=False,
    )
    # after the scripts of components: ours begin with what those brought
    app.css.append_css({"external_url": bundle.style(ASSETS).path, "external_only": True})
    app.scripts.append_script(  # type: ignore[no-untyped-call]
        {"external_url": bundle.script(ASSETS).path, "external_only": True}
    )
    guard.dash(app)
    shell.register(app, services)
    drawers.register(app, services)
    admin.register(app, services, manage, enrol)
    guard.check(app)
    return app
