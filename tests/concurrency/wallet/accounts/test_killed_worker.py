"""A worker killed with SIGKILL while it acts on a bank callback: one credit in the end.

A second process does the worker's job against the same database and is killed at a named
point, its transaction open or just committed. Afterwards the timetable runs here, as it
does after a restart.
"""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from config.kernel import clock, timetable
from tests.factories.accounts import available_minor, make_topup, make_user
from wallet.accounts.models import BankCallback, BankInstruction
from wallet.accounts.usecases.receive_callback import receive_callback
from wallet.accounts.values import BankResult
from wallet.ledger import queries as ledger

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WORKER = """
import os, signal, sys, uuid
import django
django.setup()
from django.db import connection
connection.settings_dict["NAME"] = sys.argv[1]
from wallet.accounts.usecases import process_callback, settle_topup

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

posting = settle_topup.post_journal
if sys.argv[3] == "before the posting":
    settle_topup.post_journal = die
elif sys.argv[3] == "after the posting":
    settle_topup.post_journal = lambda draft: (posting(draft), die())
process_callback.process_callback(callback_id=uuid.UUID(sys.argv[2]))
die()
"""


def run_and_kill(callback: BankCallback, point: str) -> int:
    """Run the worker until it kills itself at `point`; its exit code."""
    database = str(connection.settings_dict["NAME"])
    connection.close()
    command = [sys.executable, "-c", WORKER, database, str(callback.id), point]
    root = Path(settings.BASE_DIR)
    return subprocess.run(command, cwd=root, check=False, timeout=60).returncode


@pytest.mark.parametrize("point", ["before the posting", "after the posting", "after the commit"])
def test_the_customer_is_credited_once(point: str) -> None:
    user = make_user()
    topup = make_topup(user, 100_00)
    callback, _ = receive_callback(
        bank_reference="B1",
        instruction_id=BankInstruction.objects.get(subject_id=topup.id).id,
        amount_minor=100_00,
        currency="CNY",
        result=BankResult.SUCCEEDED,
        reason="",
        now=clock.now(),
    )
    assert run_and_kill(callback, point) == -signal.SIGKILL
    assert available_minor(user) == (100_00 if point == "after the commit" else 0)
    for _ in range(2):
        timetable.run("bank.process", clock.now())
    assert available_minor(user) == 100_00
    assert len(list(ledger.journals_for(f"topup:{topup.id}"))) == 1
