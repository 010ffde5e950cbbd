"""precreate_order: a code on the counter, and no trade before somebody scans it."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from merchants.acceptance import queries, rules
from merchants.acceptance.models import Order
from merchants.acceptance.usecases.cancel import cancel_trade
from merchants.acceptance.usecases.close import close_trade
from merchants.acceptance.usecases.create import create_order
from merchants.acceptance.usecases.pay import pay_by_code
from merchants.acceptance.usecases.precreate import precreate_order
from merchants.acceptance.usecases.scan import scan_code
from merchants.onboarding.values import AppCredentials
from tests.factories.accounts import make_user
from tests.factories.clock import advance
from tests.factories.merchants import code_of, make_sale, make_seller
from wallet import public as wallet
from wallet.qr.merchant_code import read_own

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> AppCredentials:
    return make_seller()


def test_makes_no_trade_yet(seller: AppCredentials) -> None:
    order = precreate_order(sale=make_sale(seller))
    assert order.scanned_by is None
    with pytest.raises(rules.TradeNotFound):
        queries.trade(merchant_id=seller.merchant_id, reference=order.reference)


def test_gives_a_code_that_we_read_back(seller: AppCredentials) -> None:
    order = precreate_order(sale=make_sale(seller, 88_80, till_code="T1"))
    own = read_own(queries.order_code_text(order), guid=queries.house().guid)
    assert own is not None
    assert (own.merchant_number, own.token, own.amount, own.till_id) == (
        seller.merchant_number,
        order.token,
        "88.80",
        "T1",
    )


def test_gives_the_same_code_again(seller: AppCredentials) -> None:
    sale = make_sale(seller, expires_at=None)
    first = precreate_order(sale=sale)
    advance(hours=1)
    again = precreate_order(sale=sale)
    assert again.token == first.token
    assert again.code_expires_at > first.code_expires_at
    assert Order.objects.count() == 1


@pytest.mark.parametrize("changes", [{"amount_minor": 1}, {"subject": "dinner"}])
def test_refuses_another_order_under_the_same_number(
    seller: AppCredentials, changes: dict[str, Any]
) -> None:
    precreate_order(sale=make_sale(seller, reference="A1"))
    with pytest.raises(rules.OrderConflict):
        precreate_order(sale=make_sale(seller, reference="A1", **changes))


def test_refuses_an_order_that_was_paid_by_code(seller: AppCredentials) -> None:
    sale = make_sale(seller)
    pay_by_code(sale=sale, code=code_of(make_user(balance_minor=100_00)))
    with pytest.raises(rules.OrderPaid):
        precreate_order(sale=sale)


def test_refuses_an_order_whose_trade_was_closed(seller: AppCredentials) -> None:
    sale = make_sale(seller)
    trade = create_order(sale=sale, payer_id=make_user().id).payment
    close_trade(seller=seller, number=trade.number)
    with pytest.raises(rules.OrderClosed):
        precreate_order(sale=sale)


def test_keeps_the_order_of_a_payer_who_has_it(seller: AppCredentials) -> None:
    sale, payer = make_sale(seller), make_user(balance_minor=100_00)
    order = precreate_order(sale=sale)
    scan_code(payload=queries.order_link(order.token), payer_id=payer.id)
    again = precreate_order(sale=sale)
    assert (again.token, again.scanned_by) == (order.token, payer.id)


def test_withdraws_the_code_when_the_merchant_cancels(seller: AppCredentials) -> None:
    sale = make_sale(seller)
    order = precreate_order(sale=sale)
    assert cancel_trade(seller=seller, reference=order.reference) is None
    with pytest.raises(rules.OrderClosed):
        scan_code(payload=queries.order_link(order.token), payer_id=make_user().id)
    with pytest.raises(rules.OrderClosed):
        precreate_order(sale=sale)


def test_never_offers_a_code_longer_than_the_trade_may_stay_unpaid(
    seller: AppCredentials,
) -> None:
    ends = clock.now() + timedelta(minutes=1)
    order = precreate_order(
        sale=make_sale(seller, expires_at=ends), code_expires_at=ends + timedelta(hours=1)
    )
    assert order.code_expires_at == ends


def test_refuses_a_code_that_is_over_already(seller: AppCredentials) -> None:
    with pytest.raises(rules.ExpiryInvalid):
        precreate_order(sale=make_sale(seller), code_expires_at=clock.now())


def test_makes_one_trade_for_a_known_buyer(seller: AppCredentials) -> None:
    sale, payer = make_sale(seller), make_user()
    first, again = (create_order(sale=sale, payer_id=payer.id) for _ in range(2))
    assert (first.created, again.created) == (True, False)
    assert first.payment.id == again.payment.id
    assert first.payment.method is wallet.Method.ORDER


def test_refuses_another_buyer_for_the_same_number(seller: AppCredentials) -> None:
    sale = make_sale(seller)
    create_order(sale=sale, payer_id=make_user().id)
    with pytest.raises(wallet.PayerMismatch):
        create_order(sale=sale, payer_id=make_user().id)
