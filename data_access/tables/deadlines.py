"""Deadline rules by version, and the days that a site says itself."""

from sqlalchemy import Boolean, Column, Float, Integer, PrimaryKeyConstraint, Table, Text

from data_access.tables.base import UTCDateTime, metadata

deadline_version = Table(
    "deadline_version",
    metadata,
    Column("version", Integer, primary_key=True),
    Column("since", UTCDateTime),  # for cases filed from then on; NULL: from the beginning
    Column("known_at", UTCDateTime, nullable=False),
    Column("source", Text, nullable=False),
)

deadline_rule = Table(
    "deadline_rule",
    metadata,
    Column("version", Integer, nullable=False),
    Column("id", Text, nullable=False),
    Column("clock", Text, nullable=False),  # disposal, or a step of the desk
    Column("kind", Text),  # NULL here and below: any
    Column("subcategory", Text),  # 大类 + 小类, or a 大类 alone
    Column("condition", Text),
    Column("zone", Text),
    Column("mode", Text),
    Column("limit", Float, nullable=False),
    Column("unit", Text, nullable=False),
    Column("extension", Float),  # what one 延期 adds; NULL: the limit again
    Column("opens", Text),  # the working window, HH:MM; NULL: the usual one
    Column("closes", Text),
    Column("days", Text),  # all, workdays
    Column("source", Text),
    PrimaryKeyConstraint("version", "id"),
)

holiday = Table(
    "holiday",  # what a site says of its days; wins over the calendar that is brought along
    metadata,
    Column("day", Text, primary_key=True),  # YYYY-MM-DD
    Column("work", Boolean, nullable=False),
    Column("name", Text),
    Column("source", Text),
    Column("real_at", UTCDateTime, nullable=False),  # when it was written
)
