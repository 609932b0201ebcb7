"""Scenes, screens, and the codes by which a screen is enrolled."""

from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table, Text

from data_access.tables.base import JSON, UTCDateTime, metadata, visible

scene = Table(
    "scene",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("screen_kind", Text, nullable=False),  # wall, console, event, tablet
    Column("purpose", Text, nullable=False, server_default="mode"),  # what it is for
    Column("mode", Text, nullable=False),  # routine, emergency, event; any where no mode chooses it
    Column("scenario", Text),  # null: any
    Column("levels", JSON, nullable=False, server_default="[]"),  # empty: all
    Column("content", JSON, nullable=False),
    Column("version", Integer, nullable=False, default=1),  # 1 as we ship it, more once edited
)

screen = Table(
    "screen",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("geometry", JSON, nullable=False),  # width_mm, pixels, rows × columns, seams, seat
    Column("hall", Text, nullable=False, server_default="main"),  # what guests see at once
    Column("home", Text),  # its own scene of routine; null: the one of all
    Column("sent", JSON),  # what a person sent, until it is taken back
    Column("released", JSON, nullable=False, server_default="[]"),  # dangers told to be enough here
    Column("version", Integer, nullable=False, default=1),  # of the above
    # what follows is derived in one transaction with what it follows from
    Column("scene", Text),
    Column("edition", Text),  # of the scene, so that an open page knows whether it has it
    Column("why", Text, nullable=False, server_default="routine"),
    Column("pinned", Boolean, nullable=False, server_default="0"),
    Column("target", JSON, nullable=False, server_default="{}"),  # steps, incident or cameras
    Column("strip", JSON, nullable=False, server_default="[]"),  # dangers told at its edge
    Column("since", UTCDateTime),
    Column("by", Text),  # who sent it
    *visible(),
)

screen_seen = Table(
    "screen_seen",
    metadata,
    Column("screen", Text, primary_key=True),
    Column("real_at", UTCDateTime, nullable=False),  # when its own browser last spoke
    Column("scene", Text),  # what it said that it shows
    Column("step", Integer, nullable=False),
    Column("fresh", Boolean, nullable=False),  # whether its picture was of now
)

danger = Table(
    "danger",
    metadata,
    Column("id", Text, primary_key=True),  # that of the alert by which it is known
    Column("kind", Text, nullable=False),  # of data_access/data/dangers.json
    Column("told", JSON, nullable=False),  # what a screen may say of it
    Column("since", UTCDateTime, nullable=False),
    Column("acknowledged_at", UTCDateTime),
    Column("until", UTCDateTime),  # when screens are given back, though it goes on
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
