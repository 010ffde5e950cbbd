"""Rules of acceptance: what a merchant may ask for, and what is kept of it. Pure."""

import dataclasses
import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from config.kernel.errors import InvariantBroken
from merchants.acceptance import jws, rules
from merchants.acceptance.values import Deposit, Sale
from merchants.onboarding.values import (
    AppCredentials,
    AppState,
    GatewaySigner,
    MerchantState,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PENDING, PAYABLE, RECEIVABLE = (uuid.UUID(int=number) for number in (1, 2, 3))


def seller(**changes: Any) -> AppCredentials:
    """Credentials of an approved merchant, with changes."""
    fields: dict[str, Any] = {
        "app_number": "2021000000000001",
        "app_state": AppState.ACTIVE,
        "notify_url": "http://shop.example/app",
        "merchant_id": uuid.UUID(int=9),
        "merchant_number": "2088000000000001",
        "merchant_name": "Baozi",
        "merchant_state": MerchantState.APPROVED,
        "merchant_since": NOW,
        "owner_id": uuid.UUID(int=8),
        "currency": "CNY",
        "zone": "Asia/Shanghai",
        "pending_account_id": PENDING,
        "payable_account_id": PAYABLE,
        "receivable_account_id": RECEIVABLE,
        "closed_stores": frozenset({"OLD"}),
        "closed_tills": frozenset({"T0"}),
        "public_keys": (),
        "gateway_key": cast(GatewaySigner, SimpleNamespace()),
        "good_until": None,
    }
    return AppCredentials(**{**fields, **changes})


def sale(**changes: Any) -> Sale:
    """A sale that is fine, with changes."""
    fields: dict[str, Any] = {
        "seller": seller(),
        "reference": "A1",
        "subject": "buns",
        "amount_minor": 12_00,
    }
    return Sale(**{**fields, **changes})


@pytest.mark.parametrize("amount_minor", [1, 12_00, 100_000_000_00])
def test_takes_amounts_from_one_fen_to_a_hundred_million(amount_minor: int) -> None:
    rules.check_sale(sale(amount_minor=amount_minor))


@pytest.mark.parametrize("amount_minor", [-1, 0, 100_000_000_01])
def test_refuses_amounts_beyond(amount_minor: int) -> None:
    with pytest.raises(rules.AmountOutOfRange) as refusal:
        rules.check_sale(sale(amount_minor=amount_minor))
    assert refusal.value.field == "amount"


@pytest.mark.parametrize(("length", "fits"), [(0, False), (1, True), (64, True), (65, False)])
def test_takes_order_numbers_of_1_to_64_characters(length: int, fits: bool) -> None:
    asked = sale(reference="x" * length)
    if fits:
        rules.check_sale(asked)
        return
    with pytest.raises(rules.ReferenceInvalid):
        rules.check_sale(asked)


@pytest.mark.parametrize(
    ("after", "fits"),
    [
        (timedelta(), False),
        (timedelta(seconds=-1), False),
        (timedelta(seconds=1), True),
        (timedelta(days=15), True),
        (timedelta(days=15, seconds=1), False),
    ],
)
def test_leaves_a_trade_open_for_at_most_fifteen_days(after: timedelta, fits: bool) -> None:
    asked = sale(expires_at=NOW + after)
    if fits:
        rules.check_standing(asked, now=NOW)
        return
    with pytest.raises(rules.ExpiryInvalid):
        rules.check_standing(asked, now=NOW)


@pytest.mark.parametrize("place", [{"store_code": "OLD"}, {"till_code": "T0"}])
def test_refuses_closed_places(place: dict[str, str]) -> None:
    with pytest.raises(rules.PlaceClosed):
        rules.check_standing(sale(**place), now=NOW)


@pytest.mark.parametrize("place", [{}, {"store_code": "NEW"}, {"till_code": "anything"}])
def test_takes_open_and_unknown_places(place: dict[str, str]) -> None:
    rules.check_standing(sale(**place), now=NOW)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"merchant_state": MerchantState.SUSPENDED}, rules.MerchantSuspended),
        ({"merchant_state": MerchantState.SUBMITTED}, rules.MerchantNotActive),
        ({"merchant_state": MerchantState.CLOSED}, rules.MerchantNotActive),
        ({"app_state": AppState.DISABLED}, rules.MerchantNotActive),
        ({"pending_account_id": None}, rules.MerchantNotActive),
    ],
)
def test_lets_only_merchants_in_force_sell(changes: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        rules.check_standing(sale(seller=seller(**changes)), now=NOW)


def test_pays_the_merchants_unsettled_account() -> None:
    assert rules.payee_of(seller()) == {
        "payee_id": uuid.UUID(int=9),
        "payee_account_id": PENDING,
        "payee_name": "Baozi",
        "payee_zone": "Asia/Shanghai",
        "payee_cutoff_hour": 0,
        "payee_owner_id": uuid.UUID(int=8),
    }


def test_pays_nobody_who_has_no_account() -> None:
    with pytest.raises(InvariantBroken):
        rules.payee_of(seller(pending_account_id=None))


def test_keeps_only_what_was_given() -> None:
    assert rules.details_of(sale(seller=seller(notify_url=""))) == {
        "app_id": "2021000000000001",
        "charset": "utf-8",
        "sign_type": "RSA2",
    }


def test_prefers_the_requests_address_over_the_apps() -> None:
    assert rules.details_of(sale())["notify_url"] == "http://shop.example/app"
    asked = sale(notify_url="http://shop.example/order")
    assert rules.details_of(asked)["notify_url"] == "http://shop.example/order"


def test_lets_no_extra_hide_what_the_house_keeps() -> None:
    asked = sale(extras={"app_id": "2021999999999999", "goods_detail": [{"goods_id": "1"}]})
    details = rules.details_of(asked)
    assert details["app_id"] == "2021000000000001"
    assert details["goods_detail"] == [{"goods_id": "1"}]


@pytest.mark.parametrize(
    ("amount_minor", "subject"), [(11_99, "buns"), (12_00, "rolls"), (None, "buns")]
)
def test_tells_another_order_from_the_same_one(amount_minor: int | None, subject: str) -> None:
    rules.check_same_order(sale(), amount_minor=12_00, subject="buns")
    with pytest.raises(rules.OrderConflict):
        rules.check_same_order(sale(), amount_minor=amount_minor, subject=subject)


def test_cannot_change_a_sale_once_it_is_made() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        sale().amount_minor = 1  # type: ignore[misc]


def test_derives_one_signing_key_from_one_master_key() -> None:
    first, again, other = (jws.order_key(text) for text in ("m", "m", "n"))
    assert jws.public_jwk(first) == jws.public_jwk(again)
    assert jws.public_jwk(first)["kid"] != jws.public_jwk(other)["kid"]


def test_publishes_a_key_as_the_standard_wants_it() -> None:
    published = jws.public_jwk(jws.order_key("m"))
    assert (published["kty"], published["crv"], published["alg"], published["use"]) == (
        "EC",
        "P-256",
        "ES256",
        "sig",
    )
    assert {len(published[name]) for name in ("x", "y", "kid")} == {43}
    assert "d" not in published


def test_a_deposit_is_asked_in_the_sellers_currency_only() -> None:
    deposit: dict[str, Any] = {
        "seller": seller(), "reference": "A", "request_no": "R", "title": "room", "amount_minor": 1,
    }  # fmt: skip
    rules.check_deposit(Deposit(**deposit))
    with pytest.raises(rules.CurrencyNotTaken):
        rules.check_deposit(Deposit(**deposit, currency="EUR"))
