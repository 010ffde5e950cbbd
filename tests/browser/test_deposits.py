"""Deposits and app orders on the lab's phone, pasted as a person would."""

import json
from datetime import timedelta
from urllib.parse import quote_plus

from config.kernel import clock
from lab import demo_accounts, demo_keys
from lab.mock_merchant import signing
from merchants.acceptance import queries
from merchants.acceptance.usecases.hold import offer_hold
from merchants.acceptance.values import Deposit
from merchants.onboarding.queries import app_credentials
from merchants.protocol.formats import beijing
from tests.browser.stage import Stage
from tests.factories.authorisations import held_minor
from wallet.public import user_by_phone


def paste(stage: Stage, text: str) -> None:
    """Paste a code's text into the phone."""
    stage.tab("scan")
    stage.page.locator("#phone-scan-typed").fill(text)
    stage.page.locator("#phone-scan-typed").press("Enter")


def offered() -> str:
    """The link in the code of a hotel's deposit of 80.00."""
    seller = app_credentials(demo_keys.load(demo_accounts.SHOPS[0].slug).app_number)
    assert seller is not None
    deposit = Deposit(
        seller=seller,
        reference="STAY1",
        request_no="FREEZE1",
        title="一晚押金 Deposit, one night",
        amount_minor=80_00,
        pay_expires_at=clock.now() + timedelta(minutes=10),
    )
    return queries.order_link(offer_hold(deposit=deposit).operation.token)


def app_order() -> str:
    """The order string of an app that sells tea for 8.00."""
    shop = demo_keys.load(demo_accounts.SHOPS[0].slug)
    content = {
        "out_trade_no": "APP1",
        "total_amount": "8.00",
        "subject": "茶 Tea",
        "body": "Longjing, 50 g",
    }
    params = {
        "app_id": shop.app_number,
        "method": "alipay.trade.app.pay",
        "charset": "utf-8",
        "sign_type": "RSA2",
        "timestamp": beijing(clock.now()),
        "version": "1.0",
        "biz_content": json.dumps(content, ensure_ascii=False),
    }
    params["sign"] = signing.sign_request(params, shop.private_key, "RSA2", "utf-8")
    return "&".join(f"{name}={quote_plus(value)}" for name, value in params.items())


def test_deposit_is_agreed_to_and_nothing_is_paid(stage: Stage) -> None:
    stage.open("/phone/")
    stage.log_in()

    paste(stage, offered())
    stage.sees(stage.page.locator(".sheet"), "Confirm the deposit")
    stage.sees(stage.page.locator(".sheet"), "Nothing is paid now")
    assert stage.accessibility_faults() == []
    stage.confirm()

    stage.sees(stage.page.locator("saoma-phone .notice").first, "authorised for")
    stage.sees(stage.balance, "1,920.00")
    assert held_minor(user_by_phone(demo_accounts.CITIZENS[0].phone)) == 80_00


def test_apps_order_is_pasted_and_paid(stage: Stage) -> None:
    stage.open("/phone/")
    stage.log_in()

    paste(stage, app_order())
    stage.sees(stage.page.locator(".sheet"), "Confirm the payment")
    stage.sees(stage.page.locator(".sheet"), "Longjing, 50 g")
    stage.confirm()

    stage.sees(stage.balance, "1,992.00")


def test_apps_order_that_was_changed_is_not_shown(stage: Stage) -> None:
    stage.expected = {400}
    stage.open("/phone/")
    stage.log_in()

    paste(stage, app_order().replace("8.00", "1.00"))
    stage.sees(stage.page.locator("saoma-phone .notice.bad"), "no valid order")
