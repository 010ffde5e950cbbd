"""Splits of trades, as a merchant's program sees them, down to the settled day."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.outbox import relay
from config.kernel.outbox.models import OutboxEvent
from merchants.gateway.models import Notification
from merchants.payouts.usecases.settle_date import settle_date
from merchants.settlement import queries as settlement
from merchants.settlement import tasks
from merchants.settlement.models import SettlementBatch
from tests.factories.accounts import available_minor, fund, make_user
from tests.factories.clock import advance
from tests.factories.funds import balance_minor
from tests.factories.settlement import books
from tests.gateway.rows_splits import BIND, SETTLE, bound, paid, part, receiver, splitting
from tests.gateway.world import Shop, make_shop, new_order
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = pytest.mark.django_db
REFUND = "alipay.trade.refund"
LIST = "alipay.trade.royalty.relation.batchquery"


def settle(shop: Shop, trade_no: str, *parts: dict[str, Any], **more: Any) -> str:
    """Split a trade; gives the refusal's code, or ""."""
    content = {"out_request_no": new_order(), "trade_no": trade_no, **more}
    return shop.ask(SETTLE, royalty_parameters=list(parts), **content).sub_code


def batch_of(shop: Shop) -> SettlementBatch:
    """The shop's settled day."""
    relay.drain()
    settle_date(business_date=clock.today())
    return SettlementBatch.objects.get(merchant=shop.merchant)


def test_split_pays_the_payee_once(shop: Shop, buyer: WalletUser) -> None:
    content = splitting(shop, buyer)
    first, again = shop.ask(SETTLE, **content).node, shop.ask(SETTLE, **content).node
    assert first["settle_no"] == again["settle_no"]
    assert books(shop.merchant)[0] == 90_00
    assert verify_ledger().passed


def test_payees_are_wallets_and_other_merchants(shop: Shop, buyer: WalletUser) -> None:
    friend = bound(shop)
    other = make_shop("Noodle Bar", owner=make_user(name="Other"))
    named = {"type": "userId", "account": other.merchant.merchant_id}
    shop.ask(BIND, out_request_no="B", receiver_list=[named])
    elsewhere = part(friend, 2.5) | {"trans_in": other.merchant.merchant_id}
    by_phone = part(friend, "1.00") | {"trans_in": friend.phone, "trans_in_type": "loginName"}
    assert settle(shop, paid(shop, buyer), elsewhere, by_phone) == ""
    assert (balance_minor(other.merchant), available_minor(friend)) == (2_50, 1_00)


def test_no_more_than_the_rest_after_the_fee(shop: Shop, buyer: WalletUser) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer)
    assert settle(shop, trade_no, part(friend, "99.41")) == "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR"
    assert settle(shop, trade_no, part(friend, "99.40")) == ""
    assert settle(shop, trade_no, part(friend, "0.01")) == "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR"


def test_payee_must_be_bound(shop: Shop, buyer: WalletUser) -> None:
    friend, trade_no = make_user(), paid(shop, buyer)
    assert settle(shop, trade_no, part(friend, "1.00")) == "ACQ.RELATION_NOT_BIND"
    nobody = part(friend, "1.00") | {"trans_in": "2088000000000000"}
    assert settle(shop, trade_no, nobody) == "ACQ.ROYALTY_ACCOUNT_NOT_EXIST"


def test_unpaid_trade_is_not_split(shop: Shop, buyer: WalletUser) -> None:
    order = {"out_trade_no": "A", "total_amount": "3.00", "subject": "茶"}
    made = shop.ask("alipay.trade.create", buyer_id=buyer.user_id, **order).node
    refused = settle(shop, made["trade_no"], part(bound(shop), "1.00"))
    assert refused == "ACQ.TRADE_STATUS_ERROR"


def test_finished_splitting_stays_finished(shop: Shop, buyer: WalletUser) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer)
    finish = {"extend_params": {"royalty_finish": True}}
    assert settle(shop, trade_no, part(friend, "1.00"), **finish) == ""
    assert settle(shop, trade_no, part(friend, "1.00")) == "ACQ.TRADE_SETTLE_ERROR"


