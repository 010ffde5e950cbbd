"""The exchange API: statuses, codes and decimals."""

from typing import Any

import pytest

from tests.factories.accounts import PIN, client_of, make_user, post
from tests.factories.clock import advance
from tests.factories.exchange import Abroad
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db


def asked(abroad: Abroad, amount: str, order: str = "o-1", **changes: object) -> Any:
    body = {
        "merchant_id": abroad.shop.merchant_number,
        "order_no": order,
        "amount": amount,
        "currency": abroad.currency,
    }
    return post(client_of(abroad.buyer), "fx/quotes", body | changes)


def taken(abroad: Abroad, quote: Any, amount: str, key: str = "k") -> Any:
    body = {"quote_id": quote["id"], "amount": amount, "currency": abroad.currency, "pin": PIN}
    return post(client_of(abroad.buyer), "fx/payments", body, key=key)


def test_a_yen_order_is_quoted_paid_seen_and_refunded_once() -> None:
    abroad = Abroad("JPY")
    owner = client_of(WalletUser.objects.get(id=abroad.shop.owner_id))
    quote = asked(abroad, "1000").json()
    assert (quote["pay_amount"], quote["rate"], quote["state"]) == ("48.92", "0.048200", "OPEN")
    paid = taken(abroad, quote, "1000")
    assert (paid.status_code, paid.json()["paid"]) == (201, "48.92")
    assert taken(abroad, quote, "1000").json() == paid.json()
    assert taken(abroad, quote, "1000", key="other").json()["code"] == "quote_used"
    path = f"merchants/{abroad.shop.merchant_number}"
    assert owner.get(f"/api/v1/{path}/fx-payments/o-1").json()["amount"] == "1000"
    body = {"request_no": "r-1", "amount": "333", "currency": "JPY"}
    first, again = (post(owner, f"{path}/fx-payments/o-1/refunds", body) for _ in range(2))
    assert (first.status_code, first.json()["returned"]) == (201, "16.29")
    assert first.json() == again.json()
    account = f"/api/v1/{path}/foreign-accounts/JPY"
    assert owner.get(account).json() == {"currency": "JPY", "balance": "667"}
    refused = owner.post(f"{account}/payouts")
    assert (refused.status_code, refused.json()["code"]) == (422, "payout_currency_unsupported")


def test_what_cannot_be_quoted_or_taken_says_why() -> None:
    abroad = Abroad("KWD")
    quote = asked(abroad, "1.005").json()
    assert quote["amount"] == "1.005"
    changed = taken(abroad, quote, "1.006")
    advance(minutes=10)
    late = taken(abroad, quote, "1.005")
    answers = [
        changed,
        late,
        asked(abroad, "1.00", currency="XYZ"),
        asked(abroad, "1.00", currency="EUR"),
        asked(abroad, "1.0005"),
        asked(abroad, "0.000"),
        asked(abroad, "1.000", merchant_id="2088000000000000"),
    ]
    assert [(one.status_code, one.json()["code"]) for one in answers] == [
        (409, "quote_changed"),
        (410, "quote_expired"),
        (422, "currency_not_exchanged"),
        (422, "foreign_account_missing"),
        (400, "amount_precision"),
        (422, "exchange_amount_invalid"),
        (404, "merchant_not_found"),
    ]


def test_other_peoples_quotes_orders_and_accounts_do_not_exist() -> None:
    abroad = Abroad()
    quote = asked(abroad, "20.00").json()
    abroad.take(abroad.quote(20_00, "o-2"))
    stranger = client_of(make_user())
    body = {"quote_id": quote["id"], "amount": "20.00", "currency": "EUR", "pin": PIN}
    path = f"/api/v1/merchants/{abroad.shop.merchant_number}"
    assert post(stranger, "fx/payments", body, key="k").json()["code"] == "quote_not_found"
    for address in ("fx-payments/o-2", "foreign-accounts/EUR"):
        assert stranger.get(f"{path}/{address}").status_code == 404
