"""Scenes, screens, and the codes by which a screen is enrolled."""

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from data_access.tables.base import JSON, UTCDateTime, metadata, visible

scene = Table(
    "scene",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("screen_kind", Text, nullable=False),  # wall, console, event, tablet
    Column("mode", Text, nullable=False),  # routine, emergency, event
    Column("content", JSON, nullable=False),
    Column("version", Integer, nullable=False, default=1),
)

screen = Table(
    "screen",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("scene", Text),
    Column("geometry", JSON, nullable=False),  # width_mm, pixels, rows × columns, seams, seat
    Column("version", Integer, nullable=False, default=1),
    *visible(),
)

screen_code = Table(
    "screen_code",
    metadata,
    Column("code_hash", LargeBinary(32), primary_key=True),  # told once, typed or scanned once
    Column("screen", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("misses", Integer, nullable=False, default=0),  # wrong codes tried while it was good
    Column("real_created_at", UTCDateTime, nullable=False),
    Column("real_expires_at", UTCDateTime, nullable=False),
)
