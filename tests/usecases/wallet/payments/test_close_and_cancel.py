"""close_payment, refuse_payment, cancel_payment: ending a payment, once."""

import pytest

from config.kernel.outbox.models import OutboxEvent
from tests.factories.accounts import available_minor, make_user
from tests.factories.payments import Shop, make_order, make_paid, make_phone, stored
from wallet.payments import rules
from wallet.payments.usecases.cancel_payment import cancel_payment
from wallet.payments.usecases.close_payment import close_payment, refuse_payment
from wallet.payments.usecases.finish_payments import finish_payments
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.values import CancelAction, PaymentStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_closes_an_unpaid_payment_once(shop: Shop) -> None:
    waiting = make_order(shop)
    first = close_payment(payment_id=waiting.id)
    again = close_payment(payment_id=waiting.id)
    assert (first.action, first.changed) == (CancelAction.CLOSE, True)
    assert (again.action, again.changed) == (CancelAction.NONE, False)
    assert (stored(waiting).status, stored(waiting).close_reason) == ("CLOSED", "CLOSED_BY_PAYEE")
    assert OutboxEvent.objects.filter(topic="payment.closed").count() == 1


def test_does_not_close_a_paid_payment(shop: Shop) -> None:
    with pytest.raises(rules.PaymentAlreadyPaid):
        close_payment(payment_id=make_paid(shop).id)


def test_lets_the_payer_refuse_and_nobody_else(shop: Shop) -> None:
    payer = make_user()
    waiting = make_order(shop, payer_id=payer.id)
    with pytest.raises(rules.PaymentUnknown):
        refuse_payment(payment_id=waiting.id, payer_id=make_user().id)
    refused = refuse_payment(payment_id=waiting.id, payer_id=payer.id)
    assert refused.payment.close_reason == "REFUSED_BY_PAYER"


def test_cancels_an_unpaid_payment(shop: Shop) -> None:
    waiting = make_order(shop)
    first, again = (cancel_payment(payment_id=waiting.id) for _ in range(2))
    assert (first.action, first.changed) == (CancelAction.CLOSE, True)
    assert (again.action, again.changed) == (CancelAction.CLOSE, False)


def test_gives_all_the_money_back_when_it_cancels_a_paid_payment(shop: Shop) -> None:
    phone = make_phone()
    paid = make_paid(shop, phone)
    first, again = (cancel_payment(payment_id=paid.id) for _ in range(2))
    assert (first.action, first.changed) == (CancelAction.REFUND, True)
    assert (again.action, again.changed) == (CancelAction.REFUND, False)
    assert first.payment.status is PaymentStatus.CLOSED
    assert first.payment.close_reason == "CANCELLED"
    assert (available_minor(phone.user), shop.balance_minor()) == (100_00, 0)


def test_does_not_cancel_what_was_refunded_in_part(shop: Shop) -> None:
    paid = make_paid(shop)
    refund_payment(payment_id=paid.id, request_no="R1", amount_minor=1_00)
    with pytest.raises(rules.CancelNotAllowed):
        cancel_payment(payment_id=paid.id)


def test_does_not_end_what_is_finished(shop: Shop) -> None:
    paid = make_paid(shop)
    finish_at = stored(paid).finish_at
    assert finish_at is not None
    finish_payments(at=finish_at)
    with pytest.raises(rules.PaymentFinished):
        cancel_payment(payment_id=paid.id)
    with pytest.raises(rules.PaymentFinished):
        close_payment(payment_id=paid.id)


def test_does_not_know_an_unknown_payment(shop: Shop) -> None:
    for end in (cancel_payment, close_payment):
        with pytest.raises(rules.PaymentUnknown):
            end(payment_id=shop.id)
