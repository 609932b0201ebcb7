"""Who is a member of an event, and who of them has confirmed a version of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from data_access.queries.live import iso
from data_access.tables import account, event_confirmation, token

ACCOUNT, SCREEN, TOKEN = "account", "screen", "token"
WORDS: Mapping[str, str] = {ACCOUNT: "账号", SCREEN: "已登记的屏", TOKEN: "令牌"}
SCREEN_ACCOUNT = "screen:"
"""How the accounts of screens begin, as ``dashboard.accounts.enrol`` names them."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One who may be a member. ``id``: as a list of members names it; ``who``: as it acts."""

    kind: str
    id: str
    key: str
    who: str
    name: str
    role: str
    events: tuple[str, ...]


def candidates(conn: Connection) -> list[Candidate]:
    """Everyone who may be a member: accounts that are open, enrolled screens, tokens in force."""
    found = []
    query = select(account.c.name, account.c.display_name, account.c.role, account.c.events)
    for row in conn.execute(query.where(account.c.disabled.is_(False)).order_by(account.c.name)):
        screen = row.name.startswith(SCREEN_ACCOUNT)
        found.append(
            Candidate(
                kind=SCREEN if screen else ACCOUNT,
                id=row.name.removeprefix(SCREEN_ACCOUNT) if screen else row.name,
                key=row.name,
                who=row.name,
                name=row.display_name,
                role=row.role,
                events=tuple(row.events),
            )
        )
    tokens = select(token.c.id, token.c.name, token.c.role, token.c.events)
    in_force = tokens.where(token.c.real_revoked_at.is_(None)).order_by(token.c.id)
    found += [
        Candidate(
            kind=TOKEN,
            id=row.id,
            key=row.id,
            who=f"token:{row.name}",
            name=row.name,
            role=row.role,
            events=tuple(row.events),
        )
        for row in conn.execute(in_force)
    ]
    return found


def members(conn: Connection, operation_id: str) -> list[Candidate]:
    """The members of an event."""
    return [it for it in candidates(conn) if operation_id in it.events]


def standing(conn: Connection, operation_id: str, version: int) -> dict[str, Any]:
    """Who confirmed a version, ``[name, at, who]``, and the names of those it waits for."""
    query = (
        select(event_confirmation.c.who, event_confirmation.c.at)
        .where(
            event_confirmation.c.operation == operation_id,
            event_confirmation.c.version == version,
        )
        .order_by(event_confirmation.c.at, event_confirmation.c.who)
    )
    done = {row.who: row.at for row in conn.execute(query)}
    known = {it.who: it for it in candidates(conn)}
    names = {who: known[who].name if who in known else who for who in done}
    return {
        "confirmed": [[names[who], iso(at), who] for who, at in done.items()],
        "waiting": [
            it.name
            for it in known.values()
            if operation_id in it.events and it.kind != TOKEN and it.who not in done
        ],
    }
