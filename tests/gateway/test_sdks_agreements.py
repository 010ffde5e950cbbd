"""Real client libraries, unmodified, through the agreement methods.

python-alipay-sdk names none of them and calls them by its generic way.
"""

from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from tests.factories.accounts import available_minor, make_user
from tests.gateway import sdks
from tests.gateway.agreements import fill_in, general, signed
from tests.gateway.runs import check_raw, facts, live, sdk, step
from tests.gateway.sdks import Sdk
from tests.gateway.server import LiveServer
from tests.gateway.world import make_shop
from wallet.agreements.models import Agreement

pytestmark = [pytest.mark.sdk, pytest.mark.django_db(transaction=True)]
__all__ = ["live", "sdk"]


def paying(number: str, order: str, amount: Any) -> dict[str, Any]:
    """A debit; one library's own way of paying demands a code, its generic one does not."""
    debit = step(
        "trade.pay",
        out_trade_no=order,
        total_amount=amount,
        subject="停车费",
        product_code="GENERAL_WITHHOLDING",
        agreement_params={"agreement_no": number},
    )
    return debit | {"generic": True}


def test_library_signs_debits_and_unsigns(sdk: Sdk, live: LiveServer) -> None:
    shop, payer = make_shop(), make_user(balance_minor=100_00)
    signing = step("user.agreement.page.sign", **general(external_agreement_no="CAR1"))
    signing |= {"page": True, "return_url": "http://shop.example/back"}
    [answer] = sdks.drive(sdk, facts(shop, live, [signing]))
    address = urlsplit(answer["address"])
    url = f"{live.url}{address.path}?{address.query}"
    sent = requests.get(url, allow_redirects=False, timeout=10)
    assert fill_in(sent.headers["Location"], payer).status_code == 302
    live.bodies.clear()
    number = Agreement.objects.get().number
    steps = [
        step("user.agreement.query", agreement_no=number),
        paying(number, "EXIT1", "6.00"),
        paying(number, "EXIT2", 25),
        step(
            "user.agreement.executionplan.modify",
            agreement_no=number,
            deduct_time="2099-01-01",
            memo="holiday",
        ),
        step("user.agreement.unsign", agreement_no=number),
        paying(number, "EXIT3", 1),
        step("user.agreement.query", agreement_no=number),
    ]
    answers = sdks.drive(sdk, facts(shop, live, steps))
    assert [answer.get("sub_code", answer.get("code")) for answer in answers] == [
        "10000",
        "10000",
        "ACQ.CYCLE_PAY_SINGLE_FEE_EXCEED",
        "INVALID_PARAMETER",
        "10000",
        "ACQ.AGREEMENT_INVALID",
        "USER_AGREEMENT_NOT_EXIST",
    ]
    assert available_minor(payer) == 94_00
    check_raw(live, shop)


@pytest.mark.parametrize("sdk", sdks.SDKS[-1:], indirect=True, ids=lambda sdk: sdk.package)
def test_library_speaks_of_agreements_in_the_rest_protocol(sdk: Sdk, live: LiveServer) -> None:
    shop, payer = make_shop(), make_user(balance_minor=100_00)
    number = signed(shop, payer)
    path = "/v3/alipay/user/agreement"
    steps = [
        step("user.agreement.query", agreement_no=number)
        | {"rest": f"{path}/query", "verb": "GET"},
        paying(number, "EXIT1", 6) | {"rest": "/v3/alipay/trade/pay"},
        step("user.agreement.unsign", agreement_no=number) | {"rest": f"{path}/unsign"},
    ]
    found, paid, ended = sdks.drive(sdk, facts(shop, live, steps))
    assert (found["status"], paid["out_trade_no"], ended) == ("NORMAL", "EXIT1", {})
