"""The signing page in a real browser: fits, is accessible, signs, leads back."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, ViewportSize
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from merchants.onboarding import queries
from tests.browser.stage import Stage
from tests.factories.accounts import PASSWORD, PIN, make_user
from tests.gateway.agreements import SIGN, cyclic, monthly
from tests.gateway.world import make_shop

VIEWS: list[tuple[ViewportSize, str]] = [
    ({"width": 1440, "height": 1000}, "en-GB"),
    ({"width": 390, "height": 844}, "fr-FR"),
    ({"width": 390, "height": 844}, "zh-CN"),
]
WORDS = {
    "en-GB": ("Phone number", "Password", "Payment PIN"),
    "fr-FR": ("Numéro de téléphone", "Mot de passe", "Code PIN de paiement"),
    "zh-CN": ("手机号", "密码", "支付密码"),
}


@pytest.fixture(params=VIEWS, ids=lambda view: view[1])
def view(
    request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer, settings: Settings
) -> Iterator[tuple[Stage, str]]:
    """A browser at one width in one language; nothing may have gone wrong by the end."""
    settings.PUBLIC_URL = live_server.url
    queries.forget_credentials()
    viewport, locale = request.param
    context = browser.new_context(viewport=viewport, locale=locale)
    stage = Stage(context.new_page(), live_server.url)
    stage.page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    yield stage, locale
    context.close()
    assert stage.faults == []


def test_the_payer_signs_and_is_led_back(view: tuple[Stage, str]) -> None:
    stage, locale = view
    shop, payer = make_shop(), make_user()
    rule = monthly(total_amount="360", total_payments=12)
    content = cyclic(external_agreement_no="GYM-2027", period_rule_params=rule)
    back = f"{stage.address}/healthz"
    params = shop.params(SIGN, content, return_url=back)
    stage.open("/gateway.do?" + urlencode(params))
    assert stage.overflow() <= 0
    assert stage.accessibility_faults() == []
    phone, password, pin = WORDS[locale]
    stage.page.get_by_label(phone).fill(payer.phone)
    stage.page.get_by_label(password, exact=True).fill(PASSWORD)
    stage.page.get_by_label(pin).fill(PIN)
    stage.page.get_by_role("button").click()
    stage.page.get_by_role("status").wait_for()
    assert stage.accessibility_faults() == []
    stage.page.wait_for_url(f"{back}?**")
    assert "agreement_no=" in stage.page.url
