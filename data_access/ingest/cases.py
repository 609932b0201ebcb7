"""Cases into the store: the newest state, an append-only record, and every version it had.

A record states a case as a feed knows it at ``updated_at``. A newer one overwrites what it tells,
an older one only adds to the record what the record lacks; the same one twice changes nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from dashboard.domain import desk_marks
from dashboard.domain.cases import TERMINAL, is_live
from dashboard.domain.lifecycle import Happening
from dashboard.domain.records import CaseRecord
from dashboard.domain.treatments import Hold
from data_access import treatments
from data_access.bulk import insert_rows
from data_access.ingest import case_clocks, search
from data_access.ingest.batch import Batch, among
from data_access.tables import case, case_event, case_treatment, case_version, category

_TOLD = (
    "kind",
    "source",
    "subcategory",
    "description",
    "address",
    "lon",
    "lat",
    "jurisdiction",
    "unit",
    "stage",
    "stage_at",
    "marks",
    "urgency",
    "photos",
    "reported_at",
    "condition",
)
_COMPARED = (*_TOLD, "desk_marks")
_KEPT_WHEN_UNTOLD = ("address", "lon", "lat", "jurisdiction", "unit", "condition")
_STATE = (
    *(*_TOLD, "due_at", "emergency_due_at", "emergency_by", "id", "version", "updated_at"),
    *("ended_at", "scope", "event", "drill"),
)

_EventKey = tuple[str, str, datetime, str | None]
_LINES = ("stage", "mark", "unmark")


class _Cases:
    """The cases of one batch as they stand while its records are taken in order."""

    def __init__(self, batch: Batch, ids: Sequence[str]) -> None:
        self.batch = batch
        query = select(case).where(among(batch, case.c.id, ids)).order_by(case.c.id)
        if batch.conn.dialect.name == "postgresql":
            query = query.with_for_update()
        self.now = {row.id: dict(row._mapping) for row in batch.conn.execute(query)}
        self.before = {name: state["scope"] for name, state in self.now.items()}
        self.stood = dict(self.now)
        self.told: dict[str, set[_EventKey]] = {name: set() for name in ids}
        self.length: dict[str, int] = dict.fromkeys(ids, 0)
        self.clocks = case_clocks.CaseClocks(batch, list(self.now))
        self.record: dict[str, list[Happening]] = {name: [] for name in ids}
        self.rows: dict[str, list[dict[str, Any] | None]] = {name: [] for name in ids}
        if self.now:
            self._load_events(list(self.now))
        self.new_events: list[dict[str, Any]] = []
        self.acts: list[dict[str, Any]] = []
        self.new_versions: list[dict[str, Any]] = []
        self.touched: dict[str, None] = {}

    def _load_events(self, ids: Sequence[str]) -> None:
        columns = case_event.c
        query = (
            select(
                *(columns.case_id, columns.kind, columns.code, columns.at, columns.by),
                *(columns.until, columns.n),
            )
            .where(among(self.batch, columns.case_id, ids))
            .order_by(columns.case_id, columns.n)
        )
        for case_id, kind, code, at, by, until, n in self.batch.conn.execute(query):
            self.told[case_id].add((kind, code, at, by))
            self.length[case_id] = n
            if kind in _LINES:
                self.record[case_id].append(Happening(kind, code, at, until))
                self.rows[case_id].append(None)

    def append(
        self,
        name: str,
        key: _EventKey,
        known_at: datetime,
        note: str | None = None,
        *,
        until: datetime | None = None,
        implied: bool = False,
    ) -> bool:
        """Add one event to a case's record unless it is there; say whether it was new."""
        told = self.told[name]
        if key in told or (implied and any(key[:3] == other[:3] for other in told)):
            return False
        told.add(key)
        self.length[name] += 1
        row = {
            "case_id": name,
            "n": self.length[name],
            "kind": key[0],
            "code": key[1],
            "at": key[2],
            "known_at": known_at,
            "by": key[3],
            "note": note,
            "until": until,
            "odd": False,
        }
        self.new_events.append(row)
        self.record[name].append(Happening(*key[:3], until))
        self.rows[name].append(row)
        return True

    def keep(self, state: dict[str, Any], old: dict[str, Any] | None, known_at: datetime) -> None:
        """Let a case stand so, with its clocks, as its next version."""
        self._set_clocks(state, old, known_at)
        self._stand(state, known_at)

    def reckon(self, name: str, known_at: datetime) -> None:
        """Take in what came late, or what an operation did: a new version only for moved clocks."""
        old = self.now[name]
        state = dict(old) | {"version": old["version"] + 1}
        case_clocks.tell(state, old, None)
        self._set_clocks(state, old, known_at)
        if any(state[column] != old[column] for column in case_clocks.COLUMNS):
            self._stand(state, known_at)

    def _set_clocks(
        self, state: dict[str, Any], old: dict[str, Any] | None, known_at: datetime
    ) -> None:
        name = state["id"]
        read = self.clocks.set(state, old, self.record[name], known_at)
        for n, row in enumerate(self.rows[name]):
            if row is not None:
                row["odd"] = n in read.clocks.odd
        for hold in read.changed:
            self._note(name, hold, known_at)

    def _note(self, name: str, hold: Hold, known_at: datetime) -> None:
        """Let the record say what an operation did to the case: an act here, not a feed's."""
        self.length[name] += 1
        line = treatments.line_of(hold, self.clocks.operations)
        self.acts.append(
            {"case_id": name, "n": self.length[name], "known_at": known_at, "odd": False, **line}
        )

    def _stand(self, state: dict[str, Any], known_at: datetime) -> None:
        self.now[state["id"]] = state
        self.touched[state["id"]] = None
        self.new_versions.append(version_row(state, known_at))


