"""Deadlines by rule, and the clocks of a case."""

import sqlalchemy as sa
from alembic import op
import data_access.tables

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the store."""
    moment = data_access.tables.UTCDateTime(timezone=True)
    op.create_table('deadline_version',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('since', moment, nullable=True),
    sa.Column('known_at', moment, nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('version')
    )
    op.create_table('deadline_rule',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('clock', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=True),
    sa.Column('subcategory', sa.Text(), nullable=True),
    sa.Column('condition', sa.Text(), nullable=True),
    sa.Column('zone', sa.Text(), nullable=True),
    sa.Column('mode', sa.Text(), nullable=True),
    sa.Column('limit', sa.Float(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('extension', sa.Float(), nullable=True),
    sa.Column('opens', sa.Text(), nullable=True),
    sa.Column('closes', sa.Text(), nullable=True),
    sa.Column('days', sa.Text(), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('version', 'id')
    )
    op.create_table('holiday',
    sa.Column('day', sa.Text(), nullable=False),
    sa.Column('work', sa.Boolean(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('source', sa.Text(), nullable=True),
    sa.Column('real_at', moment, nullable=False),
    sa.PrimaryKeyConstraint('day')
    )
    # Not in a batch: that would make the tables anew, without what keeps their record as it is.
    for column in (
        sa.Column('condition', sa.Text(), nullable=True),
        sa.Column('clock_from', moment, nullable=True),
        sa.Column('handled_at', moment, nullable=True),
        sa.Column('spent_s', sa.Integer(), server_default='0', nullable=False),
        sa.Column('paused_s', sa.Integer(), server_default='0', nullable=False),
        sa.Column('running_since', moment, nullable=True),
        sa.Column('due_by', sa.Text(), nullable=True),
        sa.Column('rule_id', sa.Text(), nullable=True),
        sa.Column('rule_version', sa.Integer(), nullable=True),
        sa.Column('near_at', moment, nullable=True),
        sa.Column('desk_due_at', moment, nullable=True),
    ):
        op.add_column('case_file', column)
    op.execute("UPDATE case_file SET due_by = 'feed' WHERE due_at IS NOT NULL")
    for column, choice, codes, stages in (
        ('clock_from', 'min', "('dispatched', 'handling')", None),
        ('handled_at', 'max', "('handled')", "('handled', 'checking', 'closed')"),
    ):
        op.execute(
            f"UPDATE case_file SET {column} = (SELECT {choice}(line.at) FROM case_event AS line "
            f"WHERE line.case_id = case_file.id AND line.kind = 'stage' AND line.code IN {codes})"
            + (f" WHERE stage IN {stages}" if stages else "")
        )
    op.execute("UPDATE case_file SET handled_at = ended_at WHERE stage = 'closed' AND handled_at IS NULL")
    op.add_column('case_event', sa.Column('until', moment, nullable=True))
    op.add_column('case_event', sa.Column('odd', sa.Boolean(), server_default='0', nullable=False))
    op.add_column('jurisdiction', sa.Column('timing_zone', sa.Text(), nullable=True))


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
