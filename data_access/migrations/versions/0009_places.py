"""What state places were in."""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the store."""
    pass


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
