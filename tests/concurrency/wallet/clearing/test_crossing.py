"""Two installations at once: their jobs run beside each other, and their processes die.

Deaths are real: a process of its own, with its own DATABASE_URL and the other side's in
SAOMA_UNIT_DATABASES, is killed with SIGKILL at a named point; another run then goes on.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from config.kernel import clock
from config.kernel.outbox import relay
from merchants.onboarding.models import Merchant
from merchants.onboarding.values import MerchantState
from tests.factories.threads import outcomes_at_once
from tests.factories.units import World, connect, run_jobs, there
from wallet.clearing.models import OutgoingTransfer
from wallet.clearing.usecases.verify_clearing import verify_clearing

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(settings.BASE_DIR)


def at_home(act: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        connect()
        return act()

    return run


def over_there(act: Callable[[], Any]) -> Callable[[], Any]:
    def run() -> Any:
        connect()
        with there():
            return act()

    return run


@pytest.mark.postgres
def test_everything_at_once_moves_each_transfer_once(world: World) -> None:
    acts: list[Callable[[], Any]] = []
    for number in range(24):
        # Each key comes twice.
        acts.append(at_home(partial(world.pay, 1_00, key=f"K{number // 2}")))
        acts.append(at_home(relay.drain))
        acts.append(over_there(run_jobs))
        acts.append(over_there(relay.drain))
        acts.append(at_home(lambda: run_jobs(late=True)))
    results = outcomes_at_once(acts)
    assert [one for one in results if isinstance(one, Exception)] == []
    world.work()
    OutgoingTransfer.objects.filter(state="SENT").update(due_at="2000-01-01T00:00:00Z")
    world.work()
    assert OutgoingTransfer.objects.filter(state="COMPLETED").count() == 12
    assert world.balances() == (988_00, 12_00)
    world.prove()


@pytest.mark.postgres
def test_a_refusal_returns_once_however_many_workers_there_are(world: World) -> None:
    with there():
        Merchant.objects.update(state=MerchantState.SUSPENDED)
    for _ in range(5):
        world.pay(1_00)
    relay.drain()
    with there():
        run_jobs()
        relay.drain()
    outcomes_at_once([at_home(lambda: run_jobs(late=True)) for _ in range(8)])
    assert OutgoingTransfer.objects.filter(state="RETURNED").count() == 5
    assert world.balances() == (1_000_00, 0)
    world.prove()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("point", "suspended"),
    [
        ("clearing.before_carry", False),
        ("clearing.after_carry", False),
        ("clearing.before_credit_commits", False),
        ("clearing.before_answer", False),
        ("clearing.after_answer", True),
        ("clearing.before_return_commits", True),
    ],
)
def test_a_process_that_is_killed_leaves_each_transfer_once_or_returned(
    world: World, point: str, suspended: bool
) -> None:
    if suspended:
        with there():
            Merchant.objects.update(state=MerchantState.SUSPENDED)
    for _ in range(3):
        world.pay(1_00)
    sides = (here_process, there_process, here_process)
    dying = (process(world, crash_at=point) for process in sides)
    assert -signal.SIGKILL in dying
    assert verify_clearing().breaks == []
    assert [process(world) for process in sides] == [0, 0, 0]
    clock.forget()
    states = {"RETURNED"} if suspended else {"COMPLETED"}
    assert set(OutgoingTransfer.objects.values_list("state", flat=True)) == states
    assert world.balances() == ((1_000_00, 0) if suspended else (997_00, 3_00))
    world.prove()


def here_process(world: World, crash_at: str = "") -> int:
    """A run of home's relay and jobs in a process of its own; how it ended."""
    with there():
        other = f"{world.merchant.unit}={database_url()}"
    return run(other, crash_at)


def there_process(world: World, crash_at: str = "") -> int:
    """The same of the other installation."""
    home = f"{world.payer.unit}={database_url()}"
    with there():
        return run(home, crash_at)


def run(other: str, crash_at: str) -> int:
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "SAOMA_UNIT_DATABASES": other,
        "SAOMA_CRASH_AT": crash_at,
        "DJANGO_SETTINGS_MODULE": "tests.concurrency.merchants.settlement.child_settings",
    }
    connections.close_all()
    # Half a minute on, so that what nobody answered is asked again.
    command = [sys.executable, "manage.py", "clock", "--advance", "31s"]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, timeout=120, check=False
    ).returncode


def database_url() -> str:
    """The address of the database of the side on which this thread works."""
    parts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{parts['NAME']}"
    user, password = parts["USER"], parts["PASSWORD"]
    login = f"{user}:{password}" if password else user
    return f"postgres://{login}@{parts['HOST']}:{parts['PORT'] or 5432}/{parts['NAME']}"
