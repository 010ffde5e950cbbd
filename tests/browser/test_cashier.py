"""The cashier in a real browser: fits, is accessible, takes the money, leads back."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, ViewportSize
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from merchants.onboarding import queries
from tests.browser.stage import Stage
from tests.factories.accounts import PASSWORD, PIN, make_user
from tests.gateway.world import make_shop, new_order

VIEWS: list[ViewportSize] = [{"width": 1280, "height": 900}, {"width": 390, "height": 844}]


@pytest.fixture(params=VIEWS, ids=["desk", "phone"])
def view(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, settings: Settings
) -> Iterator[Stage]:
    """A browser at one width; nothing may have gone wrong by the end."""
    settings.PUBLIC_URL = live_server.url
    queries.forget_credentials()
    context = browser.new_context(viewport=request.param)
    view = Stage(context.new_page(), live_server.url)
    # The page that stands in for the merchant's own has no icon.
    view.page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    yield view
    context.close()
    assert view.faults == []


def test_the_buyer_pays_at_the_cashier_and_is_led_back(view: Stage) -> None:
    shop, buyer = make_shop(), make_user(balance_minor=100_00)
    content = {
        "out_trade_no": new_order(),
        "total_amount": "20.00",
        "subject": "茶壶 Teapot",
        "product_code": "FAST_INSTANT_TRADE_PAY",
    }
    back = f"{view.address}/healthz"
    params = shop.params("alipay.trade.page.pay", content, return_url=back)
    view.open("/gateway.do?" + urlencode(params))
    assert view.overflow() <= 0
    assert view.accessibility_faults() == []
    view.page.get_by_label("Phone number").fill(buyer.phone)
    view.page.get_by_label("Password").fill(PASSWORD)
    view.page.get_by_label("Payment PIN").fill(PIN)
    view.page.get_by_role("button").click()
    view.page.get_by_role("status").wait_for()
    assert view.accessibility_faults() == []
    view.page.wait_for_url(f"{back}?**")
    assert "trade_no=" in view.page.url
