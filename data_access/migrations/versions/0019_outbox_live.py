"""The outbox as a live topic."""

import sqlalchemy as sa
from alembic import op

revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the store."""
    op.add_column('outbox', sa.Column('live', sa.Boolean(), server_default='0', nullable=False))
    op.add_column('outbox', sa.Column('scope', sa.Text(), server_default='city', nullable=False))
    op.add_column('outbox', sa.Column('event', sa.Text(), nullable=True))
    op.execute("UPDATE outbox SET scope = (SELECT min(id) FROM city) WHERE EXISTS (SELECT 1 FROM city)")
    op.execute("UPDATE outbox SET live = (state = 'waiting')")
    op.create_index('outbox_live', 'outbox', ['live', 'real_settled_at'])


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
