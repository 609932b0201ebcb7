"""Accounts, sessions, tokens, and answers kept for repeated calls."""

from sqlalchemy import Boolean, Column, Index, Integer, LargeBinary, Table, Text, UniqueConstraint

from data_access.tables.base import JSON, UTCDateTime, metadata

account = Table(
    "account",
    metadata,
    Column("name", Text, primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("scopes", JSON, nullable=False),  # scope paths
    Column("events", JSON, nullable=False),  # operations of which it is a member
    Column("disabled", Boolean, nullable=False, default=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("real_locked_until", UTCDateTime),
    Column("real_created_at", UTCDateTime, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("id_hash", LargeBinary(32), primary_key=True),
    Column("account", Text, nullable=False),
    Column("real_created_at", UTCDateTime, nullable=False),
    Column("real_seen_at", UTCDateTime, nullable=False),
    Column("real_expires_at", UTCDateTime, nullable=False),
    Index("session_account", "account"),
)

token = Table(
    "token",
    metadata,
    Column("id", Text, primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("kinds", JSON),  # what a feed token may ingest; NULL = every kind
    Column("scopes", JSON, nullable=False),
    Column("events", JSON, nullable=False),
    Column("real_created_at", UTCDateTime, nullable=False),
    Column("real_revoked_at", UTCDateTime),
    Column("real_used_at", UTCDateTime),
    UniqueConstraint("token_hash"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("key", Text, primary_key=True),  # caller and Idempotency-Key
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
)
