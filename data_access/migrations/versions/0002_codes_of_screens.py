"""Codes by which a screen is enrolled."""

import sqlalchemy as sa
from alembic import op
import data_access.tables

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the store."""
    op.create_table('screen_code',
    sa.Column('code_hash', sa.LargeBinary(length=32), nullable=False),
    sa.Column('screen', sa.Text(), nullable=False),
    sa.Column('made_by', sa.Text(), nullable=False),
    sa.Column('misses', sa.Integer(), nullable=False),
    sa.Column('real_created_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('real_expires_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('code_hash')
    )


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
