"""Bases 口径 of the rate as data."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import data_access.tables

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the store."""
    op.create_table('rate_basis',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('items', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('real_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('version')
    )
    with op.batch_alter_table('indicator_published') as batch:
        batch.add_column(sa.Column('basis', sa.Text(), nullable=False, server_default='published'))
    # The live figures are written anew within seconds; only their shape is kept here.
    op.drop_table('figure')
    op.create_table('figure',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('basis_name', sa.Text(), nullable=False),
    sa.Column('basis_name_en', sa.Text(), nullable=False),
    sa.Column('span', sa.Text(), nullable=False),
    sa.Column('first_on', sa.Integer(), nullable=False),
    sa.Column('last_on', sa.Integer(), nullable=False),
    sa.Column('due', sa.Integer(), nullable=False),
    sa.Column('timely', sa.Integer(), nullable=False),
    sa.Column('unanswered', sa.Integer(), nullable=True),
    sa.Column('overdue', sa.Integer(), nullable=False),
    sa.Column('left_out', sa.Integer(), nullable=False),
    sa.Column('undated', sa.Integer(), nullable=False),
    sa.Column('counting', sa.Boolean(), nullable=False),
    sa.Column('as_of', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
