"""A history written set-wise is one that the product could have made."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from pytest_django.fixtures import Settings

from config.kernel.outbox.consumers import consumers_of
from config.kernel.outbox.models import InboxEntry, OutboxEvent
from config.kernel.usecases.set_clock import set_clock
from lab.bench import history, population
from merchants.notifications.models import Notification
from merchants.onboarding.queries import merchants_of
from merchants.onboarding.rules import new_key_pair
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.settle_due import settle_due
from wallet import public as wallet

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
DAY = timedelta(days=1)
PAYMENTS = 30


def test_its_books_hold_its_days_settle_and_its_events_are_done(settings: Settings) -> None:
    settings.LAB_MODE = True
    people = population.payers(4)
    population.app_numbers(3, new_key_pair().public_pem)
    owner = wallet.user_by_phone(population.OWNER_PHONE)
    parties = history.seat(people, list(merchants_of(owner.id)))
    day = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + DAY

    history.write_day(parties, first=0, count=PAYMENTS, begin=day)
    set_clock(times=0, at=day + 2 * DAY)
    settle_due(now=day + 2 * DAY)

    call_command("verify_ledger", stdout=io.StringIO())
    batches = SettlementBatch.objects.all()
    assert sum(batch.payment_count for batch in batches) == PAYMENTS
    assert sum(batch.gross_minor for batch in batches) == PAYMENTS * history.AMOUNT_MINOR
    assert Notification.objects.count() == PAYMENTS
    paid = OutboxEvent.objects.filter(topic=history.TOPIC)
    assert not paid.filter(done_at=None).exists()
    assert InboxEntry.objects.filter(event__in=paid).count() == PAYMENTS * len(
        consumers_of(history.TOPIC)
    )
