"""Plans 预案 in versions, the tasks 任务 that an operation began, and what became of each."""

from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
)

from data_access.tables.base import JSON, UTCDateTime, metadata, visible

plan = Table(
    "plan",
    metadata,
    Column("id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("rows", JSON, nullable=False),  # its tasks, as they were imported
    Column("at", UTCDateTime, nullable=False),
    PrimaryKeyConstraint("id", "version"),
)

task = Table(
    "task",
    metadata,
    Column("id", Text, primary_key=True),  # OPERATION.TASK
    Column("version", Integer, nullable=False),
    Column("operation", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("plan_version", Integer, nullable=False),
    Column("n", Integer, nullable=False),  # its place in the plan
    Column("phase", Text, nullable=False),
    Column("phase_en", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("post", Text, nullable=False),
    Column("evidence", Text, nullable=False),  # none, note, count
    Column("due_at", UTCDateTime, nullable=False),
    Column("state", Text, nullable=False),  # open, done, dropped
    Column("done_at", UTCDateTime),
    Column("done_by", Text),
    Column("note", Text),
    Column("live", Boolean, nullable=False),  # its operation is in force
    *visible(),
    Index("task_operation", "operation", "n"),
    Index("task_live", "live"),
)

task_act = Table(
    "task_act",
    metadata,
    Column("task_id", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("act", Text, nullable=False),  # began, done, reopened, dropped
    Column("at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
    Column("by", Text),
    Column("note", Text),
    PrimaryKeyConstraint("task_id", "n"),
)
