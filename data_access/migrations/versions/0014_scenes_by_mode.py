"""Scenes by mode, scenario and level; what was sent to a screen, and what it shows."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import data_access.tables

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def _json() -> sa.types.TypeEngine:
    return sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql')


def upgrade() -> None:
    """Change the store; the scene that a screen had becomes its own one of routine."""
    for column in (
        sa.Column('purpose', sa.Text(), server_default='mode', nullable=False),
        sa.Column('scenario', sa.Text(), nullable=True),
        sa.Column('levels', _json(), server_default='[]', nullable=False),
    ):
        op.add_column('scene', column)
    for column in (
        sa.Column('hall', sa.Text(), server_default='main', nullable=False),
        sa.Column('home', sa.Text(), nullable=True),
        sa.Column('sent', _json(), nullable=True),
        sa.Column('released', _json(), server_default='[]', nullable=False),
        sa.Column('edition', sa.Text(), nullable=True),
        sa.Column('why', sa.Text(), server_default='routine', nullable=False),
        sa.Column('pinned', sa.Boolean(), server_default='0', nullable=False),
        sa.Column('target', _json(), server_default='{}', nullable=False),
        sa.Column('strip', _json(), server_default='[]', nullable=False),
        sa.Column('since', data_access.tables.UTCDateTime(timezone=True), nullable=True),
        sa.Column('by', sa.Text(), nullable=True),
    ):
        op.add_column('screen', column)
    op.create_table('screen_seen',
    sa.Column('screen', sa.Text(), nullable=False),
    sa.Column('real_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('scene', sa.Text(), nullable=True),
    sa.Column('step', sa.Integer(), nullable=False),
    sa.Column('fresh', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('screen')
    )
    op.create_table('danger',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('told', _json(), nullable=False),
    sa.Column('since', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('acknowledged_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('until', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.execute("UPDATE screen SET home = scene WHERE scene <> 'routine'")


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
