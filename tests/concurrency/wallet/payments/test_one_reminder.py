"""A payer is reminded once, however many workers look."""

from datetime import timedelta
from functools import partial

import pytest

from config.kernel import clock
from tests.factories.accounts import make_user
from tests.factories.payments import Shop, make_order
from tests.factories.threads import at_once
from wallet.accounts.models import SmsMessage
from wallet.accounts.usecases.remind import send_reminders

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


def test_six_workers_remind_once() -> None:
    payer, expires_at = make_user(), clock.now() + timedelta(days=15)
    make_order(Shop(), payer_id=payer.id, expires_at=expires_at)
    assert sum(at_once([partial(send_reminders, now=expires_at)] * 6)) == 1
    assert SmsMessage.objects.filter(phone=payer.phone).count() == 1
