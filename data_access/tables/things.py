"""Cameras, responders, places, and the warnings that came from outside."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)

from data_access.tables.base import JSON, UTCDateTime, metadata, of_event, visible

camera = Table(
    "camera",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("source", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("wall_allowed", Boolean, nullable=False),
    Column("position_type", SmallInteger),
    Column("room_type", SmallInteger),
    Column("secrecy", SmallInteger),
    Column("streams", JSON, nullable=False),
    Column("jurisdiction", Text),
    Column("updated_at", UTCDateTime, nullable=False),
    Column("feed", Text, nullable=False),
    *visible(),
    of_event("camera"),
)

responder = Table(
    "responder",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("at", UTCDateTime, nullable=False),
    Column("status", Text, nullable=False),
    Column("unit", Text),
    Column("phone", Text),
    Column("streams", JSON, nullable=False),
    Column("place", Text),
    Column("jurisdiction", Text),
    Column("feed", Text, nullable=False),
    *visible(),
    of_event("responder"),
)

place = Table(
    "place",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("state", Text, nullable=False),
    Column("depth_cm", Float),
    Column("at", UTCDateTime, nullable=False),
    Column("cameras", JSON, nullable=False),
    Column("supplies", JSON, nullable=False),
    Column("jurisdiction", Text),
    Column("feed", Text, nullable=False),
    Column("version", Integer, nullable=False, default=1, server_default="1"),
    Column("since", UTCDateTime),  # since when the state holds
    Column("by", Text),  # whose word at the desk it is; NULL: a feed's
    Column("told", JSON),  # state and depth_cm as a feed last told them
    *visible(),
    of_event("place"),
)

place_record = Table(
    "place_record",  # n is the version that the place then had
    metadata,
    Column("place_id", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("depth_cm", Float),
    Column("at", UTCDateTime, nullable=False),
    Column("known_at", UTCDateTime, nullable=False),
    Column("by", Text),
    Column("note", Text),
    PrimaryKeyConstraint("place_id", "n"),
)

warning = Table(
    "warning",
    metadata,
    Column("id", Text, primary_key=True),
    Column("event", Text, nullable=False),
    Column("colour", Text),
    Column("severity", Text),
    Column("headline", Text, nullable=False),
    Column("description", Text, nullable=False, default=""),
    Column("sender", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("msg_type", Text, nullable=False),
    Column("sent", UTCDateTime, nullable=False),
    Column("effective_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime),
    Column("cancelled_at", UTCDateTime),
    Column("areas", JSON, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("known_at", UTCDateTime, nullable=False),
    Column("feed", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("operation", Text),
    Column("drill", Boolean, nullable=False, default=False, server_default="0"),
)
