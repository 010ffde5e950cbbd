"""A merchant's money asked for without a file, over the gateway."""

import pytest

from tests.factories.funds import give_balance
from tests.gateway.rows_account_queries import last_hour
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser

pytestmark = pytest.mark.django_db
LOG, SALES = "alipay.data.bill.accountlog.query", "alipay.data.bill.sell.query"


def test_the_balance_says_what_is_free_and_what_is_not_settled(
    shop: Shop, buyer: WalletUser
) -> None:
    give_balance(shop.merchant, 50_00)
    shop.sold(buyer, amount="12.00")
    node = shop.ask("alipay.data.bill.balance.query").node
    assert (node["available_amount"], node["settle_amount"]) == ("50.00", "12.00")
    assert node["total_amount"] == "62.00"


def test_movements_carry_the_balance_after_each(shop: Shop, buyer: WalletUser) -> None:
    content = last_hour(shop, buyer)
    shop.sold(buyer, amount="3.00")
    rows = shop.ask(LOG, **content).node["detail_list"]
    assert [(row["direction"], row["trans_amount"]) for row in rows] == [
        ("收入", "12.00"),
        ("收入", "3.00"),
    ]
    assert rows[1]["balance"] == "15.00"


def test_pages_say_how_many_rows_there_are(shop: Shop, buyer: WalletUser) -> None:
    content = last_hour(shop, buyer) | {"page_no": "2", "page_size": "1"}
    second = shop.sold(buyer, amount="3.00")
    node = shop.ask(SALES, **content).node
    assert (node["total_size"], [row["merchant_order_no"] for row in node["detail_list"]]) == (
        "2",
        [second],
    )


def test_a_refund_is_a_row_of_its_own(shop: Shop, buyer: WalletUser) -> None:
    content = last_hour(shop, buyer)
    number = shop.sold(buyer, amount="3.00")
    shop.ask("alipay.trade.refund", out_trade_no=number, refund_amount="1.00", out_request_no="R")
    rows = shop.ask(SALES, **content, merchant_order_no=number).node["detail_list"]
    assert [row["trade_type"] for row in rows] == ["交易", "退款"]
    assert rows[1]["refund_amount"] == "1.00"


@pytest.mark.parametrize(
    "change",
    [
        {"start_time": ""},
        {"end_time": "2999-01-01 00:00:00"},
        {"end_time": "2001-01-01 00:00:00"},
        {"page_size": "2001"},
        {"page_no": "0"},
    ],
)
def test_a_span_or_page_that_cannot_be_is_refused(
    shop: Shop, buyer: WalletUser, change: dict[str, str]
) -> None:
    answer = shop.ask(LOG, **last_hour(shop, buyer) | change)
    assert answer.sub_code == "INVALID_PARAMETER"
