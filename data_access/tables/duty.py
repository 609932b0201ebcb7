"""Who is on duty, whom an alert calls, what was promised, and shifts handed over."""

from sqlalchemy import (
    Boolean,
    Column,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)

from data_access.tables.base import JSON, Seq, UTCDateTime, metadata, visible

duty_rule = Table(
    "duty_rule",  # shifts, posts and ladders as they were at each version
    metadata,
    Column("kind", Text, nullable=False),  # shifts, posts, ladders
    Column("version", Integer, nullable=False),
    Column("items", JSON, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("by", Text, nullable=False),
    PrimaryKeyConstraint("kind", "version"),
)

duty = Table(
    "duty",
    metadata,
    Column("n", Seq, Identity(always=False), primary_key=True),
    Column("date", Text, nullable=False),  # on which the shift begins, in the city's zone
    Column("shift", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("jurisdiction", Text),  # NULL: the whole city
    Column("name", Text, nullable=False),
    Column("phone", Text),
    Column("account", Text),  # as whom the person signs in
    Column("deputy", Text),
    Column("deputy_phone", Text),
    Column("deputy_account", Text),
    Column("starts_at", UTCDateTime, nullable=False),
    Column("ends_at", UTCDateTime, nullable=False),
    *visible(),
    Index("duty_span", "ends_at", "starts_at"),
    Index("duty_date", "date", "shift", "post"),
    sqlite_autoincrement=True,
)

escalation = Table(
    "escalation",  # an alert on its way up a ladder, for its group
    metadata,
    Column("alert_id", Text, primary_key=True),
    Column("group", Text, nullable=False),
    Column("ladder", Text, nullable=False),
    Column("ladder_version", Integer, nullable=False),
    Column("since", UTCDateTime, nullable=False),
    Column("step", SmallInteger, nullable=False),  # steps taken
    Column("next_at", UTCDateTime),  # when the next one is due; NULL: there is none
    Column("running", Boolean, nullable=False),
    Column("stopped_at", UTCDateTime),
    Column("stopped_by", Text),
    Column("stop", Text),  # acknowledged, cleared, shelved, joined, gone
    *visible(),
    Index("escalation_due", "running", "next_at"),
    Index("escalation_group", "group", "running"),
)

call = Table(
    "duty_call",
    metadata,
    Column("id", Text, primary_key=True),
    Column("alert_id", Text, nullable=False),
    Column("step", SmallInteger, nullable=False),
    Column("reminder", SmallInteger, nullable=False, default=0),
    Column("post", Text, nullable=False),
    Column("jurisdiction", Text),
    Column("name", Text),  # NULL: nobody held the post
    Column("phone", Text),
    Column("account", Text),
    Column("deputy_of", Text),  # the call that this person's principal left unanswered
    Column("deputy", JSON),  # who is called when this one stays unanswered
    Column("state", Text, nullable=False),  # waiting, sent, failed, read, wake, phoned, …
    Column("made_at", UTCDateTime, nullable=False),
    Column("sent_at", UTCDateTime),  # when its message was delivered; NULL: it was not, or not yet
    Column("delivery", Text),  # waiting, delivered, failed; NULL: nobody held the post
    Column("reason", Text),  # why its message was not delivered
    Column("read_at", UTCDateTime),
    Column("wake_at", UTCDateTime),  # since when somebody should telephone
    Column("phoned_at", UTCDateTime),
    Column("phoned_by", Text),
    Column("answered_at", UTCDateTime),
    Column("answered_by", Text),
    Column("answer", Text),
    Column("stopped_at", UTCDateTime),
    Column("next_at", UTCDateTime),  # when it is looked at again
    Column("outbox_id", Text),
    Column("live", Boolean, nullable=False),  # its alert still calls
    *visible(),
    Index("duty_call_due", "live", "next_at"),
    Index("duty_call_alert", "alert_id", "made_at"),
    Index("duty_call_made", "made_at"),
    Index("duty_call_outbox", "outbox_id"),
)

promise = Table(
    "promise",
    metadata,
    Column("id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("subject_topic", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("promised_by", Text),  # who said it, as the desk wrote it down
    Column("by", Text, nullable=False),  # who wrote it down
    Column("made_at", UTCDateTime, nullable=False),
    Column("due_at", UTCDateTime, nullable=False),
    Column("kept_at", UTCDateTime),
    Column("kept_by", Text),
    Column("note", Text),
    Column("live", Boolean, nullable=False),  # not yet kept
    *visible(),
    Index("promise_live", "live", "due_at"),
    Index("promise_subject", "subject_topic", "subject_id"),
)

handover = Table(
    "handover",
    metadata,
    Column("id", Seq, Identity(always=False), primary_key=True),
    Column("act", Text, nullable=False),  # handed, put-off
    Column("outgoing", Text, nullable=False),
    Column("outgoing_name", Text, nullable=False),
    Column("incoming", Text),
    Column("incoming_name", Text),
    Column("since", UTCDateTime, nullable=False),  # the beginning of what the sheet tells
    Column("at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
    Column("reason", Text),  # why it was put off
    Column("until", UTCDateTime),  # until when
    Column("remarks", Text),
    Column("sheet", JSON, nullable=False),
    *visible(),
    Index("handover_outgoing", "outgoing", "at"),
    Index("handover_incoming", "incoming", "at"),
    sqlite_autoincrement=True,
)
