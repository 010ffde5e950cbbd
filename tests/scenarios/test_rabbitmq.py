"""The same work over RabbitMQ: a payment's effects, a killed worker, a purged queue.

Real worker processes on the test's own database. The broker is RABBITMQ_URL's, or the one
that runs on this machine; skipped where there is none. What waits in its queues is thrown
away before and after: run it on no broker that anything else depends on.
"""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from kombu import Connection

from config.kernel.outbox.models import OutboxEvent
from merchants.notifications.models import Notification, NotificationState
from merchants.settlement.models import SettlementBatch
from merchants.settlement.values import BatchState
from tests.factories.accounts import make_user
from tests.factories.clock import later
from tests.factories.merchants import make_paid_trade, make_seller
from tests.factories.receiver import receiving
from tests.scenarios.processes import eventually, kill_group, worker
from wallet.accounts.models import BankCallback, WalletUser
from wallet.accounts.usecases.request_topup import request_topup
from wallet.ledger import queries as ledger
from wallet.risk.models import RiskDecision
from wallet.risk.values import Stage

ADDRESS = os.environ.get("RABBITMQ_URL", "amqp://guest:guest@127.0.0.1:5672//")
QUEUES = ("effects", "due")


def answers() -> bool:
    """Whether a RabbitMQ listens at the address."""
    try:
        with Connection(ADDRESS, connect_timeout=2) as connection:
            connection.connect()
    except OSError:
        return False
    return True


pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.slow,
    pytest.mark.skipif(not answers(), reason="no RabbitMQ answers here"),
]


def purge() -> None:
    """Throw away what waits: the broker as wiped as it can be from outside."""
    with Celery(broker=ADDRESS, set_as_current=False).connection_for_write() as connection:
        channel: Any = connection.default_channel
        for name in QUEUES:
            channel.queue_declare(name, durable=True, auto_delete=False)
            channel.queue_purge(name)


@pytest.fixture(autouse=True)
def clean_broker() -> Iterator[None]:
    purge()
    yield
    purge()


@pytest.fixture
def li() -> WalletUser:
    return make_user()


def credited(user: WalletUser) -> int:
    return ledger.balance(user.available_account_id).posted_minor


def every_effect_was_had() -> bool:
    return not OutboxEvent.objects.filter(done_at__isnull=True).exists()


def test_a_payment_is_notified_scored_and_settled(tmp_path: Path) -> None:
    with receiving() as receiver:
        seller = make_seller(notify_url=receiver.url, payout_account="6222020200012300")
        trade = make_paid_trade(seller)
        with worker(tmp_path, "", CELERY_BROKER_URL=ADDRESS, SAOMA_BANK_ANSWER_S="0"):
            eventually(
                Notification.objects.filter(state=NotificationState.DELIVERED).exists,
                "the merchant was told",
            )
            scored = RiskDecision.objects.filter(payment_id=trade.id, stage=Stage.AFTER)
            eventually(scored.exists, "the payment was scored")
            later(days=2)
            paid_out = SettlementBatch.objects.filter(state=BatchState.PAID)
            eventually(paid_out.exists, "the day was settled and paid out")
        assert receiver.got[0].form()["trade_no"] == trade.number
    assert ledger.trial_balance() == {"CNY": 0}


def test_one_credit_after_a_kill_and_purged_queues(tmp_path: Path, li: WalletUser) -> None:
    request_topup(user_id=li.id, key=str(uuid.uuid4()), amount_minor=100_00)
    dies = {"CELERY_BROKER_URL": ADDRESS, "SAOMA_CRASH_AT": "accounts.before_posting"}
    with worker(tmp_path, "", **dies) as first:
        eventually(BankCallback.objects.exists, "the bank answered")
        kill_group(first)
    assert credited(li) == 0
    purge()
    with worker(tmp_path, "", CELERY_BROKER_URL=ADDRESS):
        eventually(lambda: credited(li) == 100_00, "the money arrived")
        eventually(every_effect_was_had, "every effect was had")
    assert credited(li) == 100_00
    assert ledger.trial_balance() == {"CNY": 0}


def test_a_killed_workers_effects_are_had_by_the_next(tmp_path: Path) -> None:
    with receiving() as receiver:
        trade = make_paid_trade(make_seller(notify_url=receiver.url))
        with worker(tmp_path, "", CELERY_BROKER_URL=ADDRESS) as first:
            published = OutboxEvent.objects.filter(published_at__isnull=False)
            eventually(published.exists, "the payment was handed to the broker")
            kill_group(first)
        with worker(tmp_path, "", CELERY_BROKER_URL=ADDRESS):
            eventually(every_effect_was_had, "every effect was had")
            eventually(lambda: bool(receiver.got), "the merchant was told")
        scored = RiskDecision.objects.filter(payment_id=trade.id, stage=Stage.AFTER)
        assert scored.count() == 1