def test_bad_parts_are_named(shop: Shop, buyer: WalletUser) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer)
    for wrong in ({"amount": "0"}, {"trans_in": ""}, {"royalty_type": "replenish"}):
        assert settle(shop, trade_no, part(friend, "1.00") | wrong) == "ACQ.INVALID_PARAMETER"
    assert settle(shop, trade_no) == "ACQ.INVALID_PARAMETER"


def test_later_split_moves_half_a_minute_after_the_payment(shop: Shop, buyer: WalletUser) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer)
    later = {"royalty_mode": "async", "out_request_no": "S1"}
    assert settle(shop, trade_no, part(friend, "5.00"), **later) == ""
    asked = {"out_request_no": "S1", "trade_no": trade_no}
    waiting = shop.ask("alipay.trade.order.settle.query", **asked).node
    assert waiting["royalty_detail_list"][0]["state"] == "PROCESSING"
    assert available_minor(friend) == 0
    assert settle(shop, trade_no, part(friend, "1.00")) == "ACQ.TRADE_SETTLE_ERROR"
    advance(seconds=31)
    relay.drain()
    done = shop.ask("alipay.trade.order.settle.query", **asked).node
    assert done["royalty_detail_list"][0]["state"] == "SUCCESS"
    assert available_minor(friend) == 5_00
    assert Notification.objects.filter(topic="split.ended").count() == 1


def test_later_split_of_a_refunded_trade_fails(shop: Shop, buyer: WalletUser) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer)
    settle(shop, trade_no, part(friend, "5.00"), royalty_mode="async", out_request_no="S1")
    shop.ask(REFUND, trade_no=trade_no, refund_amount="100.00")
    advance(seconds=31)
    asked = {"out_request_no": "S1", "trade_no": trade_no}
    done = shop.ask("alipay.trade.order.settle.query", **asked).node
    assert done["royalty_detail_list"][0]["state"] == "FAIL"
    assert available_minor(friend) == 0


def test_refund_takes_named_and_proportional_shares_back(shop: Shop, buyer: WalletUser) -> None:
    one, two, trade_no = bound(shop), bound(shop), paid(shop, buyer)
    settle(shop, trade_no, part(one, "10.00"), part(two, "20.00"))
    takes = [{"trans_out": one.user_id, "amount": "4.00"}, {"trans_out": two.user_id}]
    content = {
        "trade_no": trade_no,
        "refund_amount": "50.00",
        "out_request_no": "R1",
        "refund_royalty_parameters": takes,
    }
    first, again = shop.ask(REFUND, **content).node, shop.ask(REFUND, **content).node
    assert (first["fund_change"], again["fund_change"]) == ("Y", "N")
    assert (available_minor(one), available_minor(two)) == (6_00, 10_00)
    assert books(shop.merchant)[0] == 100_00 - 30_00 + 14_00 - 50_00
    assert verify_ledger().passed


def test_refund_needs_payees_to_have_it(shop: Shop, buyer: WalletUser) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer)
    settle(shop, trade_no, part(friend, "10.00"))
    base = {"trade_no": trade_no, "refund_amount": "50.00", "out_request_no": "R1"}
    for takes, code in (
        ([{"trans_out": friend.user_id, "amount": "10.01"}], "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR"),
        ([{"trans_out": buyer.user_id, "amount": "1.00"}], "ACQ.ROYALTY_ACCOUNT_NOT_EXIST"),
        ([{"amount": "1.00"}], "ACQ.INVALID_PARAMETER"),
    ):
        assert shop.ask(REFUND, **base, refund_royalty_parameters=takes).sub_code == code
    assert available_minor(friend) == 10_00


def test_query_tells_of_splits(shop: Shop, buyer: WalletUser) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer)
    settle(shop, trade_no, part(friend, "10.00"))
    told = shop.ask("alipay.trade.query", trade_no=trade_no, query_options=["trade_settle_info"])
    info = told.node["trade_settle_info"]
    assert info["trade_unsettled_amount"] == "89.40"
    assert info["trade_settle_detail_list"][0]["trans_in"] == friend.user_id
    left = shop.ask("alipay.trade.order.onsettle.query", trade_no=trade_no).node
    assert left["unsettled_amount"] == "89.40"
    assert "trade_settle_info" not in shop.ask("alipay.trade.query", trade_no=trade_no).node


