"""Guaranteed trades: money waits until it is confirmed, by somebody or by time."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from config.kernel import clock
from config.kernel.outbox import relay
from merchants.acceptance.usecases.scan import scan_code
from merchants.payouts.usecases.settle_date import settle_date
from merchants.settlement import queries as settlement
from merchants.settlement.models import SettlementBatch
from tests.factories.accounts import PASSWORD, PIN, available_minor
from tests.factories.clock import advance
from tests.factories.settlement import books, noon
from tests.gateway.agreements import debit, signed
from tests.gateway.rows_faces import make_terminal
from tests.gateway.rows_fund_auth import FREEZE, deposit
from tests.gateway.rows_splits import SETTLE, bound, part
from tests.gateway.world import Shop, fresh_code, new_order
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.models import Payment
from wallet.payments.usecases.confirm_payment import confirm_payment

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CONFIRM = "alipay.trade.settle.confirm"
PAGE_PRODUCT = "FAST_INSTANT_TRADE_PAY"


def guaranteed(shop: Shop, buyer: WalletUser, **info: Any) -> str:
    """The number of a guaranteed trade of ¥100.00 that has been paid."""
    paid = shop.pay(fresh_code(buyer), amount="100.00", settle_info=info or {"x": "y"}).node
    relay.drain()
    return str(paid["trade_no"])


def by_scan(shop: Shop, buyer: WalletUser, content: dict[str, Any]) -> None:
    """The till shows a code; the buyer scans it and pays."""
    code = shop.ask("alipay.trade.precreate", **content).node["qr_code"]
    scan = scan_code(payload=code, payer_id=buyer.id)
    assert scan.payment_id is not None
    confirm_payment(payment_id=scan.payment_id, payer_id=buyer.id, pin=PIN)


def by_page(shop: Shop, buyer: WalletUser, content: dict[str, Any]) -> None:
    """The buyer pays at the cashier."""
    params = shop.params("alipay.trade.page.pay", content | {"product_code": PAGE_PRODUCT})
    cashier = shop.http.get("/gateway.do?" + urlencode(params)).headers["Location"]
    form = {"phone": buyer.phone, "password": PASSWORD, "pin": PIN}
    assert Client().post(cashier, form).status_code == 302


def by_order(shop: Shop, buyer: WalletUser, content: dict[str, Any]) -> None:
    """The merchant knows the buyer, who pays on the phone."""
    shop.ask("alipay.trade.create", **content, buyer_id=buyer.user_number)
    made = Payment.objects.get(reference=content["out_trade_no"])
    confirm_payment(payment_id=made.id, payer_id=buyer.id, pin=PIN)


def by_face(shop: Shop, buyer: WalletUser, content: dict[str, Any]) -> None:
    """A terminal has recognised the buyer."""
    token = make_terminal(shop).token(buyer)
    shop.ask("alipay.trade.pay", **content, scene="security_code", auth_code=token)


def by_deposit(shop: Shop, buyer: WalletUser, content: dict[str, Any]) -> None:
    """What was frozen is captured."""
    frozen = {"auth_code": fresh_code(buyer), "auth_code_type": "bar_code"}
    auth_no = shop.ask(FREEZE, **deposit(shop, buyer) | frozen).node["auth_no"]
    said = shop.ask("alipay.trade.pay", **content, product_code="PRE_AUTH", auth_no=auth_no)
    assert said.node["code"] == "10000"


@pytest.mark.parametrize("way", [by_scan, by_page, by_order, by_face, by_deposit])
def test_however_it_is_paid_money_waits(shop: Shop, buyer: WalletUser, way: Any) -> None:
    noon()
    order = {"out_trade_no": new_order(), "total_amount": "20.00", "subject": "茶"}
    way(shop, buyer, order | {"settle_info": {"settle_period_time": "3d"}})
    relay.drain()
    told = shop.ask("alipay.trade.query", out_trade_no=order["out_trade_no"]).node
    assert (told["trade_status"], books(shop.merchant)[0]) == ("TRADE_SUCCESS", 0)
    advance(days=3, minutes=1)
    assert books(shop.merchant)[0] == 20_00
    assert verify_ledger().passed


def test_debits_under_an_agreement_are_never_guaranteed(shop: Shop, buyer: WalletUser) -> None:
    number = signed(shop, buyer)
    refused = debit(shop, number, settle_info={"settle_period_time": "3d"})
    assert refused.sub_code == "ACQ.INVALID_PARAMETER"
    assert "settle_info" in refused.node["sub_msg"]
    assert available_minor(buyer) == 1_000_00


def confirm(shop: Shop, trade_no: str, number: str = "C1") -> str:
    """Confirm a trade; gives the refusal's code, or ""."""
    return shop.ask(CONFIRM, trade_no=trade_no, out_request_no=number).sub_code


