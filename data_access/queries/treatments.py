"""What operations make of cases, as readers are told it: acts of a record, counts, a preview."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, func, literal, or_, select, true
from sqlalchemy import case as case_of

from dashboard.domain.cases import ANSWERED
from dashboard.domain.operations import Kind, Operation, title
from dashboard.domain.treatments import Treatment
from dashboard.domain.words import Words
from data_access import treatments
from data_access.deadlines import Surroundings, deadlines
from data_access.profiles import shipped
from data_access.queries import visible
from data_access.queries.live import within
from data_access.store import Store
from data_access.tables import UTCDateTime, case, case_treatment, operation, operation_act

COUNTED = ("expedited", "limited", "overdue", "deferred")


class ActTold(NamedTuple):
    """The act of an operation behind a line of a case's record."""

    title: Words
    reason: str


def acts_of(
    conn: Connection, events: Iterable[Mapping[str, Any]], *, sight: visible.Sight
) -> dict[tuple[str, int], ActTold]:
    """Give the acts that lines of a record name, by operation and number.

    An emergency response is everybody's; of a guarded event only its members are told.
    """
    wanted = {
        (it["detail"]["operation"], it["detail"]["act"])
        for it in events
        if it["kind"] == "treatment"
    }
    if not wanted:
        return {}
    query = (
        select(operation, operation_act.c.n, operation_act.c.reason.label("said"))
        .join(operation_act, operation_act.c.operation_id == operation.c.id)
        .where(
            operation.c.id.in_(sorted({name for name, _ in wanted})),
            or_(
                operation.c.kind == Kind.EMERGENCY,
                visible.seen(operation.c.scope, operation.c.event, sight),
            ),
        )
    )
    return {
        (row["id"], row["n"]): ActTold(_title(dict(row)), row["said"])
        for row in conn.execute(query).mappings()
        if (row["id"], row["n"]) in wanted
    }


def _title(row: Mapping[str, Any]) -> Words:
    return title(
        kind=row["kind"],
        level=row["level"],
        scenario=row["scenario"],
        issuer_told=row["issuer"],
        name=row["name"],
    )


def counts(conn: Connection, operations: Sequence[str], now: datetime) -> dict[str, dict[str, int]]:
    """Count by operation what it made of cases: 加急, with an 应急时限, 因应急超期, 顺延.

    A revoked operation counts nothing.
    """
    columns = case_treatment.c
    expedited = columns.treatment == Treatment.EXPEDITE
    moment = literal(now, UTCDateTime())
    late = and_(
        expedited,
        columns.due_at < func.coalesce(columns.answered_at, columns.until, moment),
        columns.due_at < func.coalesce(columns.until, moment),
    )

    def number(test: Any) -> Any:
        return func.count(func.distinct(case_of((test, columns.case_id))))

    query = (
        select(
            columns.operation,
            number(expedited).label("expedited"),
            number(and_(expedited, columns.due_at.is_not(None))).label("limited"),
            number(late).label("overdue"),
            number(columns.treatment == Treatment.DEFER).label("deferred"),
        )
        .where(columns.operation.in_(list(operations)), columns.revoked.is_(False))
        .group_by(columns.operation)
    )
    found = dict.fromkeys(
        operations, dict.fromkeys(("expedited", "limited", "overdue", "deferred"), 0)
    )
    for row in conn.execute(query).mappings():
        told = dict(row)
        found[told.pop("operation")] = told
    return found


def preview(
    store: Store,
    conn: Connection,
    *,
    running: Iterable[Operation],
    scope: str,
    now: datetime,
) -> dict[str, Any]:
    """Count the open cases of ``scope`` by what becomes of them, were ``running`` in force.

    ``expedite``, ``usual``, ``defer``: how many; ``limits``: by 应急时限 in minutes how many of the
    加急. Those whose unit owes nothing any more stay as they are, and are not counted.
    """
    acting = treatments.as_if(conn, running, shipped(), now)
    known = deadlines(store, conn)
    around = Surroundings(conn, known)
    columns = case.c
    names = ("kind", "subcategory", "condition", "urgency", "scope", "due_by", "rule_version")
    told = [columns[name] for name in (*names, *(("lon", "lat") if acting.guarded else ()))]
    query = (
        select(*told, func.count().label("number"))
        .where(
            columns.live == true(),
            columns.stage.not_in(sorted(ANSWERED)),
            columns.drill.is_not(True),
            within(columns.scope, [scope]),
        )
        .group_by(*told)
    )
    found = dict.fromkeys(map(str, Treatment), 0)
    limits: dict[int, int] = {}
    for row in conn.execute(query).mappings():
        state = dict(row)
        version = state["rule_version"]
        rules = known.version(version) if version is not None else known.newest
        want = acting.wanted(state, rules=rules, matter=around.matter(state))
        found[want.treatment] += state["number"]
        if want.limit_min is not None:
            limits[want.limit_min] = limits.get(want.limit_min, 0) + state["number"]
    return {**found, "limits": {str(it): limits[it] for it in sorted(limits)}}
