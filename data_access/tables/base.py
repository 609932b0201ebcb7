"""What every table is made of: UTC times, JSON, running numbers, and the columns of visibility."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON as GENERIC_JSON
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

metadata = MetaData()


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime: ``timestamptz`` on PostgreSQL, fixed-width ISO text on SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        """Text on SQLite, so that order in the index is order in time."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuse naive times; write UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: the store keeps UTC")
        if dialect.name == "sqlite":
            utc = value if value.tzinfo is UTC else value.astimezone(UTC)
            return utc.isoformat(timespec="microseconds")[:26] + "Z"
        return value

    def process_result_value(
        self,
        value: Any,
        dialect: Dialect,  # noqa: ARG002 - SQLAlchemy's signature
    ) -> datetime | None:
        """Give back an aware UTC datetime."""
        if value is None:
            return None
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        result: datetime = value.astimezone(UTC)
        return result


JSON = GENERIC_JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")
Seq = BigInteger().with_variant(Integer(), "sqlite")


def visible() -> list[Column[Any]]:
    """The three columns of everything that can be seen."""
    return [
        Column("scope", Text, nullable=False),
        Column("event", Text),
        Column("drill", Boolean, nullable=False, default=False, server_default="0"),
    ]


def of_event(table: str) -> Index:
    """Find the few rows of ``table`` that belong to an event at all."""
    where = text("event IS NOT NULL")
    return Index(f"{table}_of_event", "event", sqlite_where=where, postgresql_where=where)