def apply(batch: Batch, records: Sequence[tuple[int, CaseRecord]]) -> None:
    """Take validated case records, in order."""
    batch.know_jurisdictions([record.jurisdiction for _, record in records])
    batch.know_units([record.unit for _, record in records])
    version, known = _categories(batch, {(r.kind, r.subcategory) for _, r in records})
    cases = _Cases(batch, list(dict.fromkeys(record.id for _, record in records)))
    for index, record in records:
        if (record.kind, record.subcategory) not in known:
            batch.reject(
                index, record.id, "subcategory", f"类别代码未知：{record.subcategory[:60]}"
            )
            continue
        if not batch.knows_unit(record.unit):
            batch.reject(index, record.id, "unit", f"责任单位未知：{(record.unit or '')[:60]}")
            continue
        place = batch.place_of(record.jurisdiction, record.lon, record.lat)
        if place is None:
            text = f"辖区未知：{(record.jurisdiction or '')[:60]}"
            batch.reject(index, record.id, "jurisdiction", text)
            continue
        stood = cases.now.get(record.id)
        if stood is not None and batch.is_other(index, record.id, drill=stood["drill"]):
            continue
        news = _take(cases, record, place, version)
        (batch.outcome.accepted if news else batch.outcome.unchanged).append(index)
    _write(cases)


def _take(cases: _Cases, record: CaseRecord, place: tuple[str | None, str], version: int) -> bool:
    """Take one record into the batch's picture; say whether it told anything new."""
    known_at = cases.batch.job.known(record)
    old = cases.now.get(record.id)
    news = _take_events(cases, record, known_at, new_case=old is None)
    if old is not None and record.updated_at < old["updated_at"]:
        if news:
            cases.reckon(record.id, known_at)
        return news
    state = _state_of(cases, record, place, version, old, known_at)
    if old is not None and not news and _says_nothing_new(state, old):
        return False
    _imply_marks(cases, record, state, set(old["marks"]) if old else set(), known_at)
    cases.keep(state, old, known_at)
    return True


