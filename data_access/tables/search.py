"""What is searched: a row for each thing that can be found, with the grams of its texts.

Each database keeps its own inverted list of ``grams`` (of ours, between spaces): PostgreSQL a GIN
index over them, SQLite an FTS5 table that triggers keep; both are made by :func:`index_statements`.
"""

from sqlalchemy import Column, Identity, Index, Table, Text

from data_access.tables.base import Seq, UTCDateTime, metadata

search = Table(
    "search",
    metadata,
    Column("n", Seq, Identity(always=False), primary_key=True),
    Column("topic", Text, nullable=False),  # cases, stations, cameras, places
    Column("id", Text, nullable=False),
    Column("grams", Text, nullable=False),
    Column("at", UTCDateTime),  # of a case when it was reported: the latest is found first
    Column("scope", Text, nullable=False),
    Column("event", Text),
    Index("search_thing", "topic", "id", unique=True),
    sqlite_autoincrement=True,
)

GRAMS = "search_grams"
"""Name of the inverted list: an index on PostgreSQL, a table on SQLite."""


def index_statements(dialect: str) -> list[str]:
    """Give the DDL of the inverted list over what stands in ``search``, and what keeps it true."""
    if dialect == "postgresql":
        return [f"CREATE INDEX {GRAMS} ON search USING gin (string_to_array(grams, ' '))"]
    old = f"INSERT INTO {GRAMS}({GRAMS}, rowid, grams) VALUES ('delete', old.n, old.grams);"
    new = f"INSERT INTO {GRAMS}(rowid, grams) VALUES (new.n, new.grams);"
    return [
        (
            f"CREATE VIRTUAL TABLE {GRAMS} USING fts5("
            "grams, content='search', content_rowid='n', detail='none', tokenize='ascii')"
        ),
        f"INSERT INTO {GRAMS}({GRAMS}) VALUES ('rebuild')",
        f"CREATE TRIGGER search_comes AFTER INSERT ON search BEGIN {new} END",
        f"CREATE TRIGGER search_goes AFTER DELETE ON search BEGIN {old} END",
        f"CREATE TRIGGER search_turns AFTER UPDATE OF grams ON search BEGIN {old} {new} END",
    ]
