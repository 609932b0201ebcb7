"""Who is on duty, calls, the outbox, hand-overs and promises."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import data_access.tables
from data_access.append_only import statements

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the store."""
    op.create_table('duty',
    sa.Column('n', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('date', sa.Text(), nullable=False),
    sa.Column('shift', sa.Text(), nullable=False),
    sa.Column('post', sa.Text(), nullable=False),
    sa.Column('jurisdiction', sa.Text(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('account', sa.Text(), nullable=True),
    sa.Column('deputy', sa.Text(), nullable=True),
    sa.Column('deputy_phone', sa.Text(), nullable=True),
    sa.Column('deputy_account', sa.Text(), nullable=True),
    sa.Column('starts_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('n'),
    sqlite_autoincrement=True
    )
    op.create_index('duty_date', 'duty', ['date', 'shift', 'post'])
    op.create_index('duty_span', 'duty', ['ends_at', 'starts_at'])
    op.create_table('duty_call',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('alert_id', sa.Text(), nullable=False),
    sa.Column('step', sa.SmallInteger(), nullable=False),
    sa.Column('reminder', sa.SmallInteger(), nullable=False),
    sa.Column('post', sa.Text(), nullable=False),
    sa.Column('jurisdiction', sa.Text(), nullable=True),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('account', sa.Text(), nullable=True),
    sa.Column('deputy_of', sa.Text(), nullable=True),
    sa.Column('deputy', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('sent_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('read_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('wake_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('phoned_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('phoned_by', sa.Text(), nullable=True),
    sa.Column('answered_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.Text(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('stopped_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('next_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('outbox_id', sa.Text(), nullable=True),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('duty_call_alert', 'duty_call', ['alert_id', 'sent_at'])
    op.create_index('duty_call_due', 'duty_call', ['live', 'next_at'])
    op.create_index('duty_call_sent', 'duty_call', ['sent_at'])
    op.create_table('duty_rule',
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('items', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'version')
    )
    op.create_table('escalation',
    sa.Column('alert_id', sa.Text(), nullable=False),
    sa.Column('group', sa.Text(), nullable=False),
    sa.Column('ladder', sa.Text(), nullable=False),
    sa.Column('ladder_version', sa.Integer(), nullable=False),
    sa.Column('since', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('step', sa.SmallInteger(), nullable=False),
    sa.Column('next_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('running', sa.Boolean(), nullable=False),
    sa.Column('stopped_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('stopped_by', sa.Text(), nullable=True),
    sa.Column('stop', sa.Text(), nullable=True),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('alert_id')
    )
    op.create_index('escalation_due', 'escalation', ['running', 'next_at'])
    op.create_index('escalation_group', 'escalation', ['group', 'running'])
    op.create_table('handover',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('outgoing', sa.Text(), nullable=False),
    sa.Column('outgoing_name', sa.Text(), nullable=False),
    sa.Column('incoming', sa.Text(), nullable=True),
    sa.Column('incoming_name', sa.Text(), nullable=True),
    sa.Column('since', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('real_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('until', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('remarks', sa.Text(), nullable=True),
    sa.Column('sheet', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_index('handover_incoming', 'handover', ['incoming', 'at'])
    op.create_index('handover_outgoing', 'handover', ['outgoing', 'at'])
    op.create_table('outbox',
    sa.Column('n', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), sa.Identity(always=False), nullable=False),
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('destination', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('payload', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('put_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('real_put_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('real_next_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('real_settled_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('n'),
    sa.UniqueConstraint('id'),
    sqlite_autoincrement=True
    )
    op.create_index('outbox_subject', 'outbox', ['subject', 'n'])
    op.create_index('outbox_waiting', 'outbox', ['state', 'destination', 'n'])
    op.create_table('promise',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('subject_topic', sa.Text(), nullable=False),
    sa.Column('subject_id', sa.Text(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('promised_by', sa.Text(), nullable=True),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('made_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('due_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('kept_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('kept_by', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('promise_live', 'promise', ['live', 'due_at'])
    op.create_index('promise_subject', 'promise', ['subject_topic', 'subject_id'])
    for statement in statements(op.get_bind().dialect.name, ("duty_rule", "handover")):
        op.execute(statement)


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
