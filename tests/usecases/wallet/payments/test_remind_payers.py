"""send_reminders: who has a bill for days hears of it once, a day before it runs out."""

from datetime import timedelta

import pytest
from django.db import transaction

from config.kernel import clock
from tests.factories.accounts import PIN, make_user
from tests.factories.clock import advance
from tests.factories.payments import Shop, make_order
from wallet.accounts.models import Reminder, SmsMessage, WalletUser
from wallet.accounts.usecases.remind import send_reminders
from wallet.payments.usecases.close_payment import close_payment
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.usecases.contest_payment import contest_payment, end_contest
from wallet.payments.values import PaymentView

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer() -> WalletUser:
    return make_user(balance_minor=100_00)


@pytest.fixture
def shop() -> Shop:
    return Shop()


def present(shop: Shop, payer: WalletUser, **span: float) -> PaymentView:
    """A water bill for a payer, who has fifteen days if nothing else is said."""
    expires_at = clock.now() + timedelta(**(span or {"days": 15}))
    return make_order(
        shop, payer_id=payer.id, description="water", amount_minor=86_40, expires_at=expires_at
    )


def told(payer: WalletUser) -> list[str]:
    return list(SmsMessage.objects.filter(phone=payer.phone).values_list("text", flat=True))


def test_nobody_acts_and_is_told_once_a_day_before_the_end(shop: Shop, payer: WalletUser) -> None:
    bill = present(shop, payer)
    advance(days=13)
    assert told(payer) == []
    advance(days=1, minutes=1)
    (text,) = told(payer)
    assert text.startswith("water: pay 86.40 CNY to ")
    assert f"{bill.expires_at:%Y-%m-%d %H:%M}" in text
    advance(days=3)
    assert told(payer) == [text]


def test_running_again_sends_nothing_twice(shop: Shop, payer: WalletUser) -> None:
    bill = present(shop, payer)
    at = bill.expires_at - timedelta(hours=24)
    assert send_reminders(now=at - timedelta(seconds=1)) == 0
    assert send_reminders(now=at) == 1
    assert send_reminders(now=at) == 0
    assert len(told(payer)) == 1
    assert Reminder.objects.get().sent_at == at


def test_what_is_paid_or_closed_is_reminded_of_by_nobody(shop: Shop, payer: WalletUser) -> None:
    confirm_payment(payment_id=present(shop, payer).id, payer_id=payer.id, pin=PIN)
    close_payment(payment_id=present(shop, payer).id)
    assert send_reminders(now=clock.now() + timedelta(days=14)) == 2
    assert told(payer) == []
    assert not Reminder.objects.filter(due_at__isnull=False).exists()


def test_an_order_of_minutes_has_no_reminder(shop: Shop, payer: WalletUser) -> None:
    present(shop, payer, hours=47)
    assert not Reminder.objects.exists()


def test_an_order_without_a_payer_is_reminded_of_from_when_it_has_one(
    shop: Shop, payer: WalletUser
) -> None:
    expires_at = clock.now() + timedelta(days=15)
    make_order(shop, reference="W1", expires_at=expires_at)
    assert not Reminder.objects.exists()
    for _ in range(2):
        make_order(shop, reference="W1", expires_at=expires_at, payer_id=payer.id)
    assert Reminder.objects.get().due_at == expires_at - timedelta(days=1)


def test_a_contested_bill_is_reminded_of_when_its_time_goes_on(
    shop: Shop, payer: WalletUser
) -> None:
    bill = present(shop, payer)
    with transaction.atomic():
        contest_payment(payment_id=bill.id, payer_id=payer.id)
    advance(days=20)
    assert told(payer) == []
    with transaction.atomic():
        end_contest(payment_id=bill.id, cancelled=False)
    advance(days=13)
    assert told(payer) == []
    advance(days=1, hours=1)
    assert len(told(payer)) == 1
