"""Stations and what they measure."""

from sqlalchemy import Boolean, Column, Float, PrimaryKeyConstraint, SmallInteger, Table, Text

from data_access.tables.base import JSON, UTCDateTime, metadata, of_event, visible

station = Table(
    "station",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("datum", Text),
    Column("thresholds", JSON),
    Column("jurisdiction", Text),
    Column("river", Text),  # 河名, and 流域 or 水系: alerts of one water are one group
    Column("basin", Text),
    Column("suspect", Text),  # 可疑 and why: hand, jump, datum, threshold
    Column("suspect_note", Text),
    Column("suspect_by", Text),
    Column("suspect_until", UTCDateTime),
    Column("updated_at", UTCDateTime, nullable=False),
    Column("feed", Text, nullable=False),
    *visible(),
    of_event("station"),
)

reading = Table(
    "reading",
    metadata,
    Column("station", Text, nullable=False),
    Column("factor", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("revision", SmallInteger, nullable=False),
    Column("value", Float),
    Column("flag", Text),
    Column("known_at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
    Column("drill", Boolean, nullable=False, default=False, server_default="0"),
    PrimaryKeyConstraint("station", "factor", "at", "revision"),
    postgresql_partition_by="RANGE (at)",
)

reading_latest = Table(
    "reading_latest",
    metadata,
    Column("station", Text, nullable=False),
    Column("factor", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("value", Float),
    Column("flag", Text),
    Column("known_at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
    Column("feed", Text),  # who told it
    *visible(),
    PrimaryKeyConstraint("station", "factor"),
)
