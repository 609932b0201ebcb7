"""Alerts 告警, the record of each, the rules behind them, and what the engine remembers."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    text,
)

from data_access.tables.base import JSON, UTCDateTime, metadata, of_event, visible

alert = Table(
    "alert",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("rule", Text, nullable=False),
    Column("rule_version", Integer, nullable=False),
    Column("subject_topic", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("group", Text, nullable=False),  # KIND/LEVEL/NAME, as river/basin/…
    Column("cause", Boolean, nullable=False),  # leads its group
    Column("priority", SmallInteger, nullable=False),  # 1 high, 2 middle, 3 low
    Column("department", Text),  # who answers for it, where that is not the desk
    Column("active", Boolean, nullable=False),
    Column("acknowledged", Boolean, nullable=False),
    Column("transferred", Boolean, nullable=False, server_default="0"),  # 转办, by hand
    Column("owner", Text),
    Column("shelved_until", UTCDateTime),
    Column("since", UTCDateTime, nullable=False),
    Column("cleared_at", UTCDateTime),
    Column("value", Float),  # what tripped it, in the unit of its rule
    Column("threshold", Float),
    Column("evidence", JSON, nullable=False),  # the values that tripped it, as the rule saw them
    Column("lon", Float),
    Column("lat", Float),
    Column("jurisdiction", Text),
    Column("called", SmallInteger, nullable=False, default=0),  # steps of its ladder taken
    Column("live", Boolean, nullable=False),  # active, or not acknowledged, or shelved
    *visible(),
    of_event("alert"),
    Index("alert_live", "live"),
    Index("alert_subject", "subject_topic", "subject_id", "rule"),
    Index("alert_since", "since"),
    Index("alert_drill", "subject_id", sqlite_where=text("drill"), postgresql_where=text("drill")),
)

alert_record = Table(
    "alert_record",
    metadata,
    Column("alert_id", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
    Column("act", Text, nullable=False),  # raised, cleared, returned, acknowledged, owned, …
    Column("by", Text),
    Column("note", Text),
    Column("detail", JSON, nullable=False),  # as it then stood under "state"
    PrimaryKeyConstraint("alert_id", "n"),
    Index("alert_record_at", "at"),
)

alert_rule = Table(
    "alert_rule",  # whole lists of rules; the greatest version counts
    metadata,
    Column("version", Integer, primary_key=True),
    Column("rules", JSON, nullable=False),
    Column("by", Text, nullable=False),  # shipped, cli, or an account's name
    Column("at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
)

alert_state = Table(
    "alert_state",  # where a rule stands for a subject, unless it is idle
    metadata,
    Column("rule", Text, nullable=False),
    Column("subject_topic", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("phase", Text, nullable=False),  # pending, active, leaving
    Column("since", UTCDateTime, nullable=False),
    Column("left_at", UTCDateTime),  # since when it is leaving
    PrimaryKeyConstraint("rule", "subject_topic", "subject_id"),
)
