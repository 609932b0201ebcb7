"""Operations 应急响应 and 重大活动保障, the append-only record of their acts, and modes."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)

from data_access.tables.base import JSON, UTCDateTime, metadata, visible

operation = Table(
    "operation",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),  # emergency, event
    Column("level", SmallInteger),  # 1–4, 1 is Ⅰ
    Column("scenario", Text),
    Column("name", Text, nullable=False),
    Column("area", Text, nullable=False),  # a jurisdiction's id; its path is the scope
    Column("issuer", Text, nullable=False),
    Column("approved_by", Text),
    Column("approval", Text),  # document, phone, meeting
    Column("document_no", Text),
    Column("basis", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("plan", Text),
    Column("effective_at", UTCDateTime, nullable=False),  # from when it counts
    Column("level_at", UTCDateTime, nullable=False),  # since when at this level
    Column("entered_at", UTCDateTime, nullable=False),
    Column("entered_by", Text, nullable=False),
    Column("needs_confirmation", Boolean, nullable=False),  # 补签 is still owed
    Column("confirmed_by", Text),
    Column("state", Text, nullable=False),  # in_force, ended, revoked
    Column("ended_at", UTCDateTime),
    Column("watch_until", UTCDateTime),  # 加强值班 after the end
    Column("live", Boolean, nullable=False),
    Column("input", Text),  # what a drill is fed with: none, storm; NULL: no drill
    *visible(),
    Index("operation_live", "live"),
)

operation_act = Table(
    "operation_act",
    metadata,
    Column("operation_id", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("act", Text, nullable=False),  # start, raise, lower, end, revoke, confirm
    Column("level", SmallInteger),
    Column("effective_at", UTCDateTime, nullable=False),
    Column("entered_at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("detail", JSON, nullable=False),  # issuer, approver, how, document, what it skipped …
    PrimaryKeyConstraint("operation_id", "n"),
)

mode = Table(
    "mode",
    metadata,
    Column("id", Text, primary_key=True),  # a jurisdiction
    Column("mode", Text, nullable=False),
    Column("level", SmallInteger),
    Column("operation", Text),
    Column("bands", JSON, nullable=False),  # all operations that act on it, the deciding first
    Column(
        "watched", JSON, nullable=False, server_default="[]"
    ),  # ended, with 加强值班 until a time
    *visible(),
)

proposal = Table(
    "proposal",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("rule", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("scenario", Text, nullable=False),
    Column("level", SmallInteger, nullable=False),
    Column("area", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("state", Text, nullable=False),  # open, accepted, declined, met, lapsed, surpassed
    Column("since", UTCDateTime, nullable=False),
    Column("held_at", UTCDateTime, nullable=False),  # when its rule last held
    Column("decided_at", UTCDateTime),
    Column("decided_by", Text),
    Column("reason", Text),
    Column("operation", Text),  # what was started upon it, or met it
    *visible(),
    Index("proposal_rule", "rule", "since"),
)
