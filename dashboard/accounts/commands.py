"""``pingji user`` and ``pingji token``: accounts and tokens from the command line.

The groups take the settings from ``ctx.obj``. Every act is in the audit with the actor ``cli``.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Protocol

import click

from dashboard.accounts import manage
from dashboard.domain.records import KINDS
from dashboard.domain.roles import Role
from data_access.clock import StoreClock
from data_access.queries import accounts as queries
from data_access.store import Store

ACCOUNT_ROLE = click.Choice([role.value for role in manage.ACCOUNT_ROLES])
ANY_ROLE = click.Choice([role.value for role in Role])


class HasStore(Protocol):
    """What the groups need of the settings."""

    def store(self) -> Store:
        """Give a store of the configured database."""


@click.group()
def user() -> None:
    """Accounts of people."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=ACCOUNT_ROLE, required=True, help="What the person is.")
@click.option("--display-name", help="How the person is called on screens.")
@click.option("--scope", "scopes", multiple=True, help="Jurisdiction by id or path; repeatable.")
@click.option("--event", "events", multiple=True, help="Operation of which it is a member.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.pass_obj
def user_add(
    settings: HasStore,
    name: str,
    *,
    role: str,
    display_name: str | None,
    scopes: tuple[str, ...],
    events: tuple[str, ...],
    password_stdin: bool,
) -> None:
    """Add an account; without --password-stdin a password is made up and printed once."""
    given = _password_from_stdin() if password_stdin else None
    with _acting(settings) as (store, actor):
        told = manage.add_account(
            store,
            actor,
            name=name,
            role=role,
            display_name=display_name,
            password=given,
            scopes=scopes or None,
            events=events,
        )
    click.echo(f"added {name} ({role})")
    if given is None:
        click.echo(f"password: {told}")


@user.command("list")
@click.pass_obj
def user_list(settings: HasStore) -> None:
    """List accounts: name, role, scopes, state."""
    with _acting(settings) as (store, _), store.read() as conn:
        found = queries.accounts(conn)
    for account in found:
        state = "disabled" if account.disabled else "active"
        events = f" events={','.join(account.events)}" if account.events else ""
        scopes = ",".join(account.scopes) or "-"
        click.echo(f"{account.name}\t{account.role}\t{scopes}\t{state}{events}")


@user.command("role")
@click.argument("name")
@click.argument("role", type=ACCOUNT_ROLE)
@click.pass_obj
def user_role(settings: HasStore, name: str, role: str) -> None:
    """Give an account another role; its open sessions end."""
    with _acting(settings) as (store, actor):
        manage.set_role(store, actor, name, role)
    click.echo(f"{name} is now {role}")


@user.command("disable")
@click.argument("name")
@click.option("--undo", is_flag=True, help="Open the account again.")
@click.pass_obj
def user_disable(settings: HasStore, name: str, *, undo: bool) -> None:
    """Close an account; its open sessions end."""
    with _acting(settings) as (store, actor):
        manage.set_disabled(store, actor, name, disabled=not undo)
    click.echo(f"{name} is {'active' if undo else 'disabled'}")


@user.command("password")
@click.argument("name")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.pass_obj
def user_password(settings: HasStore, name: str, *, password_stdin: bool) -> None:
    """Set an account's password; its open sessions end."""
    given = _password_from_stdin() if password_stdin else None
    with _acting(settings) as (store, actor):
        told = manage.set_password(store, actor, name, given)
    click.echo(f"password of {name} changed")
    if given is None:
        click.echo(f"password: {told}")


@click.group()
def token() -> None:
    """Bearer tokens of feeds, programs and walls."""


@token.command("add")
@click.argument("name")
@click.option("--role", type=ANY_ROLE, default=Role.FEED.value, show_default=True)
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(KINDS), help="What a feed may send."
)
@click.option("--scope", "scopes", multiple=True, help="Jurisdiction by id or path; repeatable.")
@click.option("--event", "events", multiple=True, help="Operation of which it is a member.")
@click.pass_obj
def token_add(
    settings: HasStore,
    name: str,
    *,
    role: str,
    kinds: tuple[str, ...],
    scopes: tuple[str, ...],
    events: tuple[str, ...],
) -> None:
    """Add a token and print it; it is told only this once."""
    with _acting(settings) as (store, actor):
        token_id, told = manage.add_token(
            store,
            actor,
            name=name,
            role=role,
            kinds=kinds or None,
            scopes=scopes or None,
            events=events,
        )
    click.echo(f"added {token_id} {name} ({role})")
    click.echo(f"token: {told}")


@token.command("list")
@click.pass_obj
def token_list(settings: HasStore) -> None:
    """List tokens: id, name, role, kinds, scopes, state; never the tokens themselves."""
    with _acting(settings) as (store, _), store.read() as conn:
        found = queries.tokens(conn)
    for entry in found:
        state = "revoked" if entry.real_revoked_at else "active"
        kinds = "all" if entry.kinds is None else ",".join(entry.kinds)
        scopes = ",".join(entry.scopes) or "-"
        click.echo(f"{entry.id}\t{entry.name}\t{entry.role}\t{kinds}\t{scopes}\t{state}")


@token.command("revoke")
@click.argument("token_id")
@click.pass_obj
def token_revoke(settings: HasStore, token_id: str) -> None:
    """Revoke a token by its id."""
    with _acting(settings) as (store, actor):
        manage.revoke_token(store, actor, token_id)
    click.echo(f"revoked {token_id}")


@contextmanager
def _acting(settings: HasStore) -> Iterator[tuple[Store, manage.Actor]]:
    """Give the store and the actor; a refused act is told as the command line tells errors."""
    store = settings.store()
    try:
        now: datetime = StoreClock(store).now()
        yield store, manage.Actor(name="cli", role="", city_at=now)
    except manage.ManageError as error:
        raise click.ClickException(str(error)) from error
    finally:
        store.dispose()


def _password_from_stdin() -> str:
    return sys.stdin.readline().rstrip("\r\n")
