"""Alerts and their record."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import data_access.tables
from data_access.append_only import statements

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the store."""
    op.create_table('alert',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('rule_version', sa.Integer(), nullable=False),
    sa.Column('subject_topic', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Text(), nullable=False),
    sa.Column('group', sa.Text(), nullable=False),
    sa.Column('cause', sa.Boolean(), nullable=False),
    sa.Column('priority', sa.SmallInteger(), nullable=False),
    sa.Column('department', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('acknowledged', sa.Boolean(), nullable=False),
    sa.Column('owner', sa.Text(), nullable=True),
    sa.Column('shelved_until', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('since', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('cleared_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('value', sa.Float(), nullable=True),
    sa.Column('threshold', sa.Float(), nullable=True),
    sa.Column('evidence', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('lon', sa.Float(), nullable=True),
    sa.Column('lat', sa.Float(), nullable=True),
    sa.Column('jurisdiction', sa.Text(), nullable=True),
    sa.Column('called', sa.SmallInteger(), nullable=False),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('alert_live', 'alert', ['live'])
    op.create_index('alert_since', 'alert', ['since'])
    op.create_index('alert_subject', 'alert', ['subject_topic', 'subject_id', 'rule'])
    op.create_table('alert_record',
    sa.Column('alert_id', sa.Text(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('real_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('by', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('detail', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('alert_id', 'n')
    )
    op.create_index('alert_record_at', 'alert_record', ['at'])
    op.create_table('alert_rule',
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('rules', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('real_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('version')
    )
    op.create_table('alert_state',
    sa.Column('rule', sa.Text(), nullable=False),
    sa.Column('subject_topic', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Text(), nullable=False),
    sa.Column('phase', sa.Text(), nullable=False),
    sa.Column('since', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('left_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('rule', 'subject_topic', 'subject_id')
    )
    for name in ("river", "basin", "suspect", "suspect_note", "suspect_by"):
        op.add_column("station", sa.Column(name, sa.Text()))
    op.add_column("station", sa.Column("suspect_until", data_access.tables.UTCDateTime(timezone=True)))
    op.add_column("reading_latest", sa.Column("feed", sa.Text()))
    for statement in statements(op.get_bind().dialect.name, ("alert_record",)):
        op.execute(statement)


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
