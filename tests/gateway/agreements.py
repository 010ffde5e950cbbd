"""Agreements as a merchant's developer and their customers make them."""

import re
from html import unescape
from typing import Any
from urllib.parse import urlencode

from django.test import Client

from config.kernel import clock
from merchants.protocol.formats import beijing
from tests.factories.accounts import PASSWORD, PIN
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser
from wallet.agreements.models import Agreement

SIGN = "alipay.user.agreement.page.sign"
BACK = "http://shop.example/signed?car=1"
Content = dict[str, Any]


def today() -> str:
    """Today in Beijing; a day that no month lacks."""
    day = beijing(clock.now())[:10]
    return day if day[8:] <= "28" else f"{day[:8]}28"


def monthly(**changes: Any) -> Content:
    """A rule of up to 30.00 a month from today on."""
    rule = {"period_type": "MONTH", "period": 1, "execute_time": today(), "single_amount": 30}
    return {name: value for name, value in (rule | changes).items() if value is not None}


def cyclic(**changes: Any) -> Content:
    """What page.sign sends for debits by period."""
    return {
        "personal_product_code": "CYCLE_PAY_AUTH_P",
        "product_code": "CYCLE_PAY_AUTH",
        "sign_scene": "INDUSTRY|DIGITAL_MEDIA",
        "access_params": {"channel": "ALIPAYAPP"},
        "period_rule_params": monthly(),
    } | changes


def general(**changes: Any) -> Content:
    """What page.sign sends for debits whenever the service is used: at most 20.00 each."""
    return {
        "personal_product_code": "GENERAL_WITHHOLDING_P",
        "product_code": "GENERAL_WITHHOLDING",
        "sign_scene": "INDUSTRY|CARPARK",
        "access_params": {"channel": "QRCODE"},
        "period_rule_params": {"single_amount": "20.00"},
    } | changes


def open_page(shop: Shop, content: Content, **common: str) -> Any:
    """Send the payer's browser to the gateway."""
    params = shop.params(SIGN, content, return_url=BACK, **common)
    return shop.http.get("/gateway.do?" + urlencode(params))


def fill_in(page: str, payer: WalletUser, **changes: str) -> Any:
    """Fill the page's form in, with the challenge that stands on it."""
    shown = Client().get(page).content.decode()
    challenge = re.search(r'name="challenge" value="([0-9a-f]{64})"', shown)
    form = {
        "phone": payer.phone,
        "password": PASSWORD,
        "pin": PIN,
        "challenge": challenge[1] if challenge else "",
    }
    return Client().post(page, form | changes)


def back_link(page: str) -> str:
    """Where the signed page leads."""
    found = re.search(r'id="back" href="([^"]+)"', Client().get(page).content.decode())
    assert found
    return unescape(found[1])


def offered(shop: Shop, content: Content | None = None, **common: str) -> str:
    """Offer an agreement; gives its page."""
    return str(open_page(shop, content or general(), **common).headers["Location"])


def signed(shop: Shop, payer: WalletUser, content: Content | None = None, **common: str) -> str:
    """Offer an agreement and sign it; gives its number."""
    page = offered(shop, content, **common)
    assert fill_in(page, payer).status_code == 302
    return Agreement.objects.get(token=page.rpartition("/")[2]).number


def debit(shop: Shop, number: str, amount: Any = "6.00", **more: Any) -> Any:
    """alipay.trade.pay under an agreement, as the product that it was signed as."""
    known = Agreement.objects.filter(number=number).first()
    product = known.details["product_code"] if known else "GENERAL_WITHHOLDING"
    content = {
        "out_trade_no": more.pop("out_trade_no", f"D{Agreement.objects.count()}{clock.now():%f}"),
        "total_amount": amount,
        "subject": "停车费",
        "product_code": product,
        "agreement_params": {"agreement_no": number},
    }
    return shop.ask("alipay.trade.pay", **(content | more))
