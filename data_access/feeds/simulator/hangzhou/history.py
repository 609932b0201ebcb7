"""Fills in the past behind the living city: its cases and readings of the last month.

Every job is a stretch of time worked off from its end to its begin in pieces; with each piece its
place is written down in the same transaction, so that a restart neither leaves out nor doubles.
A finished case comes with two versions, as dispatched and as ended. What is filled in belongs to
no working set, so that readers are told of the progress only.
"""

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from dashboard.domain.records import version_of
from dashboard.domain.words import Words
from data_access.feeds.runner import FeedState
from data_access.feeds.simulator.hangzhou.cases import Case, Cases
from data_access.feeds.simulator.hangzhou.readings import Readings
from data_access.ingest import Policy, bulk_load
from data_access.store import Store
from data_access.tables import case as case_table
from data_access.tables import feed

DAYS = 30
DAY = timedelta(days=1)
PIECE = {"cases": timedelta(hours=1), "readings": timedelta(minutes=90)}
LEAST_REST, MOST_REST = 2.0, 9.0  # s of rest a s of work, on an idle machine and on a busy one
LONGEST_REST_S = 20.0
DELAY = timedelta(seconds=8)
FILLED = Words("近 30 天历史已补齐", "The last 30 days are filled in")

_WHAT = {"cases": Words("案件", "cases"), "readings": Words("读数", "readings")}


@dataclass(frozen=True, slots=True)
class Job:
    """A stretch of the past: worked off down to ``reached``; cases had ended by ``ended``."""

    kind: str
    begin: datetime
    end: datetime
    reached: datetime
    ended: datetime

    def written(self) -> dict[str, str]:
        """As the position keeps it."""
        moments = (self.begin, self.end, self.reached, self.ended)
        return {"kind": self.kind} | dict(
            zip(("begin", "end", "reached", "ended"), map(datetime.isoformat, moments), strict=True)
        )


def jobs_for(now: datetime, told: datetime | None) -> list[Job]:
    """What is to be filled in for a city opened at ``now`` that had told up to ``told``."""
    ended = now - DAY
    begin = now - DAYS * DAY if told is None else max(told, now - DAYS * DAY)
    if begin >= ended:
        return []
    return [Job("cases", begin, now, now, ended), Job("readings", begin, ended, ended, ended)]


def read_jobs(position: Mapping[str, Any] | None) -> list[Job]:
    """What a former run left to be done."""
    return [
        Job(
            it["kind"],
            *(datetime.fromisoformat(it[k]) for k in ("begin", "end", "reached", "ended")),
        )
        for it in (position or {}).get("jobs", ())
    ]


def rest(load: float) -> float:
    """Give the seconds of rest a second of work: who looks at the city comes first.

    ``load``: programs that run or wait to, over a minute, as the system counts them.
    """
    busy = min(1.0, load / (os.cpu_count() or 1))
    return LEAST_REST + (MOST_REST - LEAST_REST) * busy


def position_of(store: Store, name: str) -> Mapping[str, Any] | None:
    """Where the feed of history stands."""
    with store.read() as conn:
        found = conn.execute(select(feed.c.position).where(feed.c.id == name)).scalar()
    return found if isinstance(found, dict) else None


class History:
    """Works off jobs, a piece a step."""

    def __init__(
        self,
        store: Store,
        state: FeedState,
        cases: Cases,
        readings: Readings,
        policy: Policy,
        jobs: list[Job],
    ) -> None:
        """``jobs``: what is left to be done."""
        self.store = store
        self.state = state
        self.cases = cases
        self.readings = readings
        self.policy = policy
        self.jobs = jobs

    def step(self, now: datetime) -> float | None:
        """Fill in one piece; gives the seconds to rest, None when all is done."""
        if not self.jobs:
            return None
        began = time.monotonic()
        job, *others = self.jobs
        begin = max(job.begin, job.reached - PIECE[job.kind])
        left = replace(job, reached=begin)
        remaining = [left, *others] if begin > job.begin else others
        position = {"jobs": [it.written() for it in remaining]}
        if job.kind == "cases":
            self._fill_cases(begin, job, now, position)
        else:
            self._fill_readings(begin, job.reached, now, position)
        self.jobs = remaining
        return min(LONGEST_REST_S, (time.monotonic() - began) * rest(os.getloadavg()[0]))

    def progress(self) -> Words:
        """How far it is, for people."""
        if not self.jobs:
            return FILLED
        job = self.jobs[0]
        share = (job.end - job.reached) / (job.end - job.begin)
        what = _WHAT[job.kind]
        return Words(
            f"正在后台补入近 {DAYS} 天历史：{what.zh} {share:.0%}",
            f"Filling in the last {DAYS} days: {what.en} {share:.0%}",
        )

    def _fill_cases(
        self, begin: datetime, job: Job, now: datetime, position: Mapping[str, Any]
    ) -> None:
        found = [it for it in self.cases.past(begin, job.reached) if it.last <= job.ended]
        known = self._known([it.id for it in found])
        new = [it for it in found if it.id not in known]
        bulk_load.load(
            self.store,
            "cases",
            past_records(new),
            feed=self.state.name,
            now=now,
            policy=self.policy,
            known_at=lambda record: version_of(record) or now,
            tell=False,
            position=position,
        )

    def _fill_readings(
        self, begin: datetime, end: datetime, now: datetime, position: Mapping[str, Any]
    ) -> None:
        bulk_load.load_past_readings(
            self.store,
            list(self.readings.past(begin - DELAY, end - DELAY)),
            feed=self.state.name,
            now=now,
            policy=self.policy,
            known_at=lambda record: (version_of(record) or now) + DELAY,
            position=position,
        )

    def _known(self, ids: list[str]) -> set[str]:
        with self.store.read() as conn:
            query = select(case_table.c.id).where(case_table.c.id.in_(ids))
            return set(conn.execute(query).scalars())


def past_records(cases: Iterable[Case]) -> Iterator[dict[str, Any]]:
    """Ended cases as records: as dispatched, and as ended with all that came between."""
    for case in cases:
        last = len(case.steps) - 1
        sent = next((n for n, it in enumerate(case.steps) if it.stage == "dispatched"), last)
        yield case.record(0, sent)
        if sent < last:
            yield case.record(sent + 1, last)
