"""What is written once and never changed: the database itself refuses to alter or delete it.

A migration calls :func:`statements` for its dialect. An operator who must prune old rows drops the
triggers by hand, which is an act that leaves its own trace in the database's log.
"""

TABLES = ("audit", "case_event", "case_version")


def statements(dialect: str, tables: tuple[str, ...] = TABLES) -> list[str]:
    """Give the DDL that makes ``tables`` append-only on ``sqlite`` or ``postgresql``."""
    if dialect == "sqlite":
        return [
            f"CREATE TRIGGER {table}_keeps_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            for table in tables
            for act in ("UPDATE", "DELETE")
        ]
    function = (
        "CREATE OR REPLACE FUNCTION pingji_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME "
        "USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    triggers = [
        f"CREATE TRIGGER {table}_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION pingji_append_only()"
        for table in tables
    ]
    return [function, *triggers]


def removals(dialect: str, tables: tuple[str, ...] = TABLES) -> list[str]:
    """Give the DDL that takes the triggers away again, for a downgrade."""
    if dialect == "sqlite":
        return [
            f"DROP TRIGGER IF EXISTS {table}_keeps_{act}"
            for table in tables
            for act in ("update", "delete")
        ]
    return [f"DROP TRIGGER IF EXISTS {table}_keeps ON {table}" for table in tables] + [
        "DROP FUNCTION IF EXISTS pingji_append_only()"
    ]
