"""record_event: what a merchant is told of a trade, in the protocol's own fields."""

import json
import re
from datetime import timedelta

import pytest
from django.db.models import QuerySet

from config.kernel import clock
from config.kernel.outbox import relay
from config.kernel.outbox.models import OutboxEvent
from merchants.acceptance.usecases.cancel import cancel_trade
from merchants.acceptance.usecases.close import close_trade
from merchants.acceptance.usecases.create import create_order
from merchants.acceptance.usecases.refund import refund_trade
from merchants.notifications.models import Notification, NotificationState
from merchants.notifications.usecases.record_event import TradeEvent, record_events
from merchants.onboarding.values import AppCredentials
from tests.factories.accounts import make_user
from tests.factories.merchants import make_paid_trade, make_sale, make_seller
from wallet import public as wallet

pytestmark = pytest.mark.django_db
URL = "http://shop.example/notify"


@pytest.fixture
def seller() -> AppCredentials:
    return make_seller(notify_url=URL)


def _rows(trade: wallet.PaymentView) -> QuerySet[Notification]:
    return Notification.objects.filter(subject_id=trade.id).order_by("sequence")


def told(trade: wallet.PaymentView) -> list[dict[str, str]]:
    """The form fields of all notifications of a trade, in order."""
    relay.drain()
    return list(_rows(trade).values_list("params", flat=True))


def test_tells_of_a_payment_with_the_exact_fields(seller: AppCredentials) -> None:
    trade = make_paid_trade(seller, body="two buns", passback_params="a%3D1")
    (form,) = told(trade)
    assert trade.paid_at is not None
    assert re.fullmatch(r"\d{8}00222\d{21}", form.pop("notify_id"))
    assert re.fullmatch(r"\d{3}\*{4}\d{4}", form.pop("buyer_logon_id"))
    shown = form.pop("gmt_create"), form.pop("gmt_payment")
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", text) for text in shown)
    owner = wallet.user(seller.owner_id).phone
    assert form.pop("seller_email") == owner.removeprefix("+86")
    assert form == {
        "notify_type": "trade_status_sync",
        "charset": "utf-8",
        "version": "1.0",
        "app_id": seller.app_number,
        "auth_app_id": seller.app_number,
        "trade_no": trade.number,
        "out_trade_no": trade.reference,
        "buyer_id": trade.payer_number,
        "seller_id": seller.merchant_number,
        "trade_status": "TRADE_SUCCESS",
        "total_amount": "12.00",
        "receipt_amount": "12.00",
        "invoice_amount": "12.00",
        "buyer_pay_amount": "12.00",
        "point_amount": "0.00",
        "subject": "breakfast",
        "body": "two buns",
        "fund_bill_list": '[{"amount":"12.00","fundChannel":"ALIPAYACCOUNT"}]',
        "passback_params": "a%3D1",
    }


def test_tells_of_each_refund_with_what_has_gone_back_so_far(seller: AppCredentials) -> None:
    trade = make_paid_trade(seller)
    for number, amount_minor in (("R1", 5_00), ("R2", 7_00)):
        refund_trade(
            seller=seller,
            reference=trade.reference,
            request_no=number,
            amount_minor=amount_minor,
        )
    _, first, second = told(trade)
    assert (first["out_biz_no"], first["refund_fee"], first["trade_status"]) == (
        "R1",
        "5.00",
        "TRADE_SUCCESS",
    )
    assert (second["out_biz_no"], second["refund_fee"], second["trade_status"]) == (
        "R2",
        "12.00",
        "TRADE_CLOSED",
    )
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", first["gmt_refund"])
    assert json.loads(first["fund_bill_list"])[0]["amount"] == "12.00"


def test_tells_of_a_cancelled_payment_once(seller: AppCredentials) -> None:
    trade = make_paid_trade(seller, product="QUICK_WAP_WAY")
    cancel_trade(seller=seller, reference=trade.reference)
    statuses = [form["trade_status"] for form in told(trade)]
    assert statuses == ["TRADE_SUCCESS", "TRADE_CLOSED"]


@pytest.mark.parametrize(
    ("product", "count"),
    [("QUICK_WAP_WAY", 1), ("QUICK_MSECURITY_PAY", 1), ("FACE_TO_FACE_PAYMENT", 0), ("", 0)],
)
def test_tells_of_a_closing_for_some_products_only(
    seller: AppCredentials, product: str, count: int
) -> None:
    sale = make_sale(seller, product=product)
    trade = create_order(sale=sale, payer_id=make_user().id).payment
    close_trade(seller=seller, number=trade.number)
    forms = told(trade)
    assert len(forms) == count
    for form in forms:
        assert (form["trade_status"], form["receipt_amount"]) == ("TRADE_CLOSED", "0.00")
        assert "gmt_close" in form
        assert "fund_bill_list" not in form


def test_is_silent_where_nobody_gave_an_address() -> None:
    make_paid_trade(make_seller())
    relay.drain()
    notification = Notification.objects.get()
    assert (notification.state, notification.due_at) == (NotificationState.SILENT, None)


def test_prefers_the_address_of_the_request(seller: AppCredentials) -> None:
    make_paid_trade(seller, notify_url="http://other.example/n")
    relay.drain()
    assert Notification.objects.get().url == "http://other.example/n"


def test_writes_one_notification_for_one_event(seller: AppCredentials) -> None:
    trade = make_paid_trade(seller)
    event = OutboxEvent.objects.get(topic="payment.paid")
    trade_event = TradeEvent(event.id, event.topic, trade.id)
    (first,), (second,) = record_events([trade_event]), record_events([trade_event])
    assert first.id == second.id


def test_counts_the_events_of_a_trade(seller: AppCredentials) -> None:
    trade = make_paid_trade(seller)
    refund_trade(seller=seller, number=trade.number, amount_minor=12_00)
    relay.drain()
    assert list(_rows(trade).values_list("sequence", flat=True)) == [1, 2]


def test_says_nothing_of_payments_between_persons() -> None:
    payer, payee = make_user(balance_minor=10_00), make_user()
    made = wallet.create_payment(
        request=wallet.PayRequest(
            payee_id=payee.id,
            payee_account_id=payee.available_account_id,
            payee_name=payee.name,
            payee_kind=wallet.PayeeKind.USER,
            reference="between us",
            description="lunch",
            amount_minor=5_00,
            currency="CNY",
            expires_at=clock.now() + timedelta(minutes=5),
            details={},
        ),
        payer_id=payer.id,
    )
    wallet.confirm_payment(payment_id=made.payment.id, payer_id=payer.id, pin="135790")
    assert told(made.payment) == []
