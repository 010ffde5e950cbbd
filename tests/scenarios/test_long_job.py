"""A job that outlasts many ticks runs once, to its end.

SAOMA_LONG_JOB_S=120 makes it longer than the usual time limit of a task.
"""

import os
import time
from pathlib import Path

import pytest

from tests.scenarios.processes import broker, eventually, worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
SECONDS = float(os.environ.get("SAOMA_LONG_JOB_S", "6"))


def test_a_long_job_runs_once_and_ends(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    facts = {"SAOMA_LONG_JOB_S": str(SECONDS), "SAOMA_LONG_JOB_RUNS": str(runs)}
    with (
        broker(tmp_path) as address,
        worker(tmp_path, address, include="tests.scenarios.long_job", **facts),
    ):
        eventually(runs.exists, "the job began", seconds=240)
        eventually(lambda: "ended" in runs.read_text(), "the job ended", seconds=SECONDS + 120)
        # Each second of it another message asked for the same job; those left are looked at.
        time.sleep(3)
    assert runs.read_text().split() == ["began", "ended"]
