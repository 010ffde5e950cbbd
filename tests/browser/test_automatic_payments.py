"""The phone signs an agreement from its page's code, shows it, and ends it."""

import pytest

from lab import demo_accounts
from merchants.onboarding import rules
from merchants.onboarding.rules import new_key_pair
from tests.browser.stage import Stage
from tests.gateway.agreements import cyclic, offered
from tests.gateway.world import make_shop
from wallet.agreements.models import Agreement


def test_the_phone_signs_shows_and_ends_an_agreement(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "new_key_pair", new_key_pair)
    page = offered(make_shop("Gym"), cyclic(external_agreement_no="GYM1"))
    stage.open("/phone/")
    stage.log_in()
    stage.tab("scan")
    stage.page.locator("#phone-scan-typed").fill(stage.address + page)
    stage.page.locator("#phone-scan-typed").press("Enter")
    sheet = stage.page.get_by_role("dialog")
    stage.sees(sheet, "every month")
    assert stage.accessibility_faults() == []
    stage.confirm(demo_accounts.PIN)
    stage.sees(stage.page.locator(".phone-body"), "Signed with Gym")
    listed = stage.page.locator(".phone-body li").filter(has_text="Gym")
    stage.sees(listed, "30.00")
    assert Agreement.objects.get().status == "NORMAL"
    assert stage.accessibility_faults() == []
    stage.page.get_by_role("button", name="End automatic payments to Gym").click()
    stage.sees(stage.page.locator(".phone-body"), "You have agreed to none.")
    assert Agreement.objects.get().ended_by == "PAYER"
