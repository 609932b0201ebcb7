"""Calls that say whether they were delivered: made, and only then sent."""

import sqlalchemy as sa
from alembic import op

import data_access.tables

revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the store."""
    op.drop_index('duty_call_alert', 'duty_call')
    op.drop_index('duty_call_sent', 'duty_call')
    op.execute("ALTER TABLE duty_call RENAME COLUMN sent_at TO made_at")
    op.add_column('duty_call', sa.Column('sent_at', data_access.tables.UTCDateTime(timezone=True), nullable=True))
    op.add_column('duty_call', sa.Column('delivery', sa.Text(), nullable=True))
    op.add_column('duty_call', sa.Column('reason', sa.Text(), nullable=True))
    op.execute(
        "UPDATE duty_call SET delivery = (SELECT state FROM outbox WHERE outbox.id = duty_call.outbox_id), "
        "reason = (SELECT reason FROM outbox WHERE outbox.id = duty_call.outbox_id)"
    )
    op.execute("UPDATE duty_call SET sent_at = made_at WHERE delivery = 'delivered'")
    op.execute(
        "UPDATE duty_call SET state = CASE delivery WHEN 'failed' THEN 'failed' ELSE 'waiting' END "
        "WHERE state = 'sent' AND delivery <> 'delivered'"
    )
    op.create_index('duty_call_alert', 'duty_call', ['alert_id', 'made_at'])
    op.create_index('duty_call_made', 'duty_call', ['made_at'])
    op.create_index('duty_call_outbox', 'duty_call', ['outbox_id'])


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
