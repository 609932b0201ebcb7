"""A guarded event: versions of its things and who confirmed them, posts, zero reports, hazards.

Rows carry their operation twice: as what they are of, and as ``event``, whose members see them.
"""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from data_access.tables.base import JSON, UTCDateTime, metadata, visible

event_version = Table(
    "event_version",
    metadata,
    Column("id", Text, primary_key=True),  # OPERATION/VERSION
    Column("operation", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("name", Text, nullable=False),  # of whoever entered it, for the screen
    Column("reason", Text, nullable=False),
    Column("approved_by", Text),
    Column("entered_at", UTCDateTime, nullable=False),
    Column("effective_at", UTCDateTime, nullable=False),
    Column("state", Text, nullable=False),  # entered, withdrawn
    Column("changes", JSON, nullable=False),  # [kind, id, name, added | changed | removed]
    Column("confirmed", JSON, nullable=False),  # [name, at, who], as they came
    Column("waiting", JSON, nullable=False),  # names of the members who have not confirmed yet
    Column("live", Boolean, nullable=False),
    *visible(),
    Index("event_version_operation", "operation", "version", unique=True),
)

event_confirmation = Table(
    "event_confirmation",
    metadata,
    Column("operation", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("who", Text, nullable=False),  # an account, a screen's account, or token:NAME
    Column("at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
    PrimaryKeyConstraint("operation", "version", "who"),
)

event_thing = Table(
    "event_thing",  # one state of a thing a row
    metadata,
    Column("id", Text, primary_key=True),  # OPERATION/KIND/THING@VERSION
    Column("operation", Text, nullable=False),
    Column("kind", Text, nullable=False),  # zone, route, point, post, phase
    Column("thing", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("geometry", JSON),
    Column("body", JSON, nullable=False),
    Column("effective_at", UTCDateTime, nullable=False),
    Column("until", UTCDateTime),  # when the next state of the thing takes its place
    Column("removed", Boolean, nullable=False),  # from its moment on the thing is no more
    Column("live", Boolean, nullable=False),
    *visible(),
    Index("event_thing_operation", "operation", "kind", "thing"),
    Index("event_thing_live", "live"),
)

event_post = Table(
    "event_post",  # who is at a post, as last said
    metadata,
    Column("id", Text, primary_key=True),  # OPERATION/POST
    Column("operation", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("present", Integer, nullable=False),
    Column("checked_at", UTCDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("live", Boolean, nullable=False),
    *visible(),
    Index("event_post_operation", "operation"),
)

event_report_plan = Table(
    "event_report_plan",
    metadata,
    Column("operation", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("every_h", Integer, nullable=False),
    Column("starts_at", UTCDateTime, nullable=False),
    Column("ends_at", UTCDateTime, nullable=False),
    Column("reporters", JSON, nullable=False),  # [id, name]
)

event_report = Table(
    "event_report",
    metadata,
    Column("id", Text, primary_key=True),  # OPERATION/REPORTER/DUE
    Column("operation", Text, nullable=False),
    Column("reporter", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("sent_at", UTCDateTime),
    Column("by", Text),
    Column("found", Integer),  # how many matters; 0 is 无事
    Column("note", Text),
    Column("live", Boolean, nullable=False),
    *visible(),
    Index("event_report_operation", "operation", "due_at"),
)

event_hazard = Table(
    "event_hazard",
    metadata,
    Column("id", Text, primary_key=True),  # OPERATION/N
    Column("operation", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("zone", Text),
    Column("unit", Text, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("state", Text, nullable=False),  # open, handling, cleared
    Column("due_at", UTCDateTime),
    Column("found_at", UTCDateTime, nullable=False),
    Column("found_by", Text, nullable=False),
    Column("state_at", UTCDateTime, nullable=False),
    Column("state_by", Text, nullable=False),
    Column("note", Text),
    Column("live", Boolean, nullable=False),
    *visible(),
    Index("event_hazard_operation", "operation", "n"),
)

event_act = Table(
    "event_act",  # the append-only record of all that was done in an event's room
    metadata,
    Column("operation", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("detail", JSON, nullable=False),
    PrimaryKeyConstraint("operation", "n"),
)
