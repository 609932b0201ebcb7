"""The outbox: what leaves for other systems, written in the transaction of the act it tells of."""

from sqlalchemy import Boolean, Column, Identity, Index, Integer, Table, Text, UniqueConstraint

from data_access.tables.base import JSON, Seq, UTCDateTime, metadata, visible

outbox = Table(
    "outbox",
    metadata,
    Column("n", Seq, Identity(always=False), primary_key=True),  # the order of a destination
    Column("id", Text, nullable=False),  # the receiver knows a repeated one by it
    Column("destination", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),  # TOPIC/ID of what it is about
    Column("payload", JSON, nullable=False),
    Column("state", Text, nullable=False),  # waiting, delivered, failed
    Column("attempts", Integer, nullable=False, default=0),
    Column("reason", Text),  # why the last attempt failed
    Column("put_at", UTCDateTime, nullable=False),
    Column("real_put_at", UTCDateTime, nullable=False),
    Column("real_next_at", UTCDateTime, nullable=False),  # not tried again before
    Column("real_settled_at", UTCDateTime),
    # waits, or was settled lately: the topic's rows
    Column("live", Boolean, nullable=False, server_default="0"),
    *visible(),
    UniqueConstraint("id"),
    Index("outbox_waiting", "state", "destination", "n"),
    Index("outbox_subject", "subject", "n"),
    Index("outbox_live", "live", "real_settled_at"),
    sqlite_autoincrement=True,
)
