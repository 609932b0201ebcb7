"""What callbacks are given by ``create_app``: guard, store, clock, settings, accounts.

Described as protocols, so that nothing here knows the application.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from typing import Any, Protocol

from dashboard.domain.roles import Right
from data_access.store import Store


class Viewer(Protocol):
    """The person who asks, as ``dashboard.accounts`` knows them."""

    @property
    def name(self) -> str:
        """Name of the account."""

    @property
    def display_name(self) -> str:
        """Name for the screen."""

    @property
    def role(self) -> Any:
        """Role, a ``dashboard.domain.roles.Role``."""

    @property
    def scopes(self) -> tuple[str, ...]:
        """Scope paths."""

    @property
    def events(self) -> tuple[str, ...]:
        """Operations of which the person is a member."""

    @property
    def session_name(self) -> str:
        """Public name of the session."""

    def may(self, right: Right) -> bool:
        """Say whether the role has the right."""


class Guard(Protocol):
    """Who may come in."""

    @property
    def called(self) -> AbstractSet[str]:
        """Ids that callbacks name."""

    def callback(
        self, app: Any, right: Any, *dependencies: Any, **options: Any
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a callback with the right that opens it."""

    def clientside(self, app: Any, function: Any, *dependencies: Any, **options: Any) -> None:
        """Register a clientside callback."""

    def page(self, path: str, right: Right) -> None:
        """Declare a page."""

    def who(self) -> Viewer | None:
        """Say who asks; None if nobody known."""

    def known(self) -> Viewer:
        """Say who asks."""

    def address(self) -> str | None:
        """Say where the request comes from."""


class Clock(Protocol):
    """The city's clock."""

    def now(self) -> datetime:
        """Say the city's time."""


class MapSettings(Protocol):
    """The settings that a page shows."""

    @property
    def map_approval_number(self) -> str:
        """审图号 of the base map."""

    @property
    def map_source(self) -> str:
        """Source of the base map."""

    @property
    def sound_on(self) -> str:
        """Screens beside the console on which alerts sound, by spaces."""

    @property
    def feeds(self) -> Sequence[Mapping[str, Any]]:
        """Feeds of the site; those that play a recording offer it to drills."""

    @property
    def drill_recordings(self) -> Sequence[Mapping[str, Any]]:
        """Other recordings that drills may replay."""

    @property
    def tiles(self) -> Sequence[Mapping[str, Any]]:
        """Tile layers of the site."""


class Services(Protocol):
    """One of each, made once a process."""

    @property
    def store(self) -> Store:
        """The store."""

    @property
    def guard(self) -> Guard:
        """The guard."""

    @property
    def clock(self) -> Clock:
        """The city's clock."""

    @property
    def settings(self) -> MapSettings:
        """The settings."""

    @property
    def build(self) -> str:
        """Name of the build."""


class Screens(Protocol):
    """Enrolling screens: ``dashboard.accounts.enrol``, handed over by create_app."""

    def make_code(self, store: Store, actor: Any, screen_id: str) -> Any:
        """Make a code for a screen: its ``digits``."""

    def unenrol(self, store: Store, actor: Any, screen_id: str) -> None:
        """End a screen's sessions and codes."""


class Accounts(Protocol):
    """Managing accounts and tokens: ``dashboard.accounts.manage``, handed over by create_app."""

    @property
    def ManageError(self) -> type[ValueError]:  # noqa: N802 - the class that the module offers
        """The error of an act that cannot be done; its message is for a person."""

    def Actor(  # noqa: N802 - the class that the module offers
        self,
        *,
        name: str,
        role: str,
        city_at: datetime,
        address: str | None,
        scopes: tuple[str, ...] | None,
    ) -> Any:
        """Make the actor of an act."""

    def add_account(
        self,
        store: Store,
        actor: Any,
        *,
        name: str,
        role: str,
        display_name: str | None,
        password: str | None,
        scopes: Sequence[str] | None,
    ) -> str:
        """Add an account; give its password."""

    def set_role(self, store: Store, actor: Any, name: str, role: str) -> None:
        """Give an account another role."""

    def set_disabled(self, store: Store, actor: Any, name: str, *, disabled: bool) -> None:
        """Close an account or open it again."""

    def set_password(self, store: Store, actor: Any, name: str, password: str | None) -> str:
        """Set a password; give it."""

    def add_token(
        self,
        store: Store,
        actor: Any,
        *,
        name: str,
        role: str,
        kinds: Sequence[str] | None,
        scopes: Sequence[str] | None,
    ) -> tuple[str, str]:
        """Add a token; give its id and the token."""

    def revoke_token(self, store: Store, actor: Any, token_id: str) -> None:
        """Revoke a token."""
