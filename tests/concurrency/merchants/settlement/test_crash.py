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

from merchants.onboarding.models import Merchant
from merchants.payouts.models import Payout
from merchants.settlement.models import SettlementBatch, SettlementLine
from tests.factories.clock import advance
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
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "SAOMA_CRASH_AT": crash_at,
        "DJANGO_SETTINGS_MODULE": "tests.concurrency.merchants.settlement.child_settings",
    }
    connections.close_all()
    return subprocess.run(
        [sys.executable, "manage.py", "settle", "--date", day.isoformat()],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


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
