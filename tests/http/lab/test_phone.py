"""A buyer's phone by HTTP: a code and a scan without the seconds that a command takes."""

from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from lab import demo_accounts
from tests.factories.accounts import PIN, available_minor, make_user
from tests.gateway.world import Shop, make_shop, new_order
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    """A tea house that takes payments."""
    return make_shop()


@pytest.fixture
def buyer(monkeypatch: pytest.MonkeyPatch) -> WalletUser:
    """A citizen whose PIN the demo knows."""
    monkeypatch.setattr(demo_accounts, "PIN", PIN)
    return make_user(balance_minor=100_00)


def phone(client: Client, what: str, **body: object) -> Any:
    """Do one thing with a phone."""
    return client.post(f"/lab/phone/{what}", body, content_type="application/json")


def test_a_code_pays(client: Client, shop: Shop, buyer: WalletUser) -> None:
    shown = phone(client, "code", buyer=buyer.user_number).json()
    assert shown["buyer_id"] == buyer.user_number
    assert shop.pay(shown["code"]).node["code"] == "10000"
    by_login = phone(client, "code", buyer=buyer.phone).json()
    assert by_login["code"] != shown["code"]


def test_a_scan_shows_an_order_and_pays_it(client: Client, shop: Shop, buyer: WalletUser) -> None:
    order = {"out_trade_no": new_order(), "total_amount": "5.00", "subject": "茶"}
    code = shop.ask("alipay.trade.precreate", **order).node["qr_code"]
    seen = phone(client, "scan", payload=code, buyer=buyer.user_number).json()
    assert (seen["order"], seen["amount"]) == (order["out_trade_no"], "5.00")
    assert available_minor(buyer) == 100_00
    paid = phone(client, "scan", payload=code, buyer=buyer.user_number, pay=True).json()
    assert (paid["status"], available_minor(buyer)) == ("PAID", 95_00)
    again = phone(client, "scan", payload=code, buyer=buyer.user_number, pay=True).json()
    assert (again["status"], available_minor(buyer)) == ("PAID", 95_00)


@pytest.mark.parametrize(
    ("what", "body", "status"),
    [
        ("code", {"buyer": "2088000000000000"}, 404),
        ("code", {"buyer": "x"}, 400),
        ("code", {"who": "x"}, 400),
        ("scan", {}, 400),
        ("scan", {"payload": "nonsense"}, 400),
    ],
)
def test_what_is_wrong_is_said(
    client: Client, buyer: WalletUser, what: str, body: dict[str, str], status: int
) -> None:
    full = body if "buyer" in body or "who" in body else body | {"buyer": buyer.user_number}
    assert phone(client, what, **full).status_code == status


def test_outside_the_lab_there_is_no_such_phone(
    client: Client, buyer: WalletUser, settings: Settings
) -> None:
    settings.LAB_MODE = False
    assert phone(client, "code", buyer=buyer.user_number).status_code == 404
    assert phone(client, "scan", payload="x", buyer=buyer.user_number).status_code == 404
