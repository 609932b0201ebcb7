"""Cases, their append-only record, and every version that they had."""

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

case = Table(
    "case_file",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("subcategory", Text, nullable=False),
    Column("category_version", Integer, nullable=False, default=1),
    Column("description", Text, nullable=False, default=""),
    Column("address", Text),
    Column("lon", Float),
    Column("lat", Float),
    Column("jurisdiction", Text),
    Column("unit", Text),
    Column("stage", Text, nullable=False),
    Column("stage_at", UTCDateTime, nullable=False),
    Column("marks", JSON, nullable=False),
    Column("urgency", SmallInteger, nullable=False, default=0),
    Column("photos", JSON, nullable=False),
    Column("reported_at", UTCDateTime, nullable=False),
    Column("updated_at", UTCDateTime, nullable=False),
    Column("due_at", UTCDateTime),
    Column("ended_at", UTCDateTime),
    Column("live", Boolean, nullable=False),
    Column("condition", Text),  # 立案条件, as the feed says it
    Column("clock_from", UTCDateTime),  # when the disposal clock first began
    Column("handled_at", UTCDateTime),  # the 处置反馈 that stands
    Column("spent_s", Integer, nullable=False, default=0, server_default="0"),  # until it stopped
    Column("paused_s", Integer, nullable=False, default=0, server_default="0"),  # 挂账, 顺延: ended
    Column("running_since", UTCDateTime),  # NULL: the disposal clock stands
    Column("due_by", Text),  # feed, rule; NULL: no deadline
    Column("rule_id", Text),
    Column("rule_version", Integer),
    Column("near_at", UTCDateTime),  # from when the lamp is yellow
    Column("desk_due_at", UTCDateTime),  # until when the desk's own step is in time
    Column("emergency_due_at", UTCDateTime),  # 应急时限, beside due_at
    Column("emergency_by", Text),  # the operation that 加急 it
    Column("known_at", UTCDateTime, nullable=False),  # first known
    Column("feed", Text, nullable=False),
    Column("desk_marks", JSON),  # 催办, 督办 given here: mark → by, at, note, until, also told
    Column("supervised_until", UTCDateTime),  # the end of a 督办 given here
    *visible(),
    of_event("case_file"),
    Index("case_live", "live", "stage"),
    Index("case_supervised", "supervised_until"),
    Index("case_ended", "live", "ended_at"),
    Index("case_known", "known_at"),
    Index("case_spot", "subcategory", "lat"),
    Index("case_drill", "feed", sqlite_where=text("drill"), postgresql_where=text("drill")),
)

case_event = Table(
    "case_event",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("kind", Text, nullable=False),  # stage, mark, unmark, call
    Column("code", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("known_at", UTCDateTime, nullable=False),
    Column("by", Text),
    Column("note", Text),
    Column("until", UTCDateTime),  # the end of a 督办, the deadline that a 延期 set …
    Column("odd", Boolean, nullable=False, default=False, server_default="0"),  # no such move
    Column("detail", JSON),  # of an act of this desk: whom it reaches, its message; NULL: a feed
    PrimaryKeyConstraint("case_id", "n"),
)

case_caller = Table(
    "case_caller",  # who called about a case: kept apart, so that nothing shows it by chance
    metadata,
    Column("case_id", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("name", Text),
    Column("phone", Text),
    Column("at", UTCDateTime, nullable=False),
    Column("by", Text, nullable=False),  # who took the call
    PrimaryKeyConstraint("case_id", "n"),
)

desk_number = Table(
    "desk_number",  # how many cases the desk has numbered on a day
    metadata,
    Column("day", Text, primary_key=True),  # YYYYMMDD in the city's zone
    Column("n", Integer, nullable=False),
)

case_version = Table(
    "case_version",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("known_at", UTCDateTime, nullable=False),
    Column("state", JSON, nullable=False),  # the whole case as it then stood
    PrimaryKeyConstraint("case_id", "version"),
    Index("case_version_known", "known_at"),
)

case_treatment = Table(
    "case_treatment",  # what operations made of a case: see dashboard.domain.treatments
    metadata,
    Column("case_id", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("operation", Text, nullable=False),
    Column("treatment", Text, nullable=False),  # expedite, defer
    Column("mode", Text, nullable=False),  # whose deadline rules count
    Column("since", UTCDateTime, nullable=False),
    Column("until", UTCDateTime),  # NULL: it holds
    Column("revoked", Boolean, nullable=False),
    Column("limits", JSON, nullable=False),  # [[since, minutes], …] of 加急
    Column("due_at", UTCDateTime),  # its 应急时限, as it stood when it last held
    Column("answered_at", UTCDateTime),  # the 处置反馈, likewise
    PrimaryKeyConstraint("case_id", "n"),
    Index("case_treatment_until", "operation", "until"),
    Index("case_treatment_revoked", "operation", "revoked"),
)
