"""The road of every fact: numbered changes, the clock, feeds and their rejects, the audit."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
)

from data_access.tables.base import JSON, Seq, UTCDateTime, metadata, visible

change = Table(
    "change",
    metadata,
    Column("seq", Seq, Identity(always=False), primary_key=True),
    Column("topic", Text, nullable=False),
    Column("key", Text),  # NULL: the whole topic was loaded anew
    Column("old_scope", Text),
    Column("new_scope", Text),
    Column("drill", Boolean, nullable=False, default=False),
    Column("real_at", UTCDateTime, nullable=False),
    sqlite_autoincrement=True,
)

clock = Table(
    "clock",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("anchor_city", UTCDateTime, nullable=False),
    Column("anchor_real", UTCDateTime, nullable=False),
    Column("speed", Float, nullable=False),
    Column("last_city", UTCDateTime, nullable=False),
)

city = Table(
    "city",
    metadata,
    Column("id", Text, primary_key=True),  # the city's scope path
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("time_zone", Text, nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("settings", JSON, nullable=False),  # bounds, notes, source, map approval number …
)

feed = Table(
    "feed",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),  # recording, simulator, push, …
    Column("state", Text, nullable=False),  # ok, waiting, failed, ended
    Column("message", Text, nullable=False, default=""),
    Column("message_en", Text, nullable=False, default="", server_default=""),
    Column("city_at", UTCDateTime),  # the newest moment that it told of
    Column("real_at", UTCDateTime),  # when it last spoke
    Column("read", BigInteger, nullable=False, default=0),
    Column("accepted", BigInteger, nullable=False, default=0),
    Column("unchanged", BigInteger, nullable=False, default=0),
    Column("rejected", BigInteger, nullable=False, default=0),
    Column("position", JSON),  # where a restart goes on
    Column("expect_s", Integer),  # it should speak again within so many real seconds
    *visible(),
)

feed_tally = Table(
    "feed_tally",  # counted with each batch; feeds show it at most once in two seconds
    metadata,
    Column("feed", Text, primary_key=True),
    Column("read", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("unchanged", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
    Column("city_at", UTCDateTime),
    Column("real_at", UTCDateTime, nullable=False),
)

reject = Table(
    "reject",
    metadata,
    Column("id", Seq, Identity(always=False), primary_key=True),
    Column("feed", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("index", Integer, nullable=False),
    Column("record_id", Text),
    Column("field", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("record", Text, nullable=False),  # as it came, JSON text, cut at 16 KiB
    Column("city_at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
    Column("state", Text, nullable=False, default="open"),  # open, retried, dismissed
    *visible(),
    Index("reject_state", "state", "id"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("id", Seq, Identity(always=False), primary_key=True),
    Column("actor", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text),
    Column("detail", JSON, nullable=False),
    Column("address", Text),
    Column("city_at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
    *visible(),
    sqlite_autoincrement=True,
)

follower = Table(
    "follower",  # how far each that follows the changes has come
    metadata,
    Column("name", Text, primary_key=True),
    Column("seq", Seq, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
)
