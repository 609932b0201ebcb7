"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
import data_access.tables

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the store."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