def test_relations_are_listed_page_by_page(shop: Shop, buyer: WalletUser) -> None:
    for _ in range(3):
        bound(shop)
    page = shop.ask(LIST, out_request_no="Q", page_num=2, page_size=2).node
    assert (page["total_record_num"], page["total_page_num"]) == (3, 2)
    assert len(page["receiver_list"]) == 1
    gone = page["receiver_list"][0]["account"]
    unbinding = [{"type": "userId", "account": gone}]
    shop.ask("alipay.trade.royalty.relation.unbind", out_request_no="U", receiver_list=unbinding)
    assert shop.ask(LIST, out_request_no="Q").node["total_record_num"] == 2


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"name": "Somebody Else"}, "USER_NAME_NOT_MATCH"),
        ({"account": "2088000000000000"}, "USER_NOT_EXIST"),
        ({"type": "cardSerialNo"}, "INVALID_PARAMETER"),
    ],
)
def test_binding_is_refused(shop: Shop, buyer: WalletUser, change: Any, code: str) -> None:
    named = [receiver(buyer) | change]
    assert shop.ask(BIND, out_request_no="B", receiver_list=named).sub_code == code
    assert shop.ask(BIND, out_request_no="B", receiver_list=[]).sub_code == "RECEIVER_LIST_EMPTY"


def test_settled_day_holds_the_splits(shop: Shop, buyer: WalletUser) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer)
    settle(shop, trade_no, part(friend, "30.00"))
    takes = [{"trans_out": friend.user_id, "amount": "5.00"}]
    content = {"refund_amount": "20.00", "out_request_no": "R1"}
    shop.ask(REFUND, trade_no=trade_no, refund_royalty_parameters=takes, **content)
    batch = batch_of(shop)
    assert (batch.split_minor, batch.split_back_minor) == (30_00, 5_00)
    assert batch.net_minor == 100_00 - 20_00 - 30_00 + 5_00 - batch.fee_minor
    assert batch.payable_minor == batch.net_minor
    booked = settlement.booked([batch])
    assert (booked.net_minor, booked.fee_minor) == (batch.net_minor, batch.fee_minor)
    assert books(shop.merchant)[0] == 0


def test_events_of_a_settled_day_that_are_heard_late_open_no_other(
    shop: Shop, buyer: WalletUser
) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer)
    settle(shop, trade_no, part(friend, "30.00"))
    takes = [{"trans_out": friend.user_id, "amount": "5.00"}]
    content = {"refund_amount": "20.00", "out_request_no": "R1"}
    shop.ask(REFUND, trade_no=trade_no, refund_royalty_parameters=takes, **content)
    batch_of(shop)
    SettlementBatch.objects.update(business_date=clock.today() - timedelta(days=3))
    hearers = {
        "payment.paid": tasks.open_for_payment,
        "refund.succeeded": tasks.open_for_refund,
        "split.ended": tasks.open_for_split,
        "split.returned": tasks.open_for_return,
    }
    for event in OutboxEvent.objects.filter(topic__in=hearers):
        hearers[event.topic](event)
        hearers.pop(event.topic)
    assert hearers == {}
    assert SettlementBatch.objects.filter(merchant=shop.merchant).count() == 1


def test_split_after_settlement_comes_from_what_is_payable(
    shop: Shop, buyer: WalletUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer)
    batch_of(shop)
    assert settle(shop, trade_no, part(friend, "1.00")) == "ACQ.SELLER_BALANCE_NOT_ENOUGH"
    fund(buyer, 100_00)
    paid(shop, buyer)
    assert settle(shop, trade_no, part(friend, "1.00")) == ""
    relay.drain()
    advance(days=2)
    assert books(shop.merchant) == (0, 0, 0)
    assert verify_ledger().passed
