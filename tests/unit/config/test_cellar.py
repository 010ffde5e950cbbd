"""What everything stands on goes on when one part of it fails."""

import threading
from datetime import timedelta

import pytest
from celery import current_app
from django.db import DatabaseError, connection
from pytest_django import Settings

from config.kernel import clock, timetable
from config.kernel.outbox import relay
from config.kernel.timetable import Job


def test_a_job_that_cannot_say_when_it_is_due_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = clock.now
    jobs = {
        "a.breaks": Job("a.breaks", lambda: 1 / 0, lambda at: 0),  # type: ignore[arg-type, return-value]
        "b.works": Job("b.works", lambda: now() - timedelta(seconds=1), lambda at: 0),
    }
    monkeypatch.setattr(timetable, "_jobs", jobs)
    monkeypatch.setattr(clock, "reading", clock.Reading)
    assert timetable.due_names(now()) == ["b.works"]
    assert timetable.earliest() is not None


def test_the_clock_stands_on_what_it_knew_when_it_cannot_be_read(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.LAB_MODE = True
    monkeypatch.setattr(clock, "_last", clock.Reading(3_600_000_000))
    monkeypatch.setattr(clock, "_local", threading.local())

    def fails() -> None:
        raise DatabaseError("away")

    monkeypatch.setattr(connection, "cursor", fails)
    monkeypatch.setattr(type(connection), "needs_rollback", False, raising=False)
    assert clock.offset() == timedelta(hours=1)


def test_a_broker_that_never_answers_holds_no_caller(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    settings.OUTBOX_KICK = True
    asked, release = threading.Event(), threading.Event()

    def hangs(*args: object, **options: object) -> None:
        asked.set()
        release.wait(10)

    monkeypatch.setattr(current_app, "send_task", hangs)
    monkeypatch.setattr(relay, "_kicked_at", 0.0)
    relay.kick()
    assert asked.wait(10)
    monkeypatch.setattr(relay, "_kicked_at", 0.0)
    relay.kick()  # comes back too, and starts no second thread
    assert not relay._kick_idle.is_set()
    release.set()
    assert relay._kick_idle.wait(10)
