"""Boston's own verdict 按期 / 超期 is ours for every labelled case of its recording with a target."""

import csv
import gzip
from collections import Counter
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from dashboard.domain.cases import is_overdue
from data_access import tables as t
from data_access.feeds.play import begin_playing, enter
from data_access.feeds.recording import Recording
from data_access.store import Store

EXAMPLES = Path(__file__).parents[3] / "examples"
EXTRACT = datetime(2016, 1, 13, tzinfo=ZoneInfo("America/New_York"))
WORDS = {True: "OVERDUE", False: "ONTIME"}


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_bostons_own_verdict_is_reproduced_at_the_moment_of_its_extract(
    recordings: Path, store: Store
) -> None:
    recording = Recording(EXAMPLES / "boston", recordings)
    (player,) = enter(store, [recording])
    begin_playing(store, [player], EXTRACT, fresh_start=True)
    player.load_static()
    player.tell(EXTRACT)
    with gzip.open(recordings / "recordings/boston-2015h1/cases.csv.gz", "rt", "utf-8") as file:
        verdicts = {
            row["CASE_ENQUIRY_ID"]: row["OnTime_Status"]
            for row in csv.DictReader(file)
            if row["OnTime_Status"] and row["TARGET_DT"]
        }
    columns = (t.case.c.id, t.case.c.stage, t.case.c.marks, t.case.c.due_at, t.case.c.handled_at)
    agreed: Counter[str] = Counter()
    differ = []
    with store.read() as conn:
        for name, stage, marks, due_at, handled_at in conn.execute(select(*columns)):
            if name not in verdicts:
                continue
            # 处置反馈 after the deadline, or none of it by now.
            late = is_overdue(stage, due_at, EXTRACT, marks) or (
                handled_at is not None and handled_at > due_at
            )
            if WORDS[late] == verdicts[name]:
                agreed[WORDS[late]] += 1
            else:
                differ.append((name, stage, due_at, handled_at, verdicts[name]))
    assert differ == []
    assert agreed == Counter(verdicts.values())
    assert agreed.total() == 43_490
