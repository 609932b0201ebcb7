"""Operations, the record of their acts, and modes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import data_access.tables
from data_access.append_only import statements

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the store."""
    op.create_table('operation',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=True),
    sa.Column('scenario', sa.Text(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('area', sa.Text(), nullable=False),
    sa.Column('issuer', sa.Text(), nullable=False),
    sa.Column('approved_by', sa.Text(), nullable=True),
    sa.Column('approval', sa.Text(), nullable=True),
    sa.Column('document_no', sa.Text(), nullable=True),
    sa.Column('basis', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('plan', sa.Text(), nullable=True),
    sa.Column('effective_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('level_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('entered_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('entered_by', sa.Text(), nullable=False),
    sa.Column('needs_confirmation', sa.Boolean(), nullable=False),
    sa.Column('confirmed_by', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('ended_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('watch_until', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_table('operation_act',
    sa.Column('operation_id', sa.Text(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=True),
    sa.Column('effective_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('entered_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('real_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('role', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('detail', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('operation_id', 'n')
    )
    op.create_table('mode',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('mode', sa.Text(), nullable=False),
    sa.Column('level', sa.SmallInteger(), nullable=True),
    sa.Column('operation', sa.Text(), nullable=True),
    sa.Column('bands', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('operation_live', 'operation', ['live'])
    for statement in statements(op.get_bind().dialect.name, ("operation_act",)):
        op.execute(statement)


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
