"""Each cause in the table of docker/operations.md makes `/readyz` answer what the table says."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, NoReturn

import psycopg
import pytest
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import F
from django.test import Client
from pytest_django import Settings

from config.http import leaving, probes
from config.kernel import clock, transactions
from config.kernel.outbox import relay
from config.kernel.outbox.models import OutboxEvent, Pulse
from config.kernel.outbox.tasks import sweep_events
from tests.contracts.source import ROOT
from tests.factories.operators import make_operator

pytestmark = pytest.mark.django_db

TABLE = (ROOT / "docker/operations.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| ([^|]+?) \| (\d{3}) `(\w+)` \| ([^|]*?) ?\|$", TABLE, flags=re.M)


def refuses(*_: Any) -> NoReturn:
    """A connection on which nothing can be asked."""
    raise OperationalError("the server is away")


def fill_disk() -> None:
    """A use case that is refused its write for want of space."""

    def writes() -> NoReturn:
        raise OperationalError("no space left") from psycopg.errors.DiskFull()

    with pytest.raises(OperationalError):
        transactions.retrying(writes)


def forget_migration() -> None:
    MigrationRecorder.Migration.objects.filter(app="outbox").delete()


def let_effect_wait() -> None:
    created_at = clock.now() - timedelta(minutes=2)
    OutboxEvent.objects.create(topic="payment.paid", aggregate_id="1", created_at=created_at)


def let_workers_be_silent() -> None:
    sweep_events()
    Pulse.objects.update(beaten_at=F("beaten_at") - timedelta(minutes=1))


@pytest.fixture
def causes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> dict[str, Callable[[], object]]:
    """What brings each cause about, by the beginning of its row."""
    monkeypatch.setattr(transactions, "_full_at", float("-inf"))
    monkeypatch.setattr(probes, "_migrated", False)
    monkeypatch.setattr(probes, "_key_seen", False)

    def lose_database() -> None:
        lost = connection.execute_wrapper(refuses)
        lost.__enter__()
        request.addfinalizer(lambda: lost.__exit__(None, None, None))

    return {
        "nothing": lambda: None,
        "asked to end": lambda: monkeypatch.setattr(leaving, "is_leaving", lambda: True),
        "database away": lose_database,
        "database's disk full": fill_disk,
        "migrations waiting": forget_migration,
        "master key wrong": lambda: setattr(settings, "MASTER_KEY", "another master key " * 3),
        "Redis away": lambda: setattr(settings, "REDIS_URL", "redis://127.0.0.1:1/0"),
        "effects older": let_effect_wait,
        "broker, workers or scheduler": let_workers_be_silent,
    }


def test_the_table_has_a_row_for_each_cause(causes: dict[str, Callable[[], object]]) -> None:
    assert len(ROWS) == len(causes)


@pytest.mark.parametrize(("cause", "status", "word", "part"), ROWS)
def test_readiness_answers_each_cause_as_the_table_says(
    client: Client,
    causes: dict[str, Callable[[], object]],
    cause: str,
    status: str,
    word: str,
    part: str,
) -> None:
    client.force_login(make_operator("mia"))
    [bring_about] = [act for name, act in causes.items() if cause.startswith(name)]
    bring_about()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (int(status), word)
    checks = answer.json().get("checks", {})
    names = re.findall(r"`(\w+)`", part)
    wrong = {name: told for name, told in checks.items() if told not in {"ok", "not used"}}
    assert wrong == (dict([names]) if names else {})


def test_a_readiness_that_changes_is_logged_once_and_not_at_each_question(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("WARNING", logger=probes.logger.name)
    monkeypatch.setattr(probes, "_last_status", "ok")
    monkeypatch.setattr(probes, "_master_key", lambda: "wrong")
    for _ in range(3):
        assert client.get("/readyz").status_code == 503
    monkeypatch.setattr(probes, "_master_key", lambda: "ok")
    assert client.get("/readyz").status_code == 200
    lines = [(record.levelname, record.getMessage()) for record in caplog.records]
    assert lines[0] == ("ERROR", "readiness is now unavailable")
    assert [level for level, _ in lines] == ["ERROR", "WARNING"]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_database_that_hangs_is_away_after_a_moment(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert client.get("/readyz").status_code == 200
    monkeypatch.setattr(probes, "ANSWER_S", 0.2)
    monkeypatch.setattr(relay, "_OLDEST", "SELECT NULL, pg_sleep(60)")
    assert client.get("/readyz").status_code == 503
    monkeypatch.undo()
    connection.close()  # as the beginning of a request does; the test's client keeps it
    assert client.get("/readyz").status_code == 200
    with connection.cursor() as cursor:  # the server has not heard that nobody listens
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query = 'SELECT NULL, pg_sleep(60)'"
        )
