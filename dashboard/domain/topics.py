"""The live topics: what each carries, column by column.

The one description that the hub, the snapshots and the screens share. A topic is a stated
working set; a row is a list in the order of its columns, the id first. Times in rows are
ISO 8601 in UTC with a trailing ``Z``. ``…_s`` are whole seconds: ``filed_after_s`` from reported
to first filed 立案, ``near_s`` how long before ``due_at`` its lamp is yellow, ``desk_s`` how long
after ``stage_at`` the desk's step is 超时, ``delay_s`` from measured to received; what every frame
carries is kept short.

A row whose ``drill`` is true is of a drill 演练: it stands only while the drill is run, counts in
no figure, and is shown apart and marked.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Topic:
    """One live topic.

    ``columns``: names in row order, ``id`` first. ``working_set``: what belongs to it, in words.
    ``members``: rows of guarded events, which a wall is shown only of those it is a member of.
    """

    name: str
    columns: tuple[str, ...]
    working_set: str
    members: bool = False


TOPICS: tuple[Topic, ...] = (
    Topic(
        name="cases",
        columns=(
            "id",
            "version",
            "kind",
            "subcategory",
            "source",
            "stage",
            "marks",
            "urgency",
            "lon",
            "lat",
            "jurisdiction",
            "unit",
            "reported_at",
            "stage_at",
            "due_at",
            "emergency_due_at",
            "drill",
            "filed_after_s",
            "near_s",
            "desk_s",
        ),
        working_set="open cases, and those closed in the last 24 hours of the city's clock",
    ),
    Topic(
        name="stations",
        columns=(
            *("id", "kind", "name", "lon", "lat", "datum", "thresholds", "jurisdiction"),
            *("suspect", "drill"),
        ),
        working_set="all stations",
    ),
    Topic(
        name="readings",
        columns=("id", "value", "at", "flag", "delay_s", "drill"),
        working_set="the latest reading of each station and factor; id is STATION/FACTOR",
    ),
    Topic(
        name="cameras",
        columns=(
            *("id", "name", "lon", "lat", "source", "status", "wall_allowed", "jurisdiction"),
            "drill",
        ),
        working_set="all cameras",
    ),
    Topic(
        name="responders",
        columns=(
            *("id", "kind", "name", "lon", "lat", "at", "status", "unit", "jurisdiction"),
            "drill",
        ),
        working_set="all responders",
    ),
    Topic(
        name="places",
        columns=(
            *("id", "version", "kind", "name", "lon", "lat", "state", "depth_cm", "since", "at"),
            *("jurisdiction", "drill"),
        ),
        working_set="all places",
    ),
    Topic(
        name="warnings",
        columns=(
            "id",
            "event",
            "colour",
            "severity",
            "headline",
            "sender",
            "effective_at",
            "expires_at",
            "areas",
            "drill",
        ),
        working_set="warnings in force, and those that will be",
    ),
    Topic(
        name="alerts",
        columns=(
            "id",
            "version",
            "rule",
            "subject_topic",
            "subject_id",
            "group",
            "cause",
            "priority",
            "department",
            "active",
            "acknowledged",
            "transferred",
            "owner",
            "shelved_until",
            "since",
            "cleared_at",
            "value",
            "threshold",
            "lon",
            "lat",
            "jurisdiction",
            "called",
            "drill",
            "factor",
        ),
        working_set="alerts that are active, not yet acknowledged, or shelved",
    ),
    Topic(
        name="operations",
        columns=(
            "id",
            "version",
            "kind",
            "level",
            "scenario",
            "name",
            "area",
            "issuer",
            "approved_by",
            "needs_confirmation",
            "state",
            "effective_at",
            "entered_at",
            "level_at",
            "ended_at",
            "watch_until",
            "plan",
            "drill",
            "basis",
            "reason",
            "approval",
        ),
        working_set="operations in force, not yet confirmed, or watched after their end",
    ),
    Topic(
        name="mode",
        columns=("id", "mode", "level", "operation", "bands", "watched", "drill"),
        working_set="jurisdictions on which an operation acts or has acted",
    ),
    Topic(
        name="figures",
        columns=(
            "id",
            *("basis", "basis_name", "basis_name_en", "span", "first_on", "last_on"),
            "due",
            "timely",
            "unanswered",
            "overdue",
            "left_out",
            "undated",
            "counting",
            "as_of",
        ),
        working_set="the rate of the city and of each district, by the first basis; id is the path",
    ),
    Topic(
        name="calls",
        columns=(
            "id",
            "alert_id",
            "step",
            "reminder",
            "post",
            "jurisdiction",
            "name",
            "account",
            "deputy_of",
            "state",
            "made_at",
            "sent_at",
            "delivery",
            "reason",
            "read_at",
            "wake_at",
            "phoned_at",
            "answered_at",
            "answer",
            "drill",
        ),
        working_set="calls to those on duty whose alert nobody has acknowledged yet",
    ),
    Topic(
        name="outbox",
        columns=("id", "kind", "subject", "state", "attempts", "reason", "put_at", "drill"),
        working_set="messages to other systems that wait, or were settled in the last hour",
    ),
    Topic(
        name="promises",
        columns=(
            "id",
            "version",
            "subject_topic",
            "subject_id",
            "text",
            "promised_by",
            "by",
            "made_at",
            "due_at",
            "drill",
        ),
        working_set="promises not yet kept",
    ),
    Topic(
        name="proposals",
        columns=(
            "id",
            "version",
            "rule",
            "name",
            "name_en",
            "scenario",
            "level",
            "area",
            "evidence",
            "since",
        ),
        working_set="proposals to start an operation that nobody has decided yet",
    ),
    Topic(
        name="tasks",
        columns=(
            "id",
            "version",
            "operation",
            "n",
            "phase",
            "phase_en",
            "name",
            "name_en",
            "post",
            "evidence",
            "due_at",
            "state",
            "done_at",
            "done_by",
            "drill",
        ),
        working_set="tasks of the operations in force",
    ),
    Topic(
        name="event_things",
        columns=(
            *("id", "version", "operation", "kind", "thing", "name", "name_en", "geometry"),
            *("body", "effective_at", "until", "removed", "drill"),
        ),
        working_set=(
            "states of the things of the events in force that hold, will hold, or were replaced "
            "in the last 24 hours"
        ),
        members=True,
    ),
    Topic(
        name="event_versions",
        columns=(
            *("id", "version", "operation", "name", "reason", "approved_by", "entered_at"),
            *("effective_at", "state", "changes", "confirmed", "waiting", "drill"),
        ),
        working_set="versions of the events in force",
        members=True,
    ),
    Topic(
        name="event_confirmed",
        columns=("id", "operation", "version", "effective_at", "state", "confirmed", "members"),
        working_set="by how many of its members each version of the events in force is confirmed",
        members=True,
    ),
    Topic(
        name="event_posts",
        columns=("id", "version", "operation", "post", "present", "checked_at"),
        working_set="who is at the posts of the events in force, as last said",
        members=True,
    ),
    Topic(
        name="event_reports",
        columns=("id", "operation", "reporter", "name", "due_at", "sent_at", "found"),
        working_set="zero reports of the events in force, sent or owed",
        members=True,
    ),
    Topic(
        name="event_hazards",
        columns=(
            *("id", "version", "operation", "n", "what", "zone", "unit", "lon", "lat", "state"),
            *("due_at", "found_at", "state_at", "state_by", "note"),
        ),
        working_set="hazards of the events in force, cleared or not",
        members=True,
    ),
    Topic(
        name="typhoons",
        columns=(
            *("id", "version", "name", "name_en", "issuer", "last_at", "moved", "track", "ahead"),
            "drill",
        ),
        working_set="typhoons of which a fix was told within the last 24 hours of the city's clock",
    ),
    Topic(
        name="screens",
        columns=(
            *("id", "version", "name", "kind", "hall", "scene", "edition", "why", "pinned"),
            *("target", "strip", "since", "by", "drill", "event", "scope"),
            *("seen_at", "seen_scene", "seen_step", "seen_fresh"),
        ),
        working_set="all screens",
    ),
    Topic(
        name="feeds",
        columns=(
            "id",
            "name",
            "kind",
            "state",
            *("message", "message_en"),
            "city_at",
            "real_at",
            "read",
            "accepted",
            "unchanged",
            "rejected",
            "expect_s",
            "drill",
        ),
        working_set="all feeds with their state and counts",
    ),
)

BY_NAME: dict[str, Topic] = {topic.name: topic for topic in TOPICS}
