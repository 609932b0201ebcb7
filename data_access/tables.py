"""The store's tables, as SQLAlchemy Core describes them; migrations create them.

Every row that a person or screen may see carries ``scope`` (the path of its jurisdiction, city
first, ids joined by ``/``), ``event`` (the operation whose members may see it, or NULL) and
``drill``. Times are UTC. Two clocks: names ending in ``_at`` are city time unless they begin with
``real_``.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON as GENERIC_JSON
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
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


def _visible() -> list[Column[Any]]:
    """The three columns of everything that can be seen."""
    return [
        Column("scope", Text, nullable=False),
        Column("event", Text),
        Column("drill", Boolean, nullable=False, default=False, server_default="0"),
    ]


# ── the road itself ──────────────────────────────────────────────────────────────────────────

change = Table(
    "change",
    metadata,
    Column("seq", Seq, Identity(always=False), primary_key=True),
    Column("topic", Text, nullable=False),
    Column("key", Text),  # NULL: the whole topic was loaded anew
    Column("old_scope", Text),
    Column("new_scope", Text),
    Column("drill", Boolean, nullable=False, default=False),
    Column("real_at", UTCDateTime, nullable=False),
    sqlite_autoincrement=True,
)

clock = Table(
    "clock",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    Column("anchor_city", UTCDateTime, nullable=False),
    Column("anchor_real", UTCDateTime, nullable=False),
    Column("speed", Float, nullable=False),
    Column("last_city", UTCDateTime, nullable=False),
)

city = Table(
    "city",
    metadata,
    Column("id", Text, primary_key=True),  # the city's scope path
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("time_zone", Text, nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("settings", JSON, nullable=False),  # bounds, notes, source, map approval number …
)

feed = Table(
    "feed",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),  # recording, simulator, push, …
    Column("state", Text, nullable=False),  # ok, waiting, failed, ended
    Column("message", Text, nullable=False, default=""),
    Column("city_at", UTCDateTime),  # the newest moment that it told of
    Column("real_at", UTCDateTime),  # when it last spoke
    Column("read", BigInteger, nullable=False, default=0),
    Column("accepted", BigInteger, nullable=False, default=0),
    Column("unchanged", BigInteger, nullable=False, default=0),
    Column("rejected", BigInteger, nullable=False, default=0),
    Column("position", JSON),  # where a restart goes on
    *_visible(),
)

feed_tally = Table(
    "feed_tally",  # counted with each batch; feeds show it at most once in two seconds
    metadata,
    Column("feed", Text, primary_key=True),
    Column("read", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("unchanged", BigInteger, nullable=False),
    Column("rejected", BigInteger, nullable=False),
    Column("city_at", UTCDateTime),
    Column("real_at", UTCDateTime, nullable=False),
)

reject = Table(
    "reject",
    metadata,
    Column("id", Seq, Identity(always=False), primary_key=True),
    Column("feed", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("index", Integer, nullable=False),
    Column("record_id", Text),
    Column("field", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("record", Text, nullable=False),  # as it came, JSON text, cut at 16 KiB
    Column("city_at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
    Column("state", Text, nullable=False, default="open"),  # open, retried, dismissed
    *_visible(),
    Index("reject_state", "state", "id"),
    sqlite_autoincrement=True,
)

audit = Table(
    "audit",
    metadata,
    Column("id", Seq, Identity(always=False), primary_key=True),
    Column("actor", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("act", Text, nullable=False),
    Column("subject", Text),
    Column("detail", JSON, nullable=False),
    Column("address", Text),
    Column("city_at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
    *_visible(),
    sqlite_autoincrement=True,
)

# ── places on the map of responsibility ──────────────────────────────────────────────────────

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
    Column("verified", Boolean, nullable=False, default=True),
    *_visible(),
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
    *_visible(),
)

category = Table(
    "category",
    metadata,
    Column("list_version", Integer, nullable=False),
    Column("kind", Text, nullable=False),  # component, event
    Column("code", Text, nullable=False),  # 大类 + 小类
    Column("class_code", Text, nullable=False),
    Column("class_name", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("verified", Boolean, nullable=False, default=True),
    Column("source", Text),
    PrimaryKeyConstraint("list_version", "kind", "code"),
)

# ── cases ────────────────────────────────────────────────────────────────────────────────────

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
    Column("known_at", UTCDateTime, nullable=False),  # first known
    Column("feed", Text, nullable=False),
    *_visible(),
    Index("case_live", "live", "stage"),
    Index("case_ended", "live", "ended_at"),
    Index("case_known", "known_at"),
)

case_event = Table(
    "case_event",
    metadata,
    Column("case_id", Text, nullable=False),
    Column("n", Integer, nullable=False),
    Column("kind", Text, nullable=False),  # stage, mark, unmark
    Column("code", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("known_at", UTCDateTime, nullable=False),
    Column("by", Text),
    Column("note", Text),
    PrimaryKeyConstraint("case_id", "n"),
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

# ── stations and what they measure ───────────────────────────────────────────────────────────

station = Table(
    "station",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("datum", Text),
    Column("thresholds", JSON),
    Column("jurisdiction", Text),
    Column("updated_at", UTCDateTime, nullable=False),
    Column("feed", Text, nullable=False),
    *_visible(),
)

reading = Table(
    "reading",
    metadata,
    Column("station", Text, nullable=False),
    Column("factor", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("revision", SmallInteger, nullable=False),
    Column("value", Float),
    Column("flag", Text),
    Column("known_at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
    Column("drill", Boolean, nullable=False, default=False, server_default="0"),
    PrimaryKeyConstraint("station", "factor", "at", "revision"),
    postgresql_partition_by="RANGE (at)",
)

reading_latest = Table(
    "reading_latest",
    metadata,
    Column("station", Text, nullable=False),
    Column("factor", Text, nullable=False),
    Column("at", UTCDateTime, nullable=False),
    Column("value", Float),
    Column("flag", Text),
    Column("known_at", UTCDateTime, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
    *_visible(),
    PrimaryKeyConstraint("station", "factor"),
)

# ── cameras, responders, places, warnings ────────────────────────────────────────────────────

camera = Table(
    "camera",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("source", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("wall_allowed", Boolean, nullable=False),
    Column("position_type", SmallInteger),
    Column("room_type", SmallInteger),
    Column("secrecy", SmallInteger),
    Column("streams", JSON, nullable=False),
    Column("jurisdiction", Text),
    Column("updated_at", UTCDateTime, nullable=False),
    Column("feed", Text, nullable=False),
    *_visible(),
)

responder = Table(
    "responder",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("at", UTCDateTime, nullable=False),
    Column("status", Text, nullable=False),
    Column("unit", Text),
    Column("phone", Text),
    Column("streams", JSON, nullable=False),
    Column("place", Text),
    Column("jurisdiction", Text),
    Column("feed", Text, nullable=False),
    *_visible(),
)

place = Table(
    "place",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("state", Text, nullable=False),
    Column("depth_cm", Float),
    Column("at", UTCDateTime, nullable=False),
    Column("cameras", JSON, nullable=False),
    Column("supplies", JSON, nullable=False),
    Column("jurisdiction", Text),
    Column("feed", Text, nullable=False),
    *_visible(),
)

warning = Table(
    "warning",
    metadata,
    Column("id", Text, primary_key=True),
    Column("event", Text, nullable=False),
    Column("colour", Text),
    Column("severity", Text),
    Column("headline", Text, nullable=False),
    Column("description", Text, nullable=False, default=""),
    Column("sender", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("msg_type", Text, nullable=False),
    Column("sent", UTCDateTime, nullable=False),
    Column("effective_at", UTCDateTime, nullable=False),
    Column("expires_at", UTCDateTime),
    Column("cancelled_at", UTCDateTime),
    Column("areas", JSON, nullable=False),
    Column("live", Boolean, nullable=False),
    Column("known_at", UTCDateTime, nullable=False),
    Column("feed", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("operation", Text),
    Column("drill", Boolean, nullable=False, default=False, server_default="0"),
)

# ── what is shown, and where ─────────────────────────────────────────────────────────────────

scene = Table(
    "scene",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text),
    Column("screen_kind", Text, nullable=False),  # wall, console, event, tablet
    Column("mode", Text, nullable=False),  # routine, emergency, event
    Column("content", JSON, nullable=False),
    Column("version", Integer, nullable=False, default=1),
)

screen = Table(
    "screen",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("scene", Text),
    Column("geometry", JSON, nullable=False),  # width_mm, pixels, rows × columns, seams, seat
    Column("version", Integer, nullable=False, default=1),
    *_visible(),
)

screen_code = Table(
    "screen_code",
    metadata,
    Column("code_hash", LargeBinary(32), primary_key=True),  # told once, typed or scanned once
    Column("screen", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("misses", Integer, nullable=False, default=0),  # wrong codes tried while it was good
    Column("real_created_at", UTCDateTime, nullable=False),
    Column("real_expires_at", UTCDateTime, nullable=False),
)

# ── who ──────────────────────────────────────────────────────────────────────────────────────

account = Table(
    "account",
    metadata,
    Column("name", Text, primary_key=True),
    Column("display_name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("scopes", JSON, nullable=False),  # scope paths
    Column("events", JSON, nullable=False),  # operations of which it is a member
    Column("disabled", Boolean, nullable=False, default=False),
    Column("failures", Integer, nullable=False, default=0),
    Column("real_locked_until", UTCDateTime),
    Column("real_created_at", UTCDateTime, nullable=False),
)

session = Table(
    "session",
    metadata,
    Column("id_hash", LargeBinary(32), primary_key=True),
    Column("account", Text, nullable=False),
    Column("real_created_at", UTCDateTime, nullable=False),
    Column("real_seen_at", UTCDateTime, nullable=False),
    Column("real_expires_at", UTCDateTime, nullable=False),
    Index("session_account", "account"),
)

token = Table(
    "token",
    metadata,
    Column("id", Text, primary_key=True),
    Column("token_hash", LargeBinary(32), nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("kinds", JSON),  # what a feed token may ingest; NULL = every kind
    Column("scopes", JSON, nullable=False),
    Column("events", JSON, nullable=False),
    Column("real_created_at", UTCDateTime, nullable=False),
    Column("real_revoked_at", UTCDateTime),
    Column("real_used_at", UTCDateTime),
    UniqueConstraint("token_hash"),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("key", Text, primary_key=True),  # caller and Idempotency-Key
    Column("status", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("real_at", UTCDateTime, nullable=False),
)
