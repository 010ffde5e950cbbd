"""An agreement offered beside an order: the cashier's PIN pays, then signs."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.factories.accounts import available_minor, make_user
from tests.gateway.agreements import Content, cyclic, debit, fill_in, monthly
from tests.gateway.world import Shop, new_order
from wallet.accounts.models import WalletUser
from wallet.agreements.models import Agreement

pytestmark = pytest.mark.django_db
METHODS = {"page": "FAST_INSTANT_TRADE_PAY", "wap": "QUICK_WAP_WAY"}


def open_cashier(shop: Shop, sign: Content, way: str = "page") -> Any:
    """Send the buyer's browser to pay 30.00 and sign."""
    content = {
        "out_trade_no": new_order(),
        "total_amount": "30.00",
        "subject": "first month",
        "product_code": METHODS[way],
        "agreement_sign_params": sign,
    }
    params = shop.params(f"alipay.trade.{way}.pay", content)
    return shop.http.get("/gateway.do?" + urlencode(params))


@pytest.mark.parametrize("way", METHODS)
def test_buyer_pays_and_signs_at_once(shop: Shop, buyer: WalletUser, way: str) -> None:
    rule = monthly(period_type="DAY", period=7)
    page = open_cashier(shop, cyclic(period_rule_params=rule), way).headers["Location"]
    assert "every 7 days" in Client().get(page).content.decode()
    assert fill_in(page, buyer).status_code == 302
    agreement = Agreement.objects.get()
    assert (available_minor(buyer), agreement.status) == (970_00, "NORMAL")
    assert (agreement.payer_id, agreement.debits) == (buyer.id, 0)
    paid = debit(shop, agreement.number, 30, product_code="CYCLE_PAY_AUTH")
    assert paid.node["code"] == "10000"


def test_other_terms_than_shown_pay_and_sign_nothing(shop: Shop, buyer: WalletUser) -> None:
    page = open_cashier(shop, cyclic()).headers["Location"]
    assert fill_in(page, buyer, challenge="0" * 64).status_code == 422
    assert (available_minor(buyer), Agreement.objects.get().status) == (1_000_00, "TEMP")


def test_who_cannot_pay_signs_nothing(shop: Shop) -> None:
    page = open_cashier(shop, cyclic()).headers["Location"]
    assert fill_in(page, make_user(balance_minor=1)).status_code == 422
    assert Agreement.objects.get().status == "TEMP"


def test_terms_that_do_not_fit_are_refused_before_the_cashier(shop: Shop) -> None:
    bad = cyclic(period_rule_params=monthly(period_type="DAY", period=6))
    answer = open_cashier(shop, bad).content.decode()
    assert "错误代码 INVALID_PARAMETER" in answer


def test_signing_is_told_where_its_own_address_says(shop: Shop, buyer: WalletUser) -> None:
    sign = cyclic(sign_notify_url="http://127.0.0.1:9/signed")
    fill_in(open_cashier(shop, sign).headers["Location"], buyer)
    assert Agreement.objects.get().details["notify_url"] == "http://127.0.0.1:9/signed"
