"""pay_by_code: a till charges whoever shows a payment code."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from merchants.acceptance import rules
from merchants.acceptance.usecases.pay import pay_by_code
from merchants.onboarding.usecases.close_store import close_store
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from merchants.onboarding.values import AppCredentials
from tests.factories.accounts import available_minor, make_user
from tests.factories.merchants import (
    code_of,
    credentials,
    make_app,
    make_merchant,
    make_sale,
    make_seller,
    make_store,
)
from wallet import public as wallet

pytestmark = pytest.mark.django_db


@pytest.fixture
def seller() -> AppCredentials:
    return make_seller(notify_url="http://shop.example/notify")


@pytest.fixture
def payer() -> wallet.WalletUser:
    return make_user(balance_minor=100_00)


def test_moves_the_money_to_the_merchants_unsettled_account(
    seller: AppCredentials, payer: wallet.WalletUser
) -> None:
    done = pay_by_code(sale=make_sale(seller, 12_00), code=code_of(payer))
    assert done.outcome is wallet.PayResult.PAID
    assert available_minor(payer) == 88_00
    assert seller.pending_account_id is not None
    assert wallet.balance(seller.pending_account_id).posted_minor == 12_00


def test_keeps_what_answers_and_notifications_need(
    seller: AppCredentials, payer: wallet.WalletUser
) -> None:
    sale = make_sale(seller, till_code="T9", operator="yx", passback_params="a%3D1", body="buns")
    details = pay_by_code(sale=sale, code=code_of(payer)).payment.details
    assert details == {
        "app_id": seller.app_number,
        "terminal_id": "T9",
        "operator_id": "yx",
        "body": "buns",
        "notify_url": "http://shop.example/notify",
        "passback_params": "a%3D1",
        "charset": "utf-8",
        "sign_type": "RSA2",
    }


def test_gives_the_first_answer_again_for_the_same_sale_and_code(
    seller: AppCredentials, payer: wallet.WalletUser
) -> None:
    sale, code = make_sale(seller), code_of(payer)
    first, again = (pay_by_code(sale=sale, code=code) for _ in range(2))
    assert again.outcome is wallet.PayResult.REPLAYED
    assert again.payment.id == first.payment.id
    assert available_minor(payer) == 88_00


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        pytest.param({"amount_minor": 0}, rules.AmountOutOfRange, id="nothing"),
        pytest.param({"amount_minor": -1}, rules.AmountOutOfRange, id="less than nothing"),
        pytest.param({"amount_minor": 10**10 + 1}, rules.AmountOutOfRange, id="too much"),
        pytest.param({"currency": "USD"}, rules.CurrencyNotTaken, id="another currency"),
        pytest.param({"reference": ""}, rules.ReferenceInvalid, id="no number"),
        pytest.param({"reference": "x" * 65}, rules.ReferenceInvalid, id="a long number"),
        pytest.param({"subject": ""}, rules.SubjectInvalid, id="no subject"),
        pytest.param({"subject": "x" * 257}, rules.SubjectInvalid, id="a long subject"),
    ],
)
def test_refuses_a_sale_that_cannot_be(
    seller: AppCredentials,
    payer: wallet.WalletUser,
    changes: dict[str, Any],
    error: type[Exception],
) -> None:
    code = code_of(payer)
    with pytest.raises(error):
        pay_by_code(sale=make_sale(seller, **changes), code=code)
    assert pay_by_code(sale=make_sale(seller), code=code).outcome is wallet.PayResult.PAID


@pytest.mark.parametrize("days", [0, 15.01])
def test_refuses_an_end_that_is_past_or_too_far(
    seller: AppCredentials, payer: wallet.WalletUser, days: float
) -> None:
    sale = make_sale(seller, expires_at=clock.now() + timedelta(days=days))
    with pytest.raises(rules.ExpiryInvalid):
        pay_by_code(sale=sale, code=code_of(payer))


def test_leaves_a_trade_open_for_fifteen_days_when_no_end_is_given(
    seller: AppCredentials, payer: wallet.WalletUser
) -> None:
    trade = pay_by_code(sale=make_sale(seller, expires_at=None), code=code_of(payer)).payment
    assert trade.expires_at - trade.created_at > timedelta(days=14, hours=23)


def test_refuses_a_suspended_merchant(payer: wallet.WalletUser) -> None:
    merchant = make_merchant()
    app = make_app(merchant)
    suspend_merchant(merchant_id=merchant.id, actor="operator:mia", reason="complaints")
    with pytest.raises(rules.MerchantSuspended):
        pay_by_code(sale=make_sale(credentials(app)), code=code_of(payer))


def test_refuses_a_merchant_that_is_not_approved(payer: wallet.WalletUser) -> None:
    app = make_app(make_merchant(approved=False))
    with pytest.raises(rules.MerchantNotActive):
        pay_by_code(sale=make_sale(credentials(app)), code=code_of(payer))


def test_refuses_a_closed_store(payer: wallet.WalletUser) -> None:
    merchant = make_merchant()
    store = make_store(merchant, code="NJ1")
    close_store(store_id=store.id, owner_id=merchant.owner_id)
    seller = credentials(make_app(merchant))
    with pytest.raises(rules.PlaceClosed):
        pay_by_code(sale=make_sale(seller, store_code="NJ1"), code=code_of(payer))


def test_takes_a_store_it_does_not_know(seller: AppCredentials, payer: wallet.WalletUser) -> None:
    done = pay_by_code(sale=make_sale(seller, store_code="elsewhere"), code=code_of(payer))
    assert done.payment.details["store_id"] == "elsewhere"


def test_refuses_the_merchants_owner_as_payer(payer: wallet.WalletUser) -> None:
    seller = make_seller(owner_id=payer.id)
    with pytest.raises(wallet.PayeeIsPayer):
        pay_by_code(sale=make_sale(seller), code=code_of(payer))
