"""Bills, read back by a reader of their own and held to the ledger's totals."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from pytest_django.fixtures import Settings

from config.kernel import clock
from config.kernel.outbox import relay
from merchants.acceptance.usecases.pay import pay_by_code
from merchants.onboarding.queries import app_credentials
from merchants.payouts.usecases.settle_date import settle_date
from merchants.settlement import queries as settlement
from merchants.settlement.models import SettlementBatch
from tests.factories.accounts import make_user
from tests.factories.clock import advance, later
from tests.factories.funds import balance_minor, give_balance
from tests.factories.merchants import make_sale
from tests.factories.settlement import books, noon
from tests.gateway.bill_reader import Sheet, fen, fetch, today
from tests.gateway.rows_bills import BILL
from tests.gateway.rows_splits import SETTLE, bound, part
from tests.gateway.rows_transfers import UNI, payee
from tests.gateway.v3 import send
from tests.gateway.world import Shop, fresh_code, new_order
from wallet import public as wallet
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = pytest.mark.django_db
AMOUNT, FEE, SPLIT = "商家实收（元）", "服务费（元）", "分润（元）"
IN, OUT, LEFT = "收入金额（+元）", "支出金额（-元）", "账户余额（元）"


def total(rows: list[dict[str, str]], column: str) -> int:
    """A column added up, in fen."""
    return sum(fen(row[column]) for row in rows)


def refund(shop: Shop, order: str, amount: str, **more: Any) -> None:
    """Give something back."""
    content = {"out_trade_no": order, "refund_amount": amount, "out_request_no": new_order()}
    assert shop.ask("alipay.trade.refund", **content, **more).node["code"] == "10000"


def test_trade_bill_lists_sales_and_refunds(shop: Shop, buyer: WalletUser) -> None:
    order = shop.sold(buyer, amount="12.00")
    refund(shop, order, "2.00")
    sheets = fetch(shop)
    sale, back = sheets["业务明细"].rows
    assert len(sale) == 25
    assert (sale["业务类型"], sale[AMOUNT], sale[FEE]) == ("交易", "12.00", "-0.07")
    assert (back["业务类型"], back[AMOUNT], back[FEE]) == ("退款", "-2.00", "0.01")
    assert sale["商户订单号"] == back["商户订单号"] == order
    assert "#交易合计：1笔，商家实收共12.00元，商家优惠共0.00元" in sheets["业务明细"].notes
    [store, whole] = sheets["业务明细(汇总)"].rows
    assert (whole["门店编号"], whole["实收净额（元）"]) == ("合计", "9.94")
    assert store[AMOUNT] == "10.00"


def test_text_that_the_format_cannot_hold_is_replaced(shop: Shop, buyer: WalletUser) -> None:
    content = {"total_amount": "1.00", "scene": "bar_code", "auth_code": fresh_code(buyer)}
    shop.ask("alipay.trade.pay", out_trade_no="E", subject="茶, Tea 🍵\r\nx", **content)
    [sale] = fetch(shop)["业务明细"].rows
    assert sale["商品名称"] == "茶， Tea ? x"


def test_account_bill_runs_with_the_balance(shop: Shop, buyer: WalletUser) -> None:
    noon()
    order = shop.sold(buyer, amount="100.00")
    refund(shop, order, "20.00")
    give_balance(shop.merchant, 50_00)
    relay.drain()
    settle_date(business_date=clock.today())
    rows = fetch(shop, "signcustomer")["账务明细"].rows
    assert [(row["业务类型"], row[LEFT]) for row in rows] == [
        ("在线支付", "100.00"),
        ("交易退款", "80.00"),
        ("充值", "130.00"),
        ("收费", "129.52"),
        ("提现", "50.00"),
    ]
    assert rows[0]["商户订单号"] == order


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"bill_date": "2001-01-01"}, "isp.bill_not_exist"),
        ({"bill_date": "2999-01"}, "isp.bill_not_exist"),
        ({"bill_date": "20260101"}, "INVALID_PARAMETER"),
        ({"bill_date": "2026-13"}, "INVALID_PARAMETER"),
        ({"bill_type": "settlementMerge"}, "INVALID_PARAMETER"),
    ],
)
def test_no_such_bill(shop: Shop, buyer: WalletUser, asked: dict[str, str], code: str) -> None:
    shop.sold(buyer)
    content = {"bill_type": "trade", "bill_date": today()} | asked
    assert shop.ask(BILL, **content).sub_code == code


def test_each_bill_is_there_only_where_it_has_lines(shop: Shop) -> None:
    give_balance(shop.merchant, 10_00)
    asked = {"bill_date": f"{clock.today('Asia/Shanghai'):%Y-%m-%d}"}
    trades = shop.ask(BILL, bill_type="trade", **asked)
    assert trades.sub_code == "isp.bill_not_exist"
    assert shop.ask(BILL, bill_type="signcustomer", **asked).node["code"] == "10000"


@pytest.mark.slow
def test_bill_is_had_the_day_after(shop: Shop, buyer: WalletUser, settings: Settings) -> None:
    settings.SAOMA_BILL_SAME_DAY = False
    noon()
    shop.sold(buyer)
    day, month = today(), today()[:7]
    content = {"bill_type": "trade", "bill_date": day}
    assert shop.ask(BILL, **content).sub_code == "isp.bill_not_exist"
    advance(days=1)
    assert len(fetch(shop, on=day)["业务明细"].rows) == 1
    advance(days=31)
    assert len(fetch(shop, on=month)["业务明细"].rows) == 1


def test_link_is_good_for_a_minute_and_for_nothing_else(shop: Shop, buyer: WalletUser) -> None:
    shop.sold(buyer)
    node = shop.ask(BILL, bill_type="trade", bill_date=today()).node
    path = urlsplit(node["bill_download_url"]).path
    assert shop.http.get(f"{path}x").status_code == 410
    assert shop.http.get("/bills/nonsense").status_code == 410
    later(seconds=62)
    assert shop.http.get(path).status_code == 410


def test_rest_face_answers_a_get(shop: Shop, buyer: WalletUser) -> None:
    shop.sold(buyer)
    path = "/v3/alipay/data/dataservice/bill/downloadurl/query"
    found = send(shop, f"{path}?bill_type=trade&bill_date={today()}", verb="GET").json()
    assert "/bills/" in found["bill_download_url"]


@pytest.mark.slow
def test_bill_totals_are_ledger_totals(shop: Shop) -> None:
    """A day of 300 payments, 50 refunds, 20 transfers, splits and fees."""
    noon()
    orders = busy_day(shop)
    trades, account = fetch(shop), fetch(shop, "signcustomer")
    sales = [row for row in trades["业务明细"].rows if row["业务类型"] == "交易"]
    backs = [row for row in trades["业务明细"].rows if row["业务类型"] == "退款"]
    assert (len(sales), len(backs)) == (300, 50)
    assert {row["商户订单号"] for row in sales} == set(orders)
    batch = SettlementBatch.objects.get(merchant=shop.merchant)
    booked = settlement.booked([batch])
    assert total(sales, AMOUNT) == batch.gross_minor
    assert -total(backs, AMOUNT) == batch.refunded_minor
    rows = trades["业务明细"].rows
    assert -total(rows, FEE) == booked.fee_minor == batch.fee_minor
    assert -total(rows, SPLIT) == batch.split_minor - batch.split_back_minor
    net = sum(total(rows, column) for column in (AMOUNT, FEE, SPLIT))
    assert net == booked.net_minor == batch.net_minor
    whole = trades["业务明细(汇总)"].rows[-1]
    assert fen(whole["实收净额（元）"]) == net
    check_account(shop, account)
    assert verify_ledger().passed


def check_account(shop: Shop, account: dict[str, Sheet]) -> None:
    """Each movement's balance follows from the one before, and the last is the ledger's."""
    rows, held = account["账务明细"].rows, 0
    for row in rows:
        held += fen(row[IN]) + fen(row[OUT])
        assert fen(row[LEFT]) == held
    pending, payable, owed = books(shop.merchant)
    assert held == pending + payable - owed + balance_minor(shop.merchant)
    sent = [row for row in rows if row["业务类型"] == "转账"]
    assert (len(sent), total(sent, OUT)) == (20, -20 * 1_50)
    sums = {row["类型"]: row for row in account["账务汇总"].rows}
    assert fen(sums["合计"]["总金额（元）"]) == held
    assert sums["在线支付"]["收入笔数"] == "300"


def busy_day(shop: Shop) -> list[str]:
    """Sell, refund, split and send all day, then close it; gives the orders' numbers."""
    seller = app_credentials(shop.app.app_number, fresh=True)
    assert seller is not None
    payers = [make_user(balance_minor=20_000_00) for _ in range(5)]
    trades = []
    for number in range(300):
        sale = make_sale(seller, 1_00 + number * 7 % 5000, subject=f"茶 {number}, tea 🍵")
        code = wallet.issue_fresh_code(user_id=payers[number % 5].id).code
        trades.append(pay_by_code(sale=sale, code=code).payment)
    friend = bound(shop)
    for trade in trades[100:130]:
        shop.ask(
            SETTLE,
            out_request_no=new_order(),
            trade_no=trade.number,
            royalty_parameters=[part(friend, "0.10")],
        )
    for number, trade in enumerate(trades[100:150]):
        takes = [{"trans_out": friend.user_number}] if number < 30 else []
        refund(shop, trade.reference, "0.55", refund_royalty_parameters=takes)
    give_balance(shop.merchant, 100_00)
    for _ in range(20):
        content = {"product_code": "TRANS_ACCOUNT_NO_PWD", "biz_scene": "DIRECT_TRANSFER"}
        sent = shop.ask(
            UNI,
            out_biz_no=new_order(),
            trans_amount="1.50",
            payee_info=payee(friend.user_number),
            **content,
        )
        assert sent.node["status"] == "SUCCESS"
    relay.drain()
    settle_date(business_date=clock.today())
    return [trade.reference for trade in trades]
