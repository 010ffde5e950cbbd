"""One run of a job at a time, and a message of effects within its share of time."""

import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import current_app
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, transaction

from config.kernel import clock, job_locks, timetable
from config.kernel import tasks as heartbeat
from config.kernel.outbox import consumers, tasks, writes
from config.kernel.timetable import Job
from lab.scenarios.acts_night import database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
HOLDER = """
import django, sys, time
django.setup()
from config.kernel import job_locks
with job_locks.held("test.long") as ours:
    print(ours, flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Another process that is at the job."""
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER],
        env={
            "PATH": "/usr/bin:/bin",
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "SAOMA_DATA_DIR": str(tmp_path),
            "DATABASE_URL": database_url(),
        },
        cwd=settings.BASE_DIR,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    yield process
    process.kill()
    process.wait()


def long_due() -> datetime:
    return clock.now() - timedelta(minutes=1)


def test_a_job_that_another_worker_has_is_not_run_twice(
    holder: subprocess.Popen[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    runs: list[object] = []
    job = Job("test.long", long_due, lambda at: len(runs) if runs.append(at) else 1)  # type: ignore[func-returns-value]
    monkeypatch.setattr(timetable, "_jobs", {job.name: job})
    assert heartbeat.run_job("test.long") == 0
    assert runs == []
    holder.kill()
    holder.wait()
    until = time.monotonic() + 10
    while not runs and time.monotonic() < until:
        heartbeat.run_job("test.long")
    assert len(runs) == 1


def test_a_message_that_waited_until_the_job_was_done_does_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs: list[object] = []
    job = Job("test.done", lambda: None, lambda at: len(runs) if runs.append(at) else 1)  # type: ignore[func-returns-value]
    monkeypatch.setattr(timetable, "_jobs", {job.name: job})
    assert heartbeat.run_job("test.done") == 0
    assert runs == []


def test_other_jobs_go_on_beside_it(holder: subprocess.Popen[str]) -> None:
    with job_locks.held("test.other") as is_ours:
        assert is_ours


def test_a_lock_is_free_again_after_its_run() -> None:
    for _ in range(2):
        with job_locks.held("test.again") as is_ours:
            assert is_ours


def test_each_job_is_sent_with_its_own_limit_and_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(
        timetable,
        "_jobs",
        {
            "test.night": Job("test.night", long_due, lambda at: 0, timetable.NIGHT_LIMIT_S),
            "test.usual": Job("test.usual", long_due, lambda at: 0),
        },
    )
    monkeypatch.setattr(current_app, "send_task", lambda name, **options: sent.append(options))
    heartbeat.tick()
    assert [options["soft_time_limit"] for options in sent] == [3600, 40]
    assert all(options["time_limit"] > options["soft_time_limit"] for options in sent)
    assert {options["expires"] for options in sent} == {heartbeat.EXPIRES_S}


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Three events of a topic without consumers."""
    monkeypatch.setattr(consumers, "_consumers", {})
    with transaction.atomic():
        return [
            str(writes.add(topic="test.slow", aggregate_id="a", payload={}).id) for _ in range(3)
        ]


@pytest.fixture
def sent_back(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    back: list[list[str]] = []

    def send(name: str, *, kwargs: dict[str, Any]) -> None:
        assert name == "outbox.deliver"
        back.append(kwargs["event_ids"])

    monkeypatch.setattr(current_app, "send_task", send)
    return back


def test_what_is_not_done_in_time_goes_back_to_the_queue(
    events: list[str], sent_back: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    consumers.subscribe("test.slow", name="test.slow")(lambda event: time.sleep(0.05))
    monkeypatch.setattr(tasks, "batches", tasks.BatchSizes())
    monkeypatch.setattr(tasks, "SHARE_S", 0.01)
    assert tasks.deliver_events("test.slow", events) == 1
    assert sent_back == [events[1:]]


def test_an_interruption_is_no_failed_effect(events: list[str], sent_back: list[list[str]]) -> None:
    def interrupted(event: object) -> None:
        raise SoftTimeLimitExceeded

    consumers.subscribe("test.slow", name="test.slow")(interrupted)
    assert tasks.deliver_events("test.slow", events) == 0
    assert sent_back == [events]
    assert connection.is_usable()
