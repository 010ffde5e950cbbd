"""The developers' console in a real browser: sound, readable, usable at both widths."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from merchants.onboarding.rules import load_private_key
from merchants.onboarding.values import SignType
from merchants.protocol.signing import sign
from merchants.workbench import recorder
from tests.browser.stage import Stage
from tests.factories.accounts import PASSWORD, make_user
from tests.gateway.world import Shop, make_shop

PAGES = [
    "/console/",
    "/console/apps/{app}/",
    "/console/calls/",
    "/console/notifications/",
    "/console/explain/",
    "/console/guides/",
    "/console/guides/python/",
    "/console/compatibility/",
]
SHOTS = os.environ.get("SAOMA_SHOTS", "")


@pytest.fixture
def desk(page: Page, live_server: LiveServer) -> Iterator[Stage]:
    """The console's door; nothing may have gone wrong by the end."""
    desk = Stage(page, live_server.url)
    desk.open("/console/")
    yield desk
    assert desk.faults == []


def shoot(desk: Stage, name: str) -> None:
    """Keep a picture where SAOMA_SHOTS says."""
    if SHOTS:
        desk.page.screenshot(path=Path(SHOTS) / f"{name}.png", full_page=True)


def begin(desk: Stage) -> str:
    """Make a shop as a newcomer does; gives the app's number."""
    card = desk.page.locator("section", has_text="New here?")
    card.get_by_label("Name of the shop").fill("新店 Tea")
    card.get_by_label("Phone number").fill("+86 139 1234 5678")
    card.get_by_label("Password").fill(PASSWORD)
    card.get_by_label("Payment PIN").fill("271828")
    card.get_by_role("button", name="Make my shop").click()
    return desk.page.locator("#fact-app").inner_text()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1440, 390])
def test_a_newcomer_finds_the_way_and_nothing_is_out_of_reach(
    desk: Stage, width: int, settings: Settings
) -> None:
    desk.page.set_viewport_size({"width": width, "height": 900})
    shoot(desk, f"door-{width}")
    assert desk.accessibility_faults() == []
    app = begin(desk)
    shoot(desk, f"started-{width}")
    assert desk.accessibility_faults() == []
    for path in PAGES:
        desk.open(path.format(app=app))
        shoot(desk, f"{path.strip('/').replace('/', '-').format(app='app')}-{width}")
        assert desk.accessibility_faults() == []
        wide = desk.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, path


@pytest.mark.django_db(transaction=True)
def test_a_wrong_signature_is_explained_from_the_log(desk: Stage, settings: Settings) -> None:
    settings.SAOMA_GATEWAY_LOG = recorder.INLINE
    owner = make_user()
    shop = make_shop(owner=owner)
    sell(shop)
    card = desk.page.locator("section", has_text="With the wallet account")
    card.get_by_label("Phone number").fill(owner.phone)
    card.get_by_label("Password").fill(PASSWORD)
    card.get_by_role("button", name="Sign in").click()
    desk.page.get_by_role("link", name="Requests").click()
    shoot(desk, "calls")
    desk.page.get_by_role("row", name="isv.invalid-signature").get_by_role("link").click()
    desk.sees(desk.page.locator(".findings"), "trailing_newline")
    shoot(desk, "call")
    assert desk.accessibility_faults() == []


def sell(shop: Shop) -> None:
    """One payment, and one call whose string ended in a line break when it was signed."""
    shop.sold(make_user(balance_minor=100_00))
    params = shop.params("alipay.trade.query", {"out_trade_no": "茶 1"})
    text = "&".join(f"{name}={params[name]}" for name in sorted(params) if name != "sign")
    key = load_private_key(shop.private_pem.encode())
    shop.send(params | {"sign": sign(key, f"{text}\n".encode(), SignType.RSA2)})


@pytest.mark.django_db(transaction=True)
def test_a_pasted_command_is_explained_and_can_be_read_on_a_phone(desk: Stage) -> None:
    desk.page.set_viewport_size({"width": 390, "height": 900})
    shop = make_shop()
    params = shop.params("alipay.trade.query", {"out_trade_no": "茶 1"}, version="1.0+")
    body = "&".join(f"{name}={value}" for name, value in params.items())
    desk.open("/console/explain/")
    desk.page.get_by_label("The request").fill(f"curl 'http://x/gateway.do' -d '{body}'")
    desk.page.get_by_role("button", name="Explain").click()
    desk.sees(desk.page.locator(".findings"), "plus_for_space")
    shoot(desk, "explained-390")
    assert desk.accessibility_faults() == []
    assert not desk.page.evaluate("document.documentElement.scrollWidth > innerWidth")
