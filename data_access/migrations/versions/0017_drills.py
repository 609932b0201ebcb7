"""What a drill is fed with, found without looking at the rest; feeds speak English too."""

import sqlalchemy as sa
from alembic import op

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

DRILL = sa.text('drill')


def upgrade() -> None:
    """Change the store."""
    op.add_column('feed', sa.Column('message_en', sa.Text(), server_default='', nullable=False))
    op.add_column('operation', sa.Column('input', sa.Text(), nullable=True))
    op.create_index('case_drill', 'case_file', ['feed'], sqlite_where=DRILL, postgresql_where=DRILL)
    op.create_index('alert_drill', 'alert', ['subject_id'], sqlite_where=DRILL, postgresql_where=DRILL)


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
