"""A guarded event: versions of its things, who confirmed them, posts, zero reports, hazards."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import data_access.tables
from data_access.append_only import statements

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

OF_EVENT = ('alert', 'camera', 'case_file', 'place', 'responder', 'station')


def upgrade() -> None:
    """Change the store."""
    op.create_table('event_act',
    sa.Column('operation', sa.Text(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('act', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('real_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('detail', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('operation', 'n')
    )
    op.create_table('event_confirmation',
    sa.Column('operation', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('who', sa.Text(), nullable=False),
    sa.Column('at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('real_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('operation', 'version', 'who')
    )
    op.create_table('event_hazard',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('operation', sa.Text(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('what', sa.Text(), nullable=False),
    sa.Column('zone', sa.Text(), nullable=True),
    sa.Column('unit', sa.Text(), nullable=False),
    sa.Column('lon', sa.Float(), nullable=True),
    sa.Column('lat', sa.Float(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('due_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('found_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('found_by', sa.Text(), nullable=False),
    sa.Column('state_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('state_by', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('event_hazard_operation', 'event_hazard', ['operation', 'n'], unique=False)
    op.create_table('event_post',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('operation', sa.Text(), nullable=False),
    sa.Column('post', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('present', sa.Integer(), nullable=False),
    sa.Column('checked_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('event_post_operation', 'event_post', ['operation'], unique=False)
    op.create_table('event_report',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('operation', sa.Text(), nullable=False),
    sa.Column('reporter', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('due_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('sent_at', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('by', sa.Text(), nullable=True),
    sa.Column('found', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('event_report_operation', 'event_report', ['operation', 'due_at'], unique=False)
    op.create_table('event_report_plan',
    sa.Column('operation', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('every_h', sa.Integer(), nullable=False),
    sa.Column('starts_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('reporters', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('operation')
    )
    op.create_table('event_thing',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('operation', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('thing', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('geometry', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=True),
    sa.Column('body', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('effective_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('until', data_access.tables.UTCDateTime(timezone=True), nullable=True),
    sa.Column('removed', sa.Boolean(), nullable=False),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('event_thing_live', 'event_thing', ['live'], unique=False)
    op.create_index('event_thing_operation', 'event_thing', ['operation', 'kind', 'thing'], unique=False)
    op.create_table('event_version',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('operation', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('approved_by', sa.Text(), nullable=True),
    sa.Column('entered_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('effective_at', data_access.tables.UTCDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('changes', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('confirmed', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('waiting', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'), nullable=False),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('event_version_operation', 'event_version', ['operation', 'version'], unique=True)
    for table in OF_EVENT:
        where = sa.text('event IS NOT NULL')
        op.create_index(f'{table}_of_event', table, ['event'], sqlite_where=where, postgresql_where=where)
    for statement in statements(op.get_bind().dialect.name, ('event_act', 'event_confirmation')):
        op.execute(statement)


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
