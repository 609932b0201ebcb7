"""What operations make of open cases: 加急 with an 应急时限, 顺延."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import data_access.tables

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the store."""
    moment = data_access.tables.UTCDateTime(timezone=True)
    op.add_column('case_file', sa.Column('emergency_due_at', moment, nullable=True))
    op.add_column('case_file', sa.Column('emergency_by', sa.Text(), nullable=True))
    op.create_table('case_treatment',
    sa.Column('case_id', sa.Text(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('operation', sa.Text(), nullable=False),
    sa.Column('treatment', sa.Text(), nullable=False),
    sa.Column('mode', sa.Text(), nullable=False),
    sa.Column('since', moment, nullable=False),
    sa.Column('until', moment, nullable=True),
    sa.Column('revoked', sa.Boolean(), nullable=False),
    sa.Column('limits', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('due_at', moment, nullable=True),
    sa.Column('answered_at', moment, nullable=True),
    sa.PrimaryKeyConstraint('case_id', 'n')
    )
    op.create_index('case_treatment_until', 'case_treatment', ['operation', 'until'])
    op.create_index('case_treatment_revoked', 'case_treatment', ['operation', 'revoked'])


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
