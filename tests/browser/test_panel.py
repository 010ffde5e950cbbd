"""The operators' panel at both widths: axe finds nothing serious, the console stays quiet."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from merchants.onboarding.models import Merchant
from tests.browser.stage import Stage
from tests.factories.operators import make_operator
from tests.factories.world import bring_on_stage

DESKTOP: ViewportSize = {"width": 1440, "height": 1000}
PHONE: ViewportSize = {"width": 390, "height": 844}
PAGES = (
    "/admin/",
    "/admin/accounts/walletuser/",
    "/admin/onboarding/merchant/",
    "/admin/ledger/entry/",
    "/admin/payments/payment/",
    "/admin/settlement/settlementbatch/",
    "/admin/approvals/approvalrequest/",
    "/admin/audit/auditevent/",
)


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def panel(
    request: pytest.FixtureRequest,
    browser: Browser,
    live_server: LiveServer,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[Stage]:
    """The panel's login, before a small world."""
    bring_on_stage(settings, monkeypatch, tmp_path, live_server.url, whole=False)
    make_operator("root", superuser=True)
    context = browser.new_context(viewport=request.param)
    panel = Stage(context.new_page(), live_server.url)
    panel.open("/admin/login/?next=/admin/")
    yield panel
    context.close()
    assert panel.faults == []


def log_in(panel: Stage) -> None:
    """Log in as an operator who may see everything."""
    panel.page.locator("input[name=username]").fill("root")
    panel.page.locator("input[name=password]").fill("long enough a word")
    panel.page.locator("input[name=password]").press("Enter")
    panel.page.wait_for_url("**/admin/")


def test_the_login_is_accessible(panel: Stage) -> None:
    assert panel.accessibility_faults() == []


def test_home_lists_and_details_are_accessible(panel: Stage) -> None:
    log_in(panel)
    merchant = Merchant.objects.get()
    found = {}
    for path in (*PAGES, f"/admin/onboarding/merchant/{merchant.id}/change/"):
        panel.open(path)
        panel.page.wait_for_timeout(400)
        found[path] = panel.accessibility_faults()
    assert {path: faults for path, faults in found.items() if faults} == {}
