"""Alerts that were handed on to the department that answers for them."""

import sqlalchemy as sa
from alembic import op

revision = '0020'
down_revision = '0019'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the store."""
    op.add_column('alert', sa.Column('transferred', sa.Boolean(), server_default='0', nullable=False))


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
