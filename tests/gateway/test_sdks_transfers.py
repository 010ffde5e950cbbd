"""Real client libraries, unmodified, through the transfer methods each of them offers."""

from typing import Any

import pytest

from tests.factories.accounts import available_minor, make_user
from tests.factories.funds import give_balance
from tests.gateway import sdks
from tests.gateway.rows_transfers import payee
from tests.gateway.runs import check_raw, facts, live, sdk, step
from tests.gateway.sdks import Sdk
from tests.gateway.server import LiveServer
from tests.gateway.world import make_shop

pytestmark = [pytest.mark.sdk, pytest.mark.django_db(transaction=True)]
__all__ = ["live", "sdk"]


def new_words(number: str, merchant_number: str) -> list[dict[str, Any]]:
    """A transfer, its repeat, its query and the balance, as of today."""
    sending = step(
        "fund.trans.uni.transfer",
        out_biz_no="T1",
        trans_amount=1.5,
        product_code="TRANS_ACCOUNT_NO_PWD",
        biz_scene="DIRECT_TRANSFER",
        payee_info=payee(number),
        order_title="茶钱",
    )
    return [
        sending,
        sending,
        step("fund.trans.common.query", out_biz_no="T1"),
        step("fund.account.query", alipay_user_id=merchant_number, account_type="ACCTRANS_ACCOUNT"),
    ]


def old_words(number: str) -> list[dict[str, Any]]:
    """A transfer, its repeat and its query, as of 2016."""
    sending = step(
        "fund.trans.toaccount.transfer",
        out_biz_no="T2",
        payee_type="ALIPAY_USERID",
        payee_account=number,
        amount="0.50",
    )
    return [sending, sending, step("fund.trans.order.query", out_biz_no="T2")]


def test_library_sends_money(sdk: Sdk, live: LiveServer) -> None:
    shop, friend = make_shop(), make_user()
    give_balance(shop.merchant, 100_00)
    steps = old_words(friend.user_number)
    if sdk.driver != "fzlee_python.py":  # it names the new method in its certificate class alone
        steps += new_words(friend.user_number, shop.merchant.merchant_number)
    answers = sdks.drive(sdk, facts(shop, live, steps))
    assert {answer["code"] for answer in answers} == {"10000"}
    assert available_minor(friend) == (50 if len(answers) == 3 else 2_00)
    check_raw(live, shop)
