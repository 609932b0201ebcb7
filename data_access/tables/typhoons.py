"""Typhoons: each fix and forecast point as it was told, and what of them is known now."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from data_access.tables.base import JSON, UTCDateTime, metadata, visible

typhoon = Table(
    "typhoon",
    metadata,
    Column("id", Text, primary_key=True),  # its number: 201818
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("issuer", Text, nullable=False),  # of the last fix
    Column("last_at", UTCDateTime),  # of the last fix
    Column("moved", Boolean, nullable=False),  # its times are not those of the file
    Column("track", JSON, nullable=False),  # fixes known now
    Column("ahead", JSON, nullable=False),  # each issuer's latest forecast known now
    Column("live", Boolean, nullable=False),
    Column("turns_at", UTCDateTime),  # when more becomes known, or it grows old
    *visible(),
    Index("typhoon_turns", "turns_at"),
)

typhoon_point = Table(
    "typhoon_point",
    metadata,
    Column("typhoon", Text, nullable=False),
    Column("kind", Text, nullable=False),  # fix, forecast
    Column("issuer", Text, nullable=False),
    Column("issued_at", UTCDateTime, nullable=False),  # of a fix: when it was measured
    Column("at", UTCDateTime, nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("wind_ms", Float),
    Column("pressure_hpa", Float),
    Column("r7", JSON),  # km: north-east, south-east, south-west, north-west
    Column("r10", JSON),
    Column("r12", JSON),
    Column("moved", Boolean, nullable=False),
    PrimaryKeyConstraint("typhoon", "kind", "issuer", "issued_at", "at"),
)
