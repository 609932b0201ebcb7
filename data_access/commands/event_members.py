"""Members of an event: accounts, tokens, and screens, which are accounts of the role wall.

Who is a member stands with the account (``events``): that is what every reader of rows asks. A
version of the event waits for each of its members but tokens, which have no screen.
"""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import Table, select, true, update

from dashboard.domain.operations import overlap
from dashboard.domain.roles import Role
from data_access.changes import Writer
from data_access.commands import shown
from data_access.commands.event_room import By, Refused, Room, tell
from data_access.queries import event_members as queries
from data_access.tables import account, event_version, operation, token

MOST = 500


def enlist(writer: Writer, operation_row: Mapping[str, Any]) -> None:
    """At the start: whoever guards events in its area is a member, until a list says otherwise.

    That is every account and token of the role event-member whose scopes share ground with it.
    """
    for table, key in ((account, account.c.name), (token, token.c.id)):
        query = select(key.label("key"), table.c.scopes, table.c.events).where(
            table.c.role == Role.EVENT_MEMBER
        )
        for row in writer.conn.execute(query).all():
            if any(overlap(scope, operation_row["scope"]) for scope in row.scopes):
                _set(writer, table, row.key, row.events, operation_row["id"], member=True)


def appoint(
    room: Room,
    by: By,
    *,
    accounts: Collection[str] | None,
    screens: Collection[str] | None,
    tokens: Collection[str] | None,
) -> None:
    """Say who the members are; a list that is not given stays as it is.

    ``screens``: ids of enrolled screens. Raises Refused for a name that nobody has.
    """
    wanted = {
        queries.ACCOUNT: accounts,
        queries.SCREEN: screens,
        queries.TOKEN: tokens,
    }
    known = queries.candidates(room.conn)
    before = {(it.kind, it.id) for it in known if room.id in it.events}
    after = set(before)
    for kind, names in wanted.items():
        if names is None:
            continue
        if len(names) > MOST:
            raise Refused(f"{kind}s", f"至多 {MOST} 个。")
        unknown = sorted(set(names) - {it.id for it in known if it.kind == kind})
        if unknown:
            raise Refused(f"{kind}s", f"没有{queries.WORDS[kind]} {unknown[0][:60]}。")
        after = {it for it in after if it[0] != kind} | {(kind, name) for name in names}
    for it in known:
        was, is_one = (it.kind, it.id) in before, (it.kind, it.id) in after
        if was != is_one:
            table = token if it.kind == queries.TOKEN else account
            _set(room.writer, table, it.key, it.events, room.id, member=is_one)
    if before != after:
        detail = {
            "added": sorted(f"{kind}:{name}" for kind, name in after - before),
            "removed": sorted(f"{kind}:{name}" for kind, name in before - after),
        }
        room.record("members", room.id, by, detail)
        settle(room.writer, room.id)
        shown.settle(room.writer, by.now)


def settle(writer: Writer, operation_id: str) -> None:
    """Say anew for whom each version of an event waits, after its members changed."""
    query = select(event_version).where(
        event_version.c.operation == operation_id, event_version.c.live == true()
    )
    rows = [dict(row) for row in writer.conn.execute(query).mappings()]
    if not rows:
        return
    found = select(operation).where(operation.c.id == operation_id)
    operation_row = dict(writer.conn.execute(found).mappings().one())
    for row in rows:
        values = queries.standing(writer.conn, operation_id, row["version"])
        if any(row[name] != value for name, value in values.items()):
            statement = update(event_version).where(event_version.c.id == row["id"])
            writer.conn.execute(statement.values(**values))
            tell(writer, "event_versions", row["id"], operation_row)


def _set(
    writer: Writer,
    table: Table,
    key: str,
    events: Collection[str],
    operation_id: str,
    *,
    member: bool,
) -> None:
    made = sorted({*events, operation_id} if member else set(events) - {operation_id})
    column = table.c.id if table is token else table.c.name
    writer.conn.execute(update(table).where(column == key).values(events=made))
