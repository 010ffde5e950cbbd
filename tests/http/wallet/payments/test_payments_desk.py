"""What payments operators do: close what nobody pays, and ask for refunds that another approves."""

import pytest
from django.test import Client

from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.audit.models import AuditEvent
from merchants.splits.refund_action import REFUND
from tests.factories.merchants import credentials, make_app, make_merchant, make_paid_trade
from tests.factories.operators import make_checker, make_operator
from tests.factories.payments import Shop, make_order
from wallet import public as wallet
from wallet.payments.models import Payment

pytestmark = pytest.mark.django_db
REASON = "the goods came back broken"
SEES = "payments.view_payment"


def browser_of(*permissions: str) -> Client:
    client = Client()
    client.force_login(make_operator("paul", SEES, *permissions))
    return client


def page(payment_id: object, verb: str) -> str:
    return f"/admin/payments/payment/{payment_id}/{verb}/"


def test_a_refund_is_asked_for_shown_in_words_and_given_by_another() -> None:
    trade = make_paid_trade(credentials(make_app(make_merchant())), amount_minor=12_00)
    maker = browser_of("approvals.ask_payments_refund")
    assert 'value="12.00"' in maker.get(page(trade.id, "ask_refund")).content.decode()
    maker.post(page(trade.id, "ask_refund"), {"amount": "5.00", "reason": REASON})
    asked = ApprovalRequest.objects.get(action=REFUND)
    assert asked.effect["refunded"] == "0.00 CNY → 5.00 CNY"
    assert wallet.payment(trade.id).refunded_minor == 0
    done = approve_request(request_id=asked.id, checker=make_checker("fay", REFUND))
    assert (done.status, wallet.payment(trade.id).refunded_minor) == ("EXECUTED", 5_00)


def test_more_than_is_left_cannot_be_asked_for() -> None:
    trade = make_paid_trade(credentials(make_app(make_merchant())), amount_minor=12_00)
    maker = browser_of("approvals.ask_payments_refund")
    maker.post(page(trade.id, "ask_refund"), {"amount": "12.01", "reason": REASON})
    assert not ApprovalRequest.objects.exists()


def test_an_unpaid_payment_is_closed_with_a_reason() -> None:
    payment = make_order(Shop())
    desk = browser_of("payments.change_payment")
    desk.post(page(payment.id, "close"), {"reason": REASON})
    assert Payment.objects.get(id=payment.id).status == "CLOSED"
    event = AuditEvent.objects.get(action="payments.close")
    assert (event.actor, event.purpose) == ("operator:paul", REASON)


def test_who_may_only_look_does_neither() -> None:
    trade = make_paid_trade(credentials(make_app(make_merchant())), amount_minor=12_00)
    reader = browser_of()
    for verb in ("ask_refund", "close"):
        assert reader.post(page(trade.id, verb), {"reason": REASON}).status_code == 403
