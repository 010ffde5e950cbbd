"""Real client libraries, unmodified, ask for a bill and its link is followed."""

from urllib.parse import urlsplit

import pytest
import requests

from tests.factories.accounts import make_user
from tests.gateway import sdks
from tests.gateway.bill_reader import read_bill
from tests.gateway.rows_bills import billed
from tests.gateway.runs import check_raw, facts, live, sdk, step
from tests.gateway.sdks import Sdk
from tests.gateway.server import LiveServer
from tests.gateway.world import make_shop

pytestmark = [pytest.mark.sdk, pytest.mark.django_db(transaction=True)]
__all__ = ["live", "sdk"]


def test_library_gets_a_bill(sdk: Sdk, live: LiveServer) -> None:
    shop = make_shop()
    asked = billed(shop, make_user(balance_minor=100_00))
    asking = step("data.dataservice.bill.downloadurl.query", **asked)
    if sdk.driver == "fzlee_python.py":
        pytest.skip("python-alipay-sdk names no such method without certificates")
    [answer] = sdks.drive(sdk, facts(shop, live, [asking]))
    check_raw(live, shop)
    path = urlsplit(answer["bill_download_url"]).path
    got = requests.get(f"{live.url}{path}", timeout=10)
    assert len(read_bill(got.content)["业务明细"].rows) == 1
