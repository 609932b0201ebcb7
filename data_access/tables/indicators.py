"""Indicators kept by differences: what each case brought, the sums, and published figures.

Paths stand in columns that are not called ``scope``: what a case brought is told from what it
brought when it was last counted, also after its jurisdiction has moved.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)

from dashboard.domain.indicators import MEASURES
from data_access.tables.base import JSON, Seq, UTCDateTime, metadata, visible

case_counted = Table(
    "case_counted",  # what each case brings to the sums, as it was last counted
    metadata,
    Column("case_id", Text, primary_key=True),
    Column("path", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("subcategory", Text, nullable=False),  # KIND/CODE
    Column("source", Text, nullable=False),
    Column("mask", SmallInteger, nullable=False),  # what may keep it out of a rate
    Column("reported_on", Integer, nullable=False),  # days as numbers, 20261123
    Column("filed_on", Integer),
    Column("answered_on", Integer),
    Column("due_on", Integer),
    Column("ended_on", Integer),
    Column("undated", Boolean, nullable=False),
    Column("timely", Boolean, nullable=False),
    Column("unanswered", Boolean, nullable=False),
    Column("closed_in_time", Boolean, nullable=False),
    Column("reworked", Boolean, nullable=False),
    Column("worked_s", BigInteger),
    Column("stage_s", Text, nullable=False),  # "filed:60 handling:3600"
    Column("next_at", UTCDateTime),  # when the passing of time alone changes it
    Index("case_counted_next", "next_at"),
    Index("case_counted_reported", "reported_on", "path"),
    Index("case_counted_filed", "filed_on", "path"),
    Index("case_counted_answered", "answered_on", "path"),
    Index("case_counted_due", "due_on", "path"),
    Index("case_counted_ended", "ended_on", "path"),
)

case_to_count = Table(
    "case_to_count",  # cases that were loaded without a numbered change each
    metadata,
    Column("n", Seq, Identity(always=False), primary_key=True),
    Column("case_id", Text, nullable=False),
)

indicator_sum = Table(
    "indicator_sum",
    metadata,
    Column("area", Text, nullable=False),  # path of a city, district or subdistrict
    Column("grouped", Text, nullable=False),  # all, unit, subcategory, source
    Column("period", Integer, nullable=False),  # a day 20261123, or a month 202611
    Column("value", Text, nullable=False),  # of what it is grouped by
    Column("mask", SmallInteger, nullable=False),
    *(Column(name, BigInteger, nullable=False) for name in MEASURES),
    PrimaryKeyConstraint("area", "grouped", "period", "value", "mask"),
)

indicator_state = Table(
    "indicator_state",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("folded_at", UTCDateTime, nullable=False),  # the sums are those of this moment
    Column("revision", Seq, nullable=False),  # counts every change of a sum
    Column("made_of", Text, nullable=False),  # what the sums were made by: zone and measures
    Column("walk_after", Text),  # counting everything anew has come so far; NULL: it is done
    Column("first_on", Integer),  # the earliest day on which a case ended: history begins
)

rate_basis = Table(
    "rate_basis",  # 口径: whole lists as they were imported, each a version; the newest counts
    metadata,
    Column("version", Integer, primary_key=True),
    Column("items", JSON, nullable=False),
    Column("by", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
)

indicator_published = Table(
    "indicator_published",  # 考核口径: figures as they were published, brought by import
    metadata,
    Column("id", Text, primary_key=True),
    Column("basis", Text, nullable=False, server_default="published"),
    Column("indicator", Text, nullable=False),
    Column("first_on", Integer, nullable=False),
    Column("last_on", Integer, nullable=False),
    Column("area", Text, nullable=False),
    Column("grouped", Text, nullable=False),
    Column("value_of", Text, nullable=False),  # of what it is grouped by
    Column("value", Float, nullable=False),
    Column("source", Text, nullable=False),
    Column("note", Text, nullable=False, default=""),
    Column("known_at", UTCDateTime, nullable=False),
    Index("indicator_published_area", "area", "indicator", "first_on"),
)

figure = Table(
    "figure",  # the live topic: one row for the city and each district
    metadata,
    Column("id", Text, primary_key=True),  # the scope's path
    Column("basis", Text, nullable=False),
    Column("basis_name", Text, nullable=False),
    Column("basis_name_en", Text, nullable=False),
    Column("span", Text, nullable=False),  # today, week, month, year
    Column("first_on", Integer, nullable=False),  # the days of the period, 20261101
    Column("last_on", Integer, nullable=False),
    Column("due", Integer, nullable=False),  # the basis's denominator and numerator
    Column("timely", Integer, nullable=False),
    Column("unanswered", Integer),  # of the denominator, still open; NULL: that is not told by it
    Column("overdue", Integer, nullable=False),  # open and overdue, of whatever month
    Column("left_out", Integer, nullable=False),  # of the period, left out by the basis
    Column("undated", Integer, nullable=False),  # reported in the period without deadline
    Column("counting", Boolean, nullable=False),  # much is still being counted
    Column("as_of", UTCDateTime, nullable=False),
    *visible(),
)
