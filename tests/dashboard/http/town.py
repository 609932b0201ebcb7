"""A small city behind an application with our routes and Dash's own, for tests of the doors."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dash import Dash, Input, Output, html
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

import dashboard
from dashboard.accounts import manage
from dashboard.domain.roles import Right, Role
from dashboard.guard import Guard
from dashboard.http import routes
from dashboard.services import Services
from dashboard.settings import Settings
from data_access.clock import StoreClock, set_clock
from data_access.store import Store
from data_access.tables import category, city, jurisdiction, unit

CITY = "330100"
EAST = "330100/330102"
WEST = "330100/330106"
NOW = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"
ASSETS = Path(dashboard.__file__).parent.parent / "assets"
FOLDER = Path(dashboard.__file__).parent


@dataclass
class City:
    """The application with its store, and what opens it."""

    app: Dash
    server: Flask
    store: Store
    guard: Guard
    services: Services
    actor: manage.Actor
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, role: str, *scopes: str, **rest: Any) -> str:
        """Make a token of the role with these scopes (default: the city's)."""
        name = f"t{len(self.tokens)}-{role}"
        wanted = list(scopes) if scopes else [CITY]
        made = manage.add_token(
            self.store, self.actor, name=name, role=role, scopes=wanted, **rest
        )[1]
        self.tokens[name] = made
        return made

    def bearer(self, role: str, *scopes: str, **rest: Any) -> dict[str, str]:
        """The header that shows a new token of the role."""
        return {"Authorization": f"Bearer {self.token(role, *scopes, **rest)}"}

    def client(self) -> FlaskClient:
        """A browser without cookies."""
        return self.server.test_client()

    def signed_in(self, name: str = "ann", role: str = "commander") -> FlaskClient:
        """A browser in which someone has signed in."""
        manage.add_account(
            self.store, self.actor, name=name, role=role, password=PASSWORD, scopes=[CITY]
        )
        browser = self.client()
        sign_in(browser, name, PASSWORD)
        return browser

    def ingest(self, kind: str, records: list[dict[str, Any]]) -> Any:
        """Send records as a feed would; gives the answer."""
        headers = self.bearer("feed")
        answer = self.client().post(f"/api/v1/ingest/{kind}", json=records, headers=headers)
        assert answer.status_code == 200, answer.text
        return answer.json


def csrf_of(browser: FlaskClient) -> str:
    cookie = browser.get_cookie("_csrf_token")
    assert cookie is not None
    return cookie.value


def sign_in(browser: FlaskClient, name: str, password: str, **more: str) -> Any:
    browser.get("/login")
    form = {"name": name, "password": password, "_csrf_token": csrf_of(browser), **more}
    return browser.post("/login", data=form)


def a_case(name: str, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "kind": "event",
        "source": "collector",
        "subcategory": "0101",
        "description": "路面有积水",
        "reported_at": "2026-07-01T08:00:00+08:00",
        "stage": "reported",
        "stage_at": "2026-07-01T08:00:00+08:00",
        "lon": 120.2,
        "lat": 30.3,
        "jurisdiction": "330102",
        **more,
    }


def describe_city(store: Store) -> None:
    """Two districts, a unit, a category."""
    with store.write() as writer:
        conn = writer.conn
        conn.execute(
            insert(city).values(
                id=CITY, name="杭州", time_zone="Asia/Shanghai", lon=120.2, lat=30.3, settings={}
            )
        )
        rows = [(CITY, None, "city", CITY), ("330102", CITY, "district", EAST)]
        rows.append(("330106", CITY, "district", WEST))
        for name, parent, level, scope in rows:
            conn.execute(
                insert(jurisdiction).values(
                    id=name, parent=parent, level=level, name=name, verified=True, scope=scope
                )
            )
        conn.execute(insert(unit).values(id="u1", name="养护所", verified=True, scope=CITY))
        for kind in ("event", "component"):
            conn.execute(
                insert(category).values(
                    list_version=1,
                    kind=kind,
                    code="0101",
                    class_code="01",
                    class_name="市容环境",
                    name="道路破损",
                    verified=True,
                )
            )
        set_clock(writer, anchor_city=NOW, speed=1.0)


def build(store: Store, data_dir: Path, **settings: Any) -> City:
    """Wire an application as create_app does, with two callbacks of its own."""
    made = Settings(data_dir=data_dir, **settings)
    server = Flask("dashboard", root_path=str(FOLDER), static_folder=None)
    guard = Guard(server, store, csp_hosts=made.csp_hosts.split(), trusted_proxies=())
    services = Services(
        settings=made, store=store, clock=StoreClock(store), guard=guard, build="test"
    )
    routes.register(server, services, ASSETS)
    app = Dash(__name__, server=server, assets_folder=str(ASSETS))
    app.layout = html.Div([html.Div(id="a"), html.Div(id="b"), html.Div(id="c")])
    guard.dash(app)
    guard.page("/console", Right.LOOK)
    guard.page("/admin", Right.ACCOUNTS)
    guard.page("/wall/", Right.LOOK)

    @guard.callback(app, Right.LOOK, Output("b", "children"), Input("a", "n_clicks"))
    def look(clicks: int) -> str:
        return f"seen {clicks}"

    @guard.callback(app, Right.FEEDS, Output("c", "children"), Input("a", "n_clicks"))
    def mend(clicks: int) -> str:
        return f"mended {clicks}"

    guard.clientside(app, "function(n){return n}", Output("a", "title"), Input("a", "n_clicks"))
    actor = manage.Actor(name="test", role="", city_at=NOW)
    return City(app, server, store, guard, services, actor)


ROLES = [role.value for role in Role]
