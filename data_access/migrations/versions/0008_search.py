"""What is searched, by gram; how often a feed should speak."""

from collections.abc import Mapping

import sqlalchemy as sa
from alembic import op
import data_access.tables
from data_access.ingest.search import AT, TEXTS, row_of
from data_access.tables.search import index_statements

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None

FILL_ROWS = 5_000
TABLES: Mapping[str, str] = {
    "cases": "case_file", "stations": "station", "cameras": "camera", "places": "place"
}


def upgrade() -> None:
    """Change the store."""
    op.add_column('feed', sa.Column('expect_s', sa.Integer(), nullable=True))
    op.create_table('search',
    sa.Column('n', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('topic', sa.Text(), nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('grams', sa.Text(), nullable=False),
    sa.Column('at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('n'),
    sqlite_autoincrement=True
    )
    conn = op.get_bind()
    for topic in TABLES:
        _fill(conn, topic)
    op.create_index('search_thing', 'search', ['topic', 'id'], unique=True)
    for statement in index_statements(conn.dialect.name):
        op.execute(statement)


def _fill(conn: sa.Connection, topic: str) -> None:
    """Cut the texts of everything that the store holds already."""
    names = [*TEXTS[topic], "scope", "event", *([AT[topic]] if topic in AT else [])]
    types = {"reported_at": data_access.tables.UTCDateTime(timezone=True)}
    source = sa.table(TABLES[topic], *(sa.column(name, types.get(name)) for name in names))
    found = sa.table(
        "search",
        *(sa.column(name) for name in ("topic", "id", "grams", "scope", "event")),
        sa.column("at", types["reported_at"]),
    )
    after = ""
    while True:
        query = sa.select(source).where(source.c.id > after).order_by(source.c.id).limit(FILL_ROWS)
        rows = conn.execute(query).mappings().all()
        if not rows:
            return
        conn.execute(sa.insert(found), [row_of(topic, row) for row in rows])
        after = rows[-1]["id"]


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
