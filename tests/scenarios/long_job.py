"""A job that a worker of `test_long_job` imports: it takes its time and writes down its runs."""

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

from config.kernel import clock, timetable

RUNS = Path(os.environ.get("SAOMA_LONG_JOB_RUNS", os.devnull))


def next_due() -> datetime | None:
    """Long due until it has ended."""
    has_ended = RUNS.exists() and "ended" in RUNS.read_text(encoding="ascii")
    return None if has_ended else clock.now() - timedelta(minutes=1)


@timetable.job("test.long", next_due=next_due, limit_s=timetable.NIGHT_LIMIT_S)
def run(now: datetime) -> int:
    """Take SAOMA_LONG_JOB_S seconds."""
    with RUNS.open("a", encoding="ascii") as file:
        file.write("began\n")
    time.sleep(float(os.environ["SAOMA_LONG_JOB_S"]))
    with RUNS.open("a", encoding="ascii") as file:
        file.write("ended\n")
    return 1
