"""The consent pages in a real browser: they fit, are accessible, and lead back."""

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, ViewportSize
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from tests.browser.stage import Stage
from tests.factories.accounts import PASSWORD, make_user
from tests.gateway.world import Shop, make_shop
from wallet.accounts.models import WalletUser

VIEWS: list[ViewportSize] = [{"width": 1440, "height": 1000}, {"width": 390, "height": 844}]
LANGUAGES = {"en-GB": "Refuse", "fr-FR": "Refuser", "zh-CN": "拒绝"}
CITIZEN, OWNER = "/oauth2/publicAppAuthorize.htm", "/oauth2/appToAppAuth.htm"


@pytest.fixture(params=VIEWS, ids=["desk", "phone"])
def size(request: pytest.FixtureRequest) -> ViewportSize:
    """One width after the other."""
    view: ViewportSize = request.param
    return view


@pytest.fixture
def view(
    size: ViewportSize, browser: Browser, live_server: LiveServer, settings: Settings
) -> Iterator[Stage]:
    """A browser at one width; nothing may have gone wrong by the end."""
    settings.LAB_MODE = True
    context = browser.new_context(viewport=size)
    view = Stage(context.new_page(), live_server.url)
    view.page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    yield view
    context.close()
    assert view.faults == []


def page(shop: Shop, view: Stage, path: str = CITIZEN) -> str:
    """The page's address as an app makes it; the app's own is on another port's name."""
    back = view.address.replace("127.0.0.1", "localhost") + "/healthz"
    named = {"app_id": shop.app.app_number, "redirect_uri": back, "state": "s1"}
    if path == CITIZEN:
        named["scope"] = "auth_user"
    return f"{path}?{urlencode(named)}"


def test_a_citizen_allows_an_app_and_is_led_back(view: Stage) -> None:
    shop, citizen = make_shop(), make_user(name="Li Na")
    view.open(page(shop, view))
    assert view.overflow() <= 0
    assert view.accessibility_faults() == []
    view.page.get_by_label("Phone number").fill(citizen.phone)
    view.page.get_by_label("Password").fill(PASSWORD)
    view.page.get_by_role("button", name="Sign in and allow").click()
    view.page.wait_for_url("http://localhost:*/healthz?**")
    assert "auth_code=" in view.page.url
    assert "state=s1" in view.page.url


def test_an_owner_chooses_the_app_that_is_acted_for(view: Stage) -> None:
    shop, subject = make_shop(), make_shop("Noodle Bar")
    owner = WalletUser.objects.get(id=subject.merchant.owner_id)
    view.open(page(shop, view, OWNER))
    view.page.get_by_label("Phone number").fill(owner.phone)
    view.page.get_by_label("Password").fill(PASSWORD)
    view.page.get_by_role("button", name="Sign in").click()
    view.page.get_by_role("radio").first.wait_for()
    assert view.overflow() <= 0
    assert view.accessibility_faults() == []
    view.page.get_by_role("button", name="Allow").click()
    view.page.wait_for_url("http://localhost:*/healthz?**")
    assert "app_auth_code=" in view.page.url


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_three_languages(
    browser: Browser, view: Stage, size: ViewportSize, language: str
) -> None:
    shop = make_shop()
    context = browser.new_context(viewport=size, locale=language)
    shown = Stage(context.new_page(), view.address)
    shown.open(page(shop, view))
    shown.page.get_by_role("button", name=LANGUAGES[language], exact=True).wait_for()
    assert shown.overflow() <= 0
    assert shown.accessibility_faults() == []
    context.close()
