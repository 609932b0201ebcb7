"""Whose is what: jurisdictions, responsible units, and the list of categories."""

from sqlalchemy import Boolean, Column, Index, Integer, PrimaryKeyConstraint, Table, Text

from data_access.tables.base import JSON, metadata, visible

jurisdiction = Table(
    "jurisdiction",
    metadata,
    Column("id", Text, primary_key=True),
    Column("parent", Text),
    Column("level", Text, nullable=False),  # city, district, subdistrict, community, grid
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("command_model", Text),  # main 主城, sub 副城, town 街镇
    Column("polygon", JSON),  # GeoJSON geometry, WGS84
    Column("timing_zone", Text),  # 计时区域, also of what lies in it
    Column("verified", Boolean, nullable=False, default=True),
    *visible(),
    Index("jurisdiction_parent", "parent"),
)

unit = Table(
    "unit",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("level", Text),  # city, district, subdistrict, community, company
    Column("jurisdiction", Text),
    Column("phone", Text),
    Column("verified", Boolean, nullable=False, default=True),
    *visible(),
)

category = Table(
    "category",
    metadata,
    Column("list_version", Integer, nullable=False),
    Column("kind", Text, nullable=False),  # component, event
    Column("code", Text, nullable=False),  # 大类 + 小类
    Column("class_code", Text, nullable=False),
    Column("class_name", Text, nullable=False),
    Column("class_name_en", Text),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("verified", Boolean, nullable=False, default=True),
    Column("source", Text),
    PrimaryKeyConstraint("list_version", "kind", "code"),
)