def _says_nothing_new(state: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    told = state["due_by"] is None or state["due_at"] == old["due_at"]
    return told and all(state[name] == old[name] for name in _COMPARED)


def version_row(state: Mapping[str, Any], known_at: datetime) -> dict[str, Any]:
    """Make the row that keeps a case as it stands."""
    return {
        "case_id": state["id"],
        "version": state["version"],
        "known_at": known_at,
        "state": {name: _json(state[name]) for name in _STATE},
    }


def _take_events(cases: _Cases, record: CaseRecord, known_at: datetime, *, new_case: bool) -> bool:
    explicit = {id(event) for event in record.events}
    news = False
    for event in record.history():
        implied = id(event) not in explicit
        if implied and event.stage == "reported" and not new_case:
            continue
        code = event.stage or event.mark or ""
        key = ("stage" if event.stage else "mark", code, event.at, event.by)
        news |= cases.append(
            record.id, key, known_at, event.note, until=event.until, implied=implied
        )
    return news


def _imply_marks(
    cases: _Cases,
    record: CaseRecord,
    state: dict[str, Any],
    before: set[str],
    known_at: datetime,
) -> None:
    """A mark that came or went without an event of its own still stands in the record."""
    told = {event.mark for event in record.events if event.mark}
    worn = set(state["marks"])
    for mark in sorted(worn - before - told):
        cases.append(record.id, ("mark", mark, record.updated_at, None), known_at, implied=True)
    for mark in sorted(before - worn):
        cases.append(record.id, ("unmark", mark, record.updated_at, None), known_at)


def _state_of(
    cases: _Cases,
    record: CaseRecord,
    place: tuple[str | None, str],
    version: int,
    old: dict[str, Any] | None,
    known_at: datetime,
) -> dict[str, Any]:
    state: dict[str, Any] = {name: getattr(record, name) for name in _TOLD}
    state["jurisdiction"], state["scope"] = place
    given = None if old is None else old["desk_marks"]
    state["marks"], state["desk_marks"] = desk_marks.worn(record.marks, given, stage=record.stage)
    state["supervised_until"] = desk_marks.supervised_until(state["desk_marks"])
    state["photos"] = list(record.photos)
    if old is not None:
        for name in _KEPT_WHEN_UNTOLD:
            if state[name] is None:
                state[name] = old[name]
        if record.jurisdiction is None and record.lon is None:
            state["scope"] = old["scope"]
    case_clocks.tell(state, old, record.due_at)
    ended_at = record.stage_at if record.stage in TERMINAL else None
    state |= {
        "id": record.id,
        "version": 1 if old is None else old["version"] + 1,
        "category_version": version if old is None else old["category_version"],
        "updated_at": record.updated_at,
        "ended_at": ended_at,
        "live": is_live(record.stage, ended_at, cases.batch.job.now),
        "known_at": known_at if old is None else old["known_at"],
        "feed": cases.batch.job.feed,
        "event": None if old is None else old["event"],
        "drill": cases.batch.job.policy.drill,
    }
    return state


def _write(cases: _Cases) -> None:
    conn = cases.batch.conn
    new = [cases.now[name] for name in sorted(cases.touched) if name not in cases.before]
    insert_rows(conn, case, new)
    changed = [cases.now[name] for name in sorted(cases.touched) if name in cases.before]
    if changed:
        fixed = ("id", "known_at", "category_version")
        names = [it for it in changed[0] if it not in fixed and all(it in one for one in changed)]
        conn.execute(
            update(case)
            .where(case.c.id == bindparam("the_id"))
            .values({name: bindparam(f"new_{name}") for name in names}),
            [
                {"the_id": state["id"]} | {f"new_{name}": state[name] for name in names}
                for state in changed
            ],
        )
    search.keep(
        conn, "cases", ((cases.stood.get(name), cases.now[name]) for name in sorted(cases.touched))
    )
    insert_rows(conn, case_event, cases.new_events)
    insert_rows(conn, case_event, cases.acts)
    _write_holds(cases)
    insert_rows(conn, case_version, cases.new_versions)
    for name in cases.touched:
        state = cases.now[name]
        cases.batch.writer.changed(
            "cases",
            name,
            old_scope=cases.before.get(name),
            new_scope=state["scope"],
            drill=state["drill"],
        )


def settle(batch: Batch, ids: Sequence[str]) -> int:
    """Let cases stand as the operations now make them; gives how many clocks that moved."""
    cases = _Cases(batch, ids)
    for name in list(cases.now):
        cases.reckon(name, batch.job.now)
    _write(cases)
    return len(cases.touched)


def _write_holds(cases: _Cases) -> None:
    conn = cases.batch.conn
    rows = cases.clocks.rows.values()
    insert_rows(conn, case_treatment, [row for new, row in rows if new])
    changed = [row for new, row in rows if not new]
    if changed:
        names = ("until", "revoked", "limits", "due_at", "answered_at")
        conn.execute(
            update(case_treatment)
            .where(
                case_treatment.c.case_id == bindparam("the_case"),
                case_treatment.c.n == bindparam("the_n"),
            )
            .values({name: bindparam(f"new_{name}") for name in names}),
            [
                {"the_case": row["case_id"], "the_n": row["n"]}
                | {f"new_{name}": row[name] for name in names}
                for row in changed
            ],
        )


def _categories(batch: Batch, wanted: set[tuple[str, str]]) -> tuple[int, set[tuple[str, str]]]:
    """Give the list's version in force and which of the wanted codes it knows; learn the rest."""
    version = batch.conn.execute(select(func.max(category.c.list_version))).scalar() or 1
    query = select(category.c.kind, category.c.code).where(
        category.c.list_version == version,
        among(batch, category.c.code, sorted({code for _, code in wanted})),
    )
    known = {(kind, code) for kind, code in batch.conn.execute(query)}
    missing = sorted(wanted - known)
    if missing and batch.job.policy.learn:
        rows = [
            {
                "list_version": version,
                "kind": kind,
                "code": code,
                "class_code": code[:2],
                "class_name": code,
                "name": code,
                "verified": False,
            }
            for kind, code in missing
        ]
        batch.conn.execute(category.insert(), rows)
        known |= set(missing)
    return version, known


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
