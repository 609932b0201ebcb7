"""Indicators kept by increments."""

import sqlalchemy as sa
from alembic import op
import data_access.tables

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the store."""
    op.create_table('case_counted',
    sa.Column('case_id', sa.Text(), nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('subcategory', sa.Text(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('mask', sa.SmallInteger(), nullable=False),
    sa.Column('reported_on', sa.Integer(), nullable=False),
    sa.Column('filed_on', sa.Integer(), nullable=True),
    sa.Column('answered_on', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Integer(), nullable=True),
    sa.Column('ended_on', sa.Integer(), nullable=True),
    sa.Column('undated', sa.Boolean(), nullable=False),
    sa.Column('timely', sa.Boolean(), nullable=False),
    sa.Column('unanswered', sa.Boolean(), nullable=False),
    sa.Column('closed_in_time', sa.Boolean(), nullable=False),
    sa.Column('reworked', sa.Boolean(), nullable=False),
    sa.Column('worked_s', sa.BigInteger(), nullable=True),
    sa.Column('stage_s', sa.Text(), nullable=False),
    sa.Column('next_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('case_id')
    )
    op.create_index('case_counted_answered', 'case_counted', ['answered_on', 'path'])
    op.create_index('case_counted_due', 'case_counted', ['due_on', 'path'])
    op.create_index('case_counted_ended', 'case_counted', ['ended_on', 'path'])
    op.create_index('case_counted_filed', 'case_counted', ['filed_on', 'path'])
    op.create_index('case_counted_next', 'case_counted', ['next_at'])
    op.create_index('case_counted_reported', 'case_counted', ['reported_on', 'path'])
    op.create_table('case_to_count',
    sa.Column('n', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('case_id', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('n')
    )
    op.create_table('figure',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('period', sa.Integer(), nullable=False),
    sa.Column('due', sa.Integer(), nullable=False),
    sa.Column('timely', sa.Integer(), nullable=False),
    sa.Column('unanswered', sa.Integer(), nullable=False),
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
    op.create_table('indicator_published',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('indicator', sa.Text(), nullable=False),
    sa.Column('first_on', sa.Integer(), nullable=False),
    sa.Column('last_on', sa.Integer(), nullable=False),
    sa.Column('area', sa.Text(), nullable=False),
    sa.Column('grouped', sa.Text(), nullable=False),
    sa.Column('value_of', sa.Text(), nullable=False),
    sa.Column('value', sa.Float(), nullable=False),
    sa.Column('source', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('known_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('indicator_published_area', 'indicator_published', ['area', 'indicator', 'first_on'])
    op.create_table('indicator_state',
    sa.Column('id', sa.SmallInteger(), nullable=False),
    sa.Column('folded_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('revision', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('made_of', sa.Text(), nullable=False),
    sa.Column('walk_after', sa.Text(), nullable=True),
    sa.Column('first_on', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('indicator_sum',
    sa.Column('area', sa.Text(), nullable=False),
    sa.Column('grouped', sa.Text(), nullable=False),
    sa.Column('period', sa.Integer(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('mask', sa.SmallInteger(), nullable=False),
    sa.Column('reported', sa.BigInteger(), nullable=False),
    sa.Column('filed', sa.BigInteger(), nullable=False),
    sa.Column('answered', sa.BigInteger(), nullable=False),
    sa.Column('reworked', sa.BigInteger(), nullable=False),
    sa.Column('undated', sa.BigInteger(), nullable=False),
    sa.Column('due', sa.BigInteger(), nullable=False),
    sa.Column('timely', sa.BigInteger(), nullable=False),
    sa.Column('unanswered', sa.BigInteger(), nullable=False),
    sa.Column('due_closed', sa.BigInteger(), nullable=False),
    sa.Column('closed_in_time', sa.BigInteger(), nullable=False),
    sa.Column('closed', sa.BigInteger(), nullable=False),
    sa.Column('worked_n', sa.BigInteger(), nullable=False),
    sa.Column('worked_s', sa.BigInteger(), nullable=False),
    sa.Column('in_reported_n', sa.BigInteger(), nullable=False),
    sa.Column('in_accepted_n', sa.BigInteger(), nullable=False),
    sa.Column('in_verifying_n', sa.BigInteger(), nullable=False),
    sa.Column('in_filed_n', sa.BigInteger(), nullable=False),
    sa.Column('in_dispatched_n', sa.BigInteger(), nullable=False),
    sa.Column('in_handling_n', sa.BigInteger(), nullable=False),
    sa.Column('in_handled_n', sa.BigInteger(), nullable=False),
    sa.Column('in_checking_n', sa.BigInteger(), nullable=False),
    sa.Column('in_reported_s', sa.BigInteger(), nullable=False),
    sa.Column('in_accepted_s', sa.BigInteger(), nullable=False),
    sa.Column('in_verifying_s', sa.BigInteger(), nullable=False),
    sa.Column('in_filed_s', sa.BigInteger(), nullable=False),
    sa.Column('in_dispatched_s', sa.BigInteger(), nullable=False),
    sa.Column('in_handling_s', sa.BigInteger(), nullable=False),
    sa.Column('in_handled_s', sa.BigInteger(), nullable=False),
    sa.Column('in_checking_s', sa.BigInteger(), nullable=False),
    sa.PrimaryKeyConstraint('area', 'grouped', 'period', 'value', 'mask')
    )
    op.create_index('case_spot', 'case_file', ['subcategory', 'lat'])


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
