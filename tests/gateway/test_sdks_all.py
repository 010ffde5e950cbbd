"""Every method of the gateway through each client library; a new method comes by its row.

What a method is called with is what the table of methods calls it with. The library signs
the call and believes the answer's signature; each raw answer is held against the rules of
the libraries that are not run here.
"""

import itertools
from typing import Any

import pytest
import requests

from merchants.gateway.dispatcher import METHODS
from merchants.onboarding import rules
from merchants.onboarding.values import KeyPair
from tests.factories.accounts import make_user
from tests.gateway import sdks
from tests.gateway.methods import ROWS
from tests.gateway.runs import check_raw, facts, live, sdk
from tests.gateway.sdks import SDKS, Sdk
from tests.gateway.server import LiveServer
from tests.gateway.world import Shop, make_shop
from wallet.accounts.models import WalletUser

__all__ = ["live", "sdk"]
pytestmark = [pytest.mark.sdk, pytest.mark.django_db(transaction=True)]
SHOPS = 4
PAGES = {
    "alipay.trade.page.pay": "FAST_INSTANT_TRADE_PAY",
    "alipay.trade.wap.pay": "QUICK_WAP_WAY",
}


@pytest.fixture(scope="session")
def key_pairs() -> list[KeyPair]:
    """A pair for each shop, and for what the rows make beside."""
    return [rules.new_key_pair() for _ in range(4 * SHOPS)]


def call(shop: Shop, buyer: WalletUser, method: str) -> dict[str, Any]:
    """One call with the content of the method's row, by the library's general way."""
    content = ROWS[method].content(shop, buyer)
    above = {name: content[name] for name in METHODS[method].beside if name in content}
    inside = {name: value for name, value in content.items() if name not in above}
    step: dict[str, Any] = {"method": method, "content": inside, "generic": True}
    return step | ({"beside": above} if above else {})


@pytest.mark.parametrize("sdk", SDKS, indirect=True, ids=lambda sdk: sdk.package)
def test_library_calls_every_method(sdk: Sdk, live: LiveServer) -> None:
    # Methods of one family want a shop each, where their rows make the same things.
    shops = itertools.cycle([make_shop(f"Shop {number}") for number in range(SHOPS)])
    for method, shop in zip(ROWS, shops, strict=False):
        step = call(shop, make_user(balance_minor=1_000_00), method)
        if "beside" in step and sdk.driver.startswith("fzlee"):
            continue  # its general way sends biz_content and nothing beside
        [answer] = sdks.drive(sdk, facts(shop, live, [step]))
        assert answer.get("code", "10000") == "10000", (method, answer)
        assert "refused_by_sdk" not in answer, (method, answer)
    check_raw(live, shop)


@pytest.mark.parametrize("sdk", SDKS, indirect=True, ids=lambda sdk: sdk.package)
@pytest.mark.parametrize("method", PAGES)
def test_library_makes_the_address_of_every_cashier(
    sdk: Sdk, live: LiveServer, method: str
) -> None:
    content = {"out_trade_no": "P", "subject": "茶/Tea", "total_amount": "3.00"}
    step = {"method": method, "content": content, "page": True, "return_url": "http://s.example/"}
    if sdk.driver != "fzlee_python.py":  # that one names the product by itself
        content["product_code"] = PAGES[method]
    [answer] = sdks.drive(sdk, facts(make_shop(), live, [step]))
    address = answer["address"].partition("?")[2]
    sent = requests.get(f"{live.url}/gateway.do?{address}", allow_redirects=False, timeout=10)
    assert sent.headers["Location"].startswith("/cashier/")