def test_money_waits_until_it_is_confirmed(shop: Shop, buyer: WalletUser) -> None:
    trade_no = guaranteed(shop, buyer)
    assert books(shop.merchant)[0] == 0
    assert [confirm(shop, trade_no), confirm(shop, trade_no)] == ["", ""]
    assert confirm(shop, trade_no, "C2") == "ACQ.TRADE_SETTLE_ERROR"
    assert books(shop.merchant)[0] == 100_00
    assert verify_ledger().passed


def test_money_is_released_when_nobody_confirms(shop: Shop, buyer: WalletUser) -> None:
    noon()
    guaranteed(shop, buyer, settle_period_time="7d")
    advance(days=6, hours=23)
    assert books(shop.merchant) == (0, 0, 0)
    advance(hours=2)
    assert books(shop.merchant)[0] == 100_00


def test_refund_inside_comes_from_the_escrow(shop: Shop, buyer: WalletUser) -> None:
    trade_no = guaranteed(shop, buyer)
    content = {"trade_no": trade_no, "refund_amount": "30.00", "out_request_no": "R1"}
    assert shop.ask("alipay.trade.refund", **content).node["code"] == "10000"
    assert shop.ask(CONFIRM, trade_no=trade_no, out_request_no="C1").node["amount"] == "70.00"
    assert books(shop.merchant) == (70_00, 0, 0)
    assert verify_ledger().passed


def test_trade_that_is_cancelled_leaves_nothing_to_confirm(shop: Shop, buyer: WalletUser) -> None:
    trade_no = guaranteed(shop, buyer)
    shop.ask("alipay.trade.cancel", trade_no=trade_no)
    assert confirm(shop, trade_no) == "ACQ.TRADE_STATUS_ERROR"
    assert available_minor(buyer) == 1_000_00
    advance(days=11)
    assert books(shop.merchant) == (0, 0, 0)


def test_trade_in_escrow_is_split_after_its_release(shop: Shop, buyer: WalletUser) -> None:
    friend, trade_no = bound(shop), guaranteed(shop, buyer)
    content = {"trade_no": trade_no, "royalty_parameters": [part(friend, "1.00")]}
    refused = shop.ask(SETTLE, out_request_no=new_order(), **content).sub_code
    assert refused == "ACQ.TRADE_SETTLE_ERROR"
    confirm(shop, trade_no)
    assert shop.ask(SETTLE, out_request_no=new_order(), **content).sub_code == ""


def test_ordinary_trade_has_nothing_to_confirm(shop: Shop, buyer: WalletUser) -> None:
    number = shop.pay(fresh_code(buyer)).node["trade_no"]
    assert confirm(shop, number) == "ACQ.TRADE_STATUS_ERROR"


@pytest.mark.parametrize("period", ["0d", "7h", "366d", 7])
def test_time_must_be_days(shop: Shop, buyer: WalletUser, period: object) -> None:
    info = {"settle_period_time": period}
    assert shop.pay(fresh_code(buyer), settle_info=info).sub_code == "ACQ.INVALID_PARAMETER"


def test_it_is_settled_with_the_day_of_its_release(shop: Shop, buyer: WalletUser) -> None:
    noon()
    trade_no = guaranteed(shop, buyer)
    content = {"trade_no": trade_no, "refund_amount": "30.00", "out_request_no": "R1"}
    shop.ask("alipay.trade.refund", **content)
    shop.sold(buyer, amount="10.00")
    relay.drain()
    advance(days=2)
    confirm(shop, trade_no)
    shop.ask("alipay.trade.refund", **(content | {"out_request_no": "R2"}))
    relay.drain()
    settle_date(business_date=clock.today())
    batches = list(SettlementBatch.objects.filter(merchant=shop.merchant).order_by("opens_at"))
    filled = [batch for batch in batches if batch.gross_minor]
    assert [batch.gross_minor for batch in filled] == [10_00, 100_00]
    assert filled[1].refunded_minor == 60_00
    assert filled[1].payable_minor == filled[1].net_minor == 40_00 - filled[1].fee_minor
    for batch in filled:
        booked = settlement.booked([batch])
        assert (booked.net_minor, booked.fee_minor) == (batch.net_minor, batch.fee_minor)
    assert books(shop.merchant)[0] == 0
    assert verify_ledger().passed
