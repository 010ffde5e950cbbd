"""Bills of days that are over never change, and name everybody as they should."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from config.kernel import clock
from merchants.bills.models import StoredBill
from tests.factories.accounts import make_user
from tests.factories.clock import advance
from tests.factories.funds import give_balance
from tests.factories.settlement import noon
from tests.gateway.bill_reader import Sheet, read_bill
from tests.gateway.rows_bills import BILL
from tests.gateway.rows_splits import BIND, SETTLE, bound, paid, part
from tests.gateway.rows_transfers import UNI, payee
from tests.gateway.world import Shop, make_shop, new_order
from wallet.accounts.models import WalletUser

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def today() -> str:
    return clock.today("Asia/Shanghai").isoformat()


def download(shop: Shop, kind: str, on: str) -> bytes:
    """A bill as it comes."""
    node = shop.ask(BILL, bill_type=kind, bill_date=on).node
    answer = shop.http.get(urlsplit(node["bill_download_url"]).path)
    return bytes(answer.getvalue())


def rows(shop: Shop, kind: str, on: str) -> list[dict[str, str]]:
    """The lines of a bill."""
    sheets: dict[str, Sheet] = read_bill(download(shop, kind, on))
    return sheets["业务明细" if kind == "trade" else "账务明细"].rows


def settle(shop: Shop, trade_no: str, *parts: dict[str, Any]) -> None:
    content = {"out_request_no": new_order(), "trade_no": trade_no}
    answer = shop.ask(SETTLE, royalty_parameters=list(parts), **content)
    assert answer.node["code"] == "10000"


def test_a_later_split_stands_on_its_own_day(shop: Shop, buyer: WalletUser) -> None:
    noon()
    friend, trade_no, first = bound(shop), paid(shop, buyer), today()
    settle(shop, trade_no, part(friend, "10.00"))
    advance(days=1)
    before = {kind: download(shop, kind, first) for kind in ("trade", "signcustomer")}
    settle(shop, trade_no, part(friend, "20.00"))
    advance(days=1)
    for kind, content in before.items():
        assert download(shop, kind, first) == content
    [sale] = rows(shop, "trade", first)
    assert (sale["业务类型"], sale["分润（元）"]) == ("交易", "-10.00")
    [later] = [row for row in rows(shop, "trade", yesterday()) if row["分润（元）"] != "0.00"]
    assert (later["业务类型"], later["分润（元）"]) == ("分账", "-20.00")
    assert later["商家实收（元）"] == "0.00"
    assert StoredBill.objects.filter(merchant=shop.merchant).count() == 3


def yesterday() -> str:
    """The day before, in the shop's zone."""
    return (clock.today("Asia/Shanghai") - timedelta(days=1)).isoformat()


def test_the_bill_of_a_running_day_is_not_kept(shop: Shop, buyer: WalletUser) -> None:
    noon()
    paid(shop, buyer)
    assert len(rows(shop, "trade", today())) == 1
    paid(shop, buyer)
    assert len(rows(shop, "trade", today())) == 2
    assert not StoredBill.objects.exists()


def test_shares_name_the_payee_and_what_came_back_too(shop: Shop, buyer: WalletUser) -> None:
    noon()
    friend, trade_no = bound(shop), paid(shop, buyer)
    settle(shop, trade_no, part(friend, "10.00"))
    content = {"trade_no": trade_no, "refund_amount": "50.00", "out_request_no": "R1"}
    takes = [{"trans_out": friend.user_number, "amount": "4.00"}]
    shop.ask("alipay.trade.refund", refund_royalty_parameters=takes, **content)
    by_kind = {row["业务类型"]: row for row in rows(shop, "signcustomer", today())}
    masked = f"**r({friend.phone.removeprefix('+86')[:3]}******{friend.phone[-2:]})"
    assert by_kind["交易分账"]["对方账号"] == masked
    assert by_kind["分账退回"]["对方账号"] == masked
    assert by_kind["分账退回"]["备注"] == "退款时退回分账"
    assert by_kind["在线支付"]["对方账号"] != masked


def test_movements_of_its_own_have_numbers_and_words_that_people_read(
    shop: Shop, buyer: WalletUser
) -> None:
    noon()
    paid(shop, buyer)
    give_balance(shop.merchant, 50_00)
    friend = make_user(name="Somebody Whole")
    content = {"product_code": "TRANS_ACCOUNT_NO_PWD", "biz_scene": "DIRECT_TRANSFER"}
    shop.ask(
        UNI, out_biz_no="T1", trans_amount="1.50", payee_info=payee(friend.user_number), **content
    )
    day = today()
    advance(days=1)
    lines = rows(shop, "signcustomer", day)
    assert "Somebody Whole" not in str(lines)
    assert all(row["账务流水号"].startswith(day.replace("-", "")) for row in lines)
    assert {len(row["账务流水号"]) for row in lines} == {28}
    assert not any("-" in row["业务流水号"] or ":" in row["业务流水号"] for row in lines)
    notes = {row["业务类型"]: row["备注"] for row in lines}
    assert notes["充值"] == "余额充值"
    night = {row["业务类型"]: row for row in rows(shop, "signcustomer", today())}
    assert (night["收费"]["备注"], night["提现"]["备注"]) == ("服务费结算", "结算提现")
    assert night["提现"]["业务流水号"] == f"{day.replace('-', '')}CNY"


def test_a_payee_that_is_a_shop_sees_who_gave_it_a_share(shop: Shop, buyer: WalletUser) -> None:
    noon()
    other = make_shop("Noodle Bar", owner=make_user(name="Other"))
    named = {"type": "userId", "account": other.merchant.merchant_number}
    shop.ask(BIND, out_request_no="B", receiver_list=[named])
    share = part(buyer, "2.50") | {"trans_in": other.merchant.merchant_number}
    settle(shop, paid(shop, buyer), share)
    [came] = rows(other, "signcustomer", today())
    assert came["对方账号"].startswith(f"**{shop.merchant.name[-1]}(208")
    assert came["收入金额（+元）"] == "2.50"
