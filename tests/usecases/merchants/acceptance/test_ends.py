"""cancel_trade, close_trade, refund_trade and what can be asked of a trade."""

from typing import Any

import pytest

from merchants.acceptance import queries, rules
from merchants.acceptance.usecases.cancel import cancel_trade
from merchants.acceptance.usecases.close import close_trade
from merchants.acceptance.usecases.create import create_order
from merchants.acceptance.usecases.refund import refund_trade
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from merchants.onboarding.values import AppCredentials
from tests.factories.accounts import make_user
from tests.factories.merchants import make_paid_trade, make_sale, make_seller
from wallet import public as wallet

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> AppCredentials:
    return make_seller()


def pending_minor(seller: AppCredentials) -> int:
    """What is unsettled for the merchant, in fen."""
    assert seller.pending_account_id is not None
    return wallet.balance(seller.pending_account_id).posted_minor


def test_finds_a_trade_by_either_number_and_ours_decides(seller: AppCredentials) -> None:
    first, second = make_paid_trade(seller), make_paid_trade(seller)
    mine: dict[str, Any] = {"merchant_id": seller.merchant_id}
    assert queries.trade(**mine, reference=first.reference).id == first.id
    assert queries.trade(**mine, number=first.number).id == first.id
    assert queries.trade(**mine, number=first.number, reference=second.reference).id == first.id


def test_does_not_find_another_merchants_trade(seller: AppCredentials) -> None:
    trade = make_paid_trade(make_seller())
    for names in ({"number": trade.number}, {"reference": trade.reference}, {}):
        with pytest.raises(rules.TradeNotFound):
            queries.trade(merchant_id=seller.merchant_id, **names)


def test_gives_the_money_back_when_a_paid_trade_is_cancelled(seller: AppCredentials) -> None:
    trade = make_paid_trade(seller)
    first, again = (cancel_trade(seller=seller, reference=trade.reference) for _ in range(2))
    assert first is not None
    assert again is not None
    assert first.action is wallet.CancelAction.REFUND
    assert (first.changed, again.changed) == (True, False)
    assert pending_minor(seller) == 0


def test_closes_an_unpaid_trade_when_it_is_cancelled(seller: AppCredentials) -> None:
    trade = create_order(sale=make_sale(seller), payer_id=make_user().id).payment
    done = cancel_trade(seller=seller, number=trade.number)
    assert done is not None
    assert done.action is wallet.CancelAction.CLOSE


def test_finds_nothing_to_cancel_where_there_is_no_trade(seller: AppCredentials) -> None:
    assert cancel_trade(seller=seller, reference="never heard of") is None


def test_closes_an_unpaid_trade_and_again(seller: AppCredentials) -> None:
    trade = create_order(sale=make_sale(seller), payer_id=make_user().id).payment
    for _ in range(2):
        closed = close_trade(seller=seller, reference=trade.reference)
    assert closed.status is wallet.PaymentStatus.CLOSED


def test_does_not_close_a_paid_trade(seller: AppCredentials) -> None:
    trade = make_paid_trade(seller)
    with pytest.raises(wallet.PaymentAlreadyPaid):
        close_trade(seller=seller, reference=trade.reference)


def test_refunds_in_parts_until_nothing_is_left(seller: AppCredentials) -> None:
    trade = make_paid_trade(seller)
    for number, amount_minor in (("R1", 5_00), ("R2", 7_00)):
        done = refund_trade(
            seller=seller, number=trade.number, request_no=number, amount_minor=amount_minor
        )
    assert done.payment.refunded_minor == 12_00
    assert done.payment.status is wallet.PaymentStatus.CLOSED
    assert pending_minor(seller) == 0


def test_moves_nothing_when_a_refund_is_repeated(seller: AppCredentials) -> None:
    trade = make_paid_trade(seller)
    for _ in range(2):
        done = refund_trade(seller=seller, number=trade.number, request_no="R1", amount_minor=5_00)
    assert not done.changed
    assert pending_minor(seller) == 7_00


def test_refuses_more_than_was_paid(seller: AppCredentials) -> None:
    trade = make_paid_trade(seller)
    with pytest.raises(wallet.RefundExceedsPaid):
        refund_trade(seller=seller, number=trade.number, request_no="R1", amount_minor=12_01)


def test_needs_a_request_number_for_a_part_only(seller: AppCredentials) -> None:
    trade = make_paid_trade(seller)
    with pytest.raises(rules.RefundNumberNeeded):
        refund_trade(seller=seller, number=trade.number, amount_minor=5_00)
    done = refund_trade(seller=seller, number=trade.number, amount_minor=12_00)
    assert done.refund.request_no == trade.reference


def test_lets_a_suspended_merchant_refund(seller: AppCredentials) -> None:
    trade = make_paid_trade(seller)
    suspend_merchant(merchant_id=seller.merchant_id, actor="operator:mia", reason="checks")
    assert refund_trade(seller=seller, number=trade.number, amount_minor=12_00).changed


def test_finds_a_refund_by_its_number(seller: AppCredentials) -> None:
    trade = make_paid_trade(seller)
    refund_trade(seller=seller, number=trade.number, request_no="R1", amount_minor=5_00)
    mine: dict[str, Any] = {"merchant_id": seller.merchant_id, "number": trade.number}
    _, found = queries.refund(**mine, request_no="R1")
    _, none = queries.refund(**mine, request_no="R2")
    assert found is not None
    assert found.amount_minor == 5_00
    assert none is None
