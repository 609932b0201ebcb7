"""The states of places, acts and calls at the desk."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import data_access.tables
from data_access.append_only import statements

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'
)


def upgrade() -> None:
    """Change the store."""
    moment = data_access.tables.UTCDateTime(timezone=True)
    op.add_column('case_file', sa.Column('desk_marks', JSON, nullable=True))
    op.add_column('case_file', sa.Column('supervised_until', moment, nullable=True))
    op.create_index('case_supervised', 'case_file', ['supervised_until'])
    op.add_column('case_event', sa.Column('detail', JSON, nullable=True))
    op.create_table('case_caller',
    sa.Column('case_id', sa.Text(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('at', moment, nullable=False),
    sa.Column('by', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('case_id', 'n')
    )
    op.create_table('desk_number',
    sa.Column('day', sa.Text(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('day')
    )
    op.add_column(
        'place', sa.Column('version', sa.Integer(), server_default='1', nullable=False)
    )
    op.add_column('place', sa.Column('since', moment, nullable=True))
    op.add_column('place', sa.Column('by', sa.Text(), nullable=True))
    op.add_column('place', sa.Column('told', JSON, nullable=True))
    op.create_table('place_record',
    sa.Column('place_id', sa.Text(), nullable=False),
    sa.Column('n', sa.Integer(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('depth_cm', sa.Float(), nullable=True),
    sa.Column('at', moment, nullable=False),
    sa.Column('known_at', moment, nullable=False),
    sa.Column('by', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.PrimaryKeyConstraint('place_id', 'n')
    )
    op.execute('UPDATE place SET since = at')
    op.execute(
        'INSERT INTO place_record (place_id, n, state, depth_cm, at, known_at) '
        'SELECT id, 1, state, depth_cm, at, at FROM place'
    )
    for statement in statements(op.get_bind().dialect.name, ("place_record",)):
        op.execute(statement)


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
