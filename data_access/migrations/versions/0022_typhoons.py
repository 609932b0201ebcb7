"""Typhoons, their fixes and forecasts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
import data_access.tables

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')
_TIME = data_access.tables.UTCDateTime(timezone=True)


def upgrade() -> None:
    """Change the store."""
    op.create_table('typhoon',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('issuer', sa.Text(), nullable=False),
    sa.Column('last_at', _TIME, nullable=True),
    sa.Column('moved', sa.Boolean(), nullable=False),
    sa.Column('track', _JSON, nullable=False),
    sa.Column('ahead', _JSON, nullable=False),
    sa.Column('live', sa.Boolean(), nullable=False),
    sa.Column('turns_at', _TIME, nullable=True),
    sa.Column('scope', sa.Text(), nullable=False),
    sa.Column('event', sa.Text(), nullable=True),
    sa.Column('drill', sa.Boolean(), server_default='0', nullable=False),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('typhoon_turns', 'typhoon', ['turns_at'])
    op.create_table('typhoon_point',
    sa.Column('typhoon', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('issuer', sa.Text(), nullable=False),
    sa.Column('issued_at', _TIME, nullable=False),
    sa.Column('at', _TIME, nullable=False),
    sa.Column('lon', sa.Float(), nullable=False),
    sa.Column('lat', sa.Float(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_en', sa.Text(), nullable=False),
    sa.Column('wind_ms', sa.Float(), nullable=True),
    sa.Column('pressure_hpa', sa.Float(), nullable=True),
    sa.Column('r7', _JSON, nullable=True),
    sa.Column('r10', _JSON, nullable=True),
    sa.Column('r12', _JSON, nullable=True),
    sa.Column('moved', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('typhoon', 'kind', 'issuer', 'issued_at', 'at')
    )


def downgrade() -> None:
    """Refuse: a store of record goes forward only; restore a backup instead."""
    raise RuntimeError("a store of record is not migrated backward; restore a backup")
