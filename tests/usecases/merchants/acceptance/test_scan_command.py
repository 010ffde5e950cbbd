"""`manage.py scan`: what outside checks drive a payer's phone with."""

import contextlib
import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from lab import demo_accounts
from merchants.acceptance import queries
from merchants.acceptance.models import Order
from merchants.acceptance.usecases.precreate import precreate_order
from merchants.checkout.management.commands import scan as command
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.merchants import make_merchant, make_sale, make_seller, make_till
from wallet import public as wallet

pytestmark = pytest.mark.django_db


@pytest.fixture
def payer() -> wallet.WalletUser:
    return make_user(balance_minor=100_00)


@pytest.fixture
def order(payer: wallet.WalletUser) -> Order:
    return precreate_order(sale=make_sale(make_seller(), 12_00))


def scan(*arguments: str) -> dict[str, Any]:
    """Run the command; the object it prints."""
    out = StringIO()
    with contextlib.suppress(SystemExit):
        call_command("scan", *arguments, stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_prints_what_the_code_stands_for(payer: wallet.WalletUser, order: Order) -> None:
    found = scan(queries.order_code_text(order), "--buyer", payer.user_number)
    assert (found["kind"], found["order"], found["merchant"], found["amount"]) == (
        "dynamic",
        order.reference,
        "包子铺",
        "12.00",
    )
    assert (found["status"], found["buyer_id"]) == ("PAYING", payer.user_number)
    assert available_minor(payer) == 100_00


@pytest.mark.parametrize("login", ["user_number", "phone"])
def test_pays_when_it_is_asked_to(payer: wallet.WalletUser, order: Order, login: str) -> None:
    arguments = ("--buyer", getattr(payer, login), "--pay", "--pin", PIN)
    for _ in range(2):
        found = scan(queries.order_link(order.token), *arguments)
    assert found["status"] == "PAID"
    assert available_minor(payer) == 88_00


def test_takes_the_first_user_where_none_is_named(payer: wallet.WalletUser, order: Order) -> None:
    assert scan(queries.order_link(order.token))["buyer_id"] == payer.user_number


def test_takes_an_amount_for_a_static_code(payer: wallet.WalletUser) -> None:
    payload = queries.till_code_text(make_till(make_merchant()))
    arguments = (payload, "--buyer", payer.phone, "--pay", "--pin", PIN)
    assert scan(*arguments)["error"] == "amount_needed"
    found = scan(*arguments, "--amount", "8.88")
    assert (found["kind"], found["status"], found["amount"]) == ("static", "PAID", "8.88")


@pytest.mark.parametrize(
    ("payload", "error"),
    [("hello", "code_unreadable"), ("https://qr.alipay.com/bax01234", "network_unsupported")],
)
def test_says_why_it_cannot(payer: wallet.WalletUser, payload: str, error: str) -> None:
    assert scan(payload)["error"] == error


def test_says_that_there_is_nobody_to_scan() -> None:
    assert scan("hello")["error"] == wallet.UserUnknown.code


def test_knows_the_pin_of_the_demos_citizens() -> None:
    assert command.DEMO_PIN == demo_accounts.PIN
