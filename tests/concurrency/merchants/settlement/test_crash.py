"""A worker that dies in the middle of settlement loses nothing and pays nobody twice.

The death is real: a process of its own runs `manage.py settle` and is killed with
SIGKILL at a named point; another run then completes the day.
"""

import json
import os
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, connections

from config.kernel import clock
from config.kernel.outbox import relay
from merchants.onboarding.models import Merchant
from merchants.payouts.iso20022 import Notice, write_status
from merchants.payouts.models import Payout
from merchants.payouts.usecases.settle_date import settle_date
from merchants.payouts.values import BankResult
from merchants.reconciliation.models import StatementFile
from merchants.settlement.models import SettlementBatch, SettlementLine
from tests.factories.clock import advance
from tests.factories.reconciliation import file_of
from tests.factories.settlement import make_merchant, make_payer, noon, sell
from wallet.ledger import queries as ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROOT = Path(settings.BASE_DIR)


def database_url() -> str:
    """The address of the database that this test runs on."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    user, password = found["USER"], found["PASSWORD"]
    login = f"{user}:{password}" if password else user
    return f"postgres://{login}@{found['HOST']}:{found['PORT'] or 5432}/{found['NAME']}"


def settle(day: date, *, crash_at: str = "") -> subprocess.CompletedProcess[str]:
    """Run `manage.py settle` in a process of its own."""
    return run("settle", "--date", day.isoformat(), crash_at=crash_at)


def a_day_of(trades: int) -> tuple[date, list[Merchant]]:
    """Three merchants with some sales between them."""
    day = noon()
    merchants = [make_merchant() for _ in range(3)]
    payer = make_payer()
    for number in range(trades):
        sell(merchants[number % 3], 10_00 + number, payer=payer, hear=False)
    return day, merchants


@pytest.mark.parametrize(
    ("point", "trades"),
    [
        ("settlement.after_merchant:2", 40),
        ("settlement.after_cut_off:2", 6),
        ("settlement.after_calculate:2", 6),
        ("payouts.after_create:2", 6),
    ],
)
def test_a_day_is_completed_after_a_crash_and_each_merchant_paid_once(
    point: str, trades: int
) -> None:
    day, merchants = a_day_of(trades)
    assert settle(day, crash_at=point).returncode == -signal.SIGKILL
    again = settle(day)
    assert again.returncode == 0, again.stderr
    printed: dict[str, Any] = json.loads(again.stdout)
    assert (len(printed["batches"]), printed["totals"][0]["ledger_agrees"]) == (3, True)
    assert SettlementLine.objects.count() == trades
    advance(minutes=1)
    paid = Payout.objects.filter(state="PAID").values_list("merchant_id", flat=True)
    assert sorted(paid) == sorted(merchant.id for merchant in merchants)
    assert {batch.state for batch in SettlementBatch.objects.all()} == {"PAID"}
    assert ledger.trial_balance() == {"CNY": 0}


@pytest.mark.parametrize(
    "point",
    [
        "settlement.after_calculate:2",
        "payouts.after_create:2",
        "payouts.after_submit:2",
        "payouts.before_answer_commits:2",
    ],
)
def test_a_worker_that_dies_at_a_job_pays_each_merchant_once(point: str) -> None:
    day, merchants = a_day_of(3)
    relay.drain()
    crashed = run("clock", "--advance", "1d", crash_at=point)
    assert crashed.returncode == -signal.SIGKILL, crashed.stderr
    clock.forget()
    advance(days=1)
    paid = Payout.objects.filter(state="PAID").values_list("merchant_id", flat=True)
    assert sorted(paid) == sorted(merchant.id for merchant in merchants)
    assert {batch.business_date for batch in SettlementBatch.objects.all()} == {day}
    assert ledger.trial_balance() == {"CNY": 0}


def run(*arguments: str, crash_at: str = "") -> subprocess.CompletedProcess[str]:
    """Run a command of manage.py in a process of its own."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "SAOMA_CRASH_AT": crash_at,
        "DJANGO_SETTINGS_MODULE": "tests.concurrency.merchants.settlement.child_settings",
    }
    connections.close_all()
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_bank_message_is_taken_in_after_a_crash_and_each_merchant_paid_once(
    tmp_path: Path,
) -> None:
    day, merchants = a_day_of(3)
    settle_date(business_date=day)
    payouts = list(Payout.objects.all())
    notices = [
        Notice(payout.id.hex, BankResult.PAID, "", payout.amount_minor, payout.currency)
        for payout in payouts
    ]
    path = tmp_path / "pain.002.xml"
    path.write_bytes(write_status(notices, number="N", at=clock.now()))
    crashed = run("read_bank_message", str(path), crash_at="payouts.before_answer_commits:2")
    assert crashed.returncode == -signal.SIGKILL
    assert Payout.objects.filter(state="PAID").count() == 1
    again = run("read_bank_message", str(path))
    assert json.loads(again.stdout)["summary"] == {"APPLIED": 2, "REPEATED": 1}
    paid = Payout.objects.filter(state="PAID").values_list("merchant_id", flat=True)
    assert sorted(paid) == sorted(merchant.id for merchant in merchants)
    assert ledger.trial_balance() == {"CNY": 0}


@pytest.mark.parametrize("point", ["reconciliation.after_read", "reconciliation.after_day"])
def test_a_statement_is_compared_after_a_crash(tmp_path: Path, point: str) -> None:
    day, _ = a_day_of(3)
    settle_date(business_date=day)
    advance(days=1)
    path = tmp_path / "statement.csv"
    path.write_bytes(file_of(day))
    assert run("reconcile", str(path), crash_at=point).returncode == -signal.SIGKILL
    first, second = (run("reconcile", str(path)) for _ in range(2))
    assert (first.returncode, first.stdout) == (second.returncode, second.stdout)
    assert StatementFile.objects.count() == 1
