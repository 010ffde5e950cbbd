"""Kill -9 between the bank's answer and the posting, wipe the broker: one credit, nothing lost.

Real worker processes on the test's own database, with a real broker.
"""

import uuid
from pathlib import Path

import pytest
import redis

from config.kernel.outbox import relay
from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import make_user
from tests.scenarios.processes import broker, eventually, kill_group, worker
from wallet.accounts.models import BankCallback, WalletUser
from wallet.accounts.usecases.request_topup import request_topup
from wallet.ledger import queries

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def li() -> WalletUser:
    return make_user()


def credited(user: WalletUser) -> int:
    return queries.balance(user.available_account_id).posted_minor


def test_one_credit_after_a_kill_and_a_wiped_broker(tmp_path: Path, li: WalletUser) -> None:
    request_topup(user_id=li.id, key=str(uuid.uuid4()), amount_minor=100_00)
    with broker(tmp_path) as address:
        with worker(tmp_path, address, SAOMA_CRASH_AT="accounts.before_posting") as first:
            eventually(BankCallback.objects.exists, "the bank answered")
            kill_group(first)
        assert credited(li) == 0
        redis.Redis.from_url(address).flushall()
        with worker(tmp_path, address):
            eventually(lambda: credited(li) == 100_00, "the money arrived")
            eventually(
                lambda: not OutboxEvent.objects.filter(done_at__isnull=True).exists(),
                "every effect was had",
            )
    assert credited(li) == 100_00
    assert queries.trial_balance() == {"CNY": 0}
    assert BankCallback.objects.filter(disposition="APPLIED").count() == 1


def test_a_wiped_broker_loses_no_effect(tmp_path: Path, li: WalletUser) -> None:
    request_topup(user_id=li.id, key=str(uuid.uuid4()), amount_minor=5_00)
    with broker(tmp_path) as address:
        with worker(tmp_path, address):
            eventually(lambda: credited(li) == 5_00, "the money arrived")
        relay.publish_batch()
        redis.Redis.from_url(address).flushall()
        with worker(tmp_path, address):
            eventually(
                lambda: not OutboxEvent.objects.filter(done_at__isnull=True).exists(),
                "the sweep brought the lost effects back",
            )
