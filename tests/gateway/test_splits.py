"""Splits of trades, as a merchant's program sees them, down to the settled day."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.outbox import relay
from config.kernel.outbox.models import OutboxEvent
from merchants.notifications.models import Notification
from merchants.payouts.usecases.settle_date import settle_date
from merchants.settlement import queries as settlement
from merchants.settlement import tasks
from merchants.settlement.models import SettlementBatch
from merchants.splits.models import Split
from merchants.splits.usecases.plan_split import split_as_planned
from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import advance
from tests.factories.funds import balance_minor
from tests.factories.settlement import books
from tests.gateway.rows_splits import BIND, SETTLE, bound, paid, part, receiver, splitting
from tests.gateway.world import Shop, fresh_code, make_shop, new_order
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.models import Payment

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
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
    named = {"type": "userId", "account": other.merchant.merchant_number}
    shop.ask(BIND, out_request_no="B", receiver_list=[named])
    elsewhere = part(friend, 2.5) | {"trans_in": other.merchant.merchant_number}
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
    made = shop.ask("alipay.trade.create", buyer_id=buyer.user_number, **order).node
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
    takes = [{"trans_out": one.user_number, "amount": "4.00"}, {"trans_out": two.user_number}]
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
        ([{"trans_out": friend.user_number, "amount": "10.01"}], "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR"),
        ([{"trans_out": buyer.user_number, "amount": "1.00"}], "ACQ.ROYALTY_ACCOUNT_NOT_EXIST"),
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
    assert info["trade_settle_detail_list"][0]["trans_in"] == friend.user_number
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
    takes = [{"trans_out": friend.user_number, "amount": "5.00"}]
    content = {"refund_amount": "20.00", "out_request_no": "R1"}
    shop.ask(REFUND, trade_no=trade_no, refund_royalty_parameters=takes, **content)
    batch = batch_of(shop)
    assert (batch.split_minor, batch.split_back_minor) == (30_00, 5_00)
    assert batch.net_minor == 100_00 - 20_00 - 30_00 + 5_00 - batch.fee_minor
    assert batch.payable_minor == batch.net_minor
    booked = settlement.booked([batch])
    assert (booked.net_minor, booked.fee_minor) == (batch.net_minor, batch.fee_minor)
    assert books(shop.merchant)[0] == 0


def test_part_may_be_a_percentage_of_the_trade(shop: Shop, buyer: WalletUser) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer, "99.99")
    share = part(friend, None) | {"amount_percentage": "12.5"}
    content = {"out_request_no": "P1", "trade_no": trade_no, "royalty_parameters": [share]}
    first, again = shop.ask(SETTLE, **content).node, shop.ask(SETTLE, **content).node
    assert first["settle_no"] == again["settle_no"]
    assert available_minor(friend) == 12_49
    assert verify_ledger().passed


@pytest.mark.parametrize("percentage", ["0", "100.01", "-1", "1e1", "12.345", "x", [1]])
def test_percentage_that_is_none_is_refused(
    shop: Shop, buyer: WalletUser, percentage: object
) -> None:
    share = part(bound(shop), None) | {"amount_percentage": percentage}
    assert settle(shop, paid(shop, buyer), share) == "ACQ.INVALID_PARAMETER"


def test_percentage_of_an_unknown_trade_is_of_nothing(shop: Shop, buyer: WalletUser) -> None:
    share = part(bound(shop), None) | {"amount_percentage": "10"}
    assert settle(shop, "2" * 28, share) == "ACQ.TRADE_NOT_EXIST"


def planned(*parts: dict[str, Any]) -> dict[str, Any]:
    """What a sale says of its split."""
    return {"royalty_type": "ROYALTY", "royalty_detail_infos": list(parts)}


def test_sale_is_split_when_it_is_paid(shop: Shop, buyer: WalletUser) -> None:
    friend, other = bound(shop), bound(shop)
    share = {
        "serial_no": 1,
        "trans_in_type": "userId",
        "trans_in": friend.user_number,
        "amount": 10,
    }
    part_of = {
        "trans_in": other.user_number,
        "trans_in_type": "userId",
        "amount_percentage": "33.33",
    }
    info = planned(share, part_of)
    trade = shop.pay(fresh_code(buyer), amount="100.01", royalty_info=info).node
    for _ in range(2):
        relay.drain()
    assert (available_minor(friend), available_minor(other)) == (10_00, 33_33)
    told = shop.ask(
        "alipay.trade.query", trade_no=trade["trade_no"], query_options=["trade_settle_info"]
    )
    assert len(told.node["trade_settle_info"]["trade_settle_detail_list"]) == 2
    settled = shop.ask(
        "alipay.trade.order.settle.query",
        out_request_no=trade["trade_no"],
        trade_no=trade["trade_no"],
    )
    assert len(settled.node["royalty_detail_list"]) == 2
    assert verify_ledger().passed


def test_guaranteed_sale_is_split_when_it_is_released(shop: Shop, buyer: WalletUser) -> None:
    friend = bound(shop)
    info = planned(part(friend, "10.00") | {"royalty_type": "transfer"})
    settle_info = {"settle_period_time": "1d"}
    content: dict[str, Any] = {"royalty_info": info, "settle_info": settle_info}
    trade = shop.pay(fresh_code(buyer), amount="100.00", **content).node
    relay.drain()
    assert available_minor(friend) == 0
    shop.ask("alipay.trade.settle.confirm", trade_no=trade["trade_no"], out_request_no="C")
    relay.drain()
    assert available_minor(friend) == 10_00
    assert verify_ledger().passed


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": "99.99"}, "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR"),
        ({"amount": "x"}, "ACQ.INVALID_PARAMETER"),
        ({"amount": None}, "ACQ.INVALID_PARAMETER"),
        ({"amount": None, "amount_percentage": "101"}, "ACQ.INVALID_PARAMETER"),
        ({"amount": None, "amount_percentage": "0"}, "ACQ.INVALID_PARAMETER"),
        ({"trans_in": "2088000000000000"}, "ACQ.ROYALTY_ACCOUNT_NOT_EXIST"),
        ({"trans_in": ""}, "ACQ.INVALID_PARAMETER"),
    ],
)
def test_sale_whose_split_cannot_be_is_refused_before_it_is_paid(
    shop: Shop, buyer: WalletUser, change: dict[str, Any], code: str
) -> None:
    info = planned(part(bound(shop), "10.00") | change)
    answer = shop.pay(fresh_code(buyer), amount="100.00", royalty_info=info)
    assert answer.sub_code == code
    assert available_minor(buyer) == 1_000_00


def test_sale_is_split_among_bound_payees_only(shop: Shop, buyer: WalletUser) -> None:
    info = planned(part(make_user(), "10.00"))
    answer = shop.pay(fresh_code(buyer), amount="100.00", royalty_info=info)
    assert answer.sub_code == "ACQ.RELATION_NOT_BIND"


@pytest.mark.parametrize("info", [{}, planned(), {"royalty_type": "ROYALTY"}])
def test_plan_that_names_nobody_is_none(shop: Shop, buyer: WalletUser, info: Any) -> None:
    assert shop.pay(fresh_code(buyer), royalty_info=info).node["code"] == "10000"
    relay.drain()


@pytest.mark.parametrize("infos", ["x", [1], [{}] * 21])
def test_plan_that_cannot_be_read_is_named(shop: Shop, buyer: WalletUser, infos: Any) -> None:
    info = {"royalty_detail_infos": infos}
    answer = shop.pay(fresh_code(buyer), royalty_info=info)
    assert answer.sub_code == "ACQ.INVALID_PARAMETER"


def test_trade_refunded_before_its_split_keeps_the_books_right(
    shop: Shop, buyer: WalletUser
) -> None:
    friend = bound(shop)
    info = planned(part(friend, "10.00"))
    trade = shop.pay(fresh_code(buyer), amount="100.00", royalty_info=info).node
    shop.ask(REFUND, trade_no=trade["trade_no"], refund_amount="100.00")
    relay.drain()
    assert available_minor(friend) == 0
    assert Split.objects.count() == 0
    assert verify_ledger().passed


def test_planned_split_is_made_once(shop: Shop, buyer: WalletUser) -> None:
    friend = bound(shop)
    shop.pay(fresh_code(buyer), amount="100.00", royalty_info=planned(part(friend, "10.00")))
    relay.drain()
    paid_id = Payment.objects.get().id
    assert split_as_planned(payment_id=paid_id)
    assert available_minor(friend) == 10_00


def test_events_of_a_settled_day_that_are_heard_late_open_no_other(
    shop: Shop, buyer: WalletUser
) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer)
    settle(shop, trade_no, part(friend, "30.00"))
    takes = [{"trans_out": friend.user_number, "amount": "5.00"}]
    content = {"refund_amount": "20.00", "out_request_no": "R1"}
    shop.ask(REFUND, trade_no=trade_no, refund_royalty_parameters=takes, **content)
    batch_of(shop)
    SettlementBatch.objects.update(business_date=clock.today() - timedelta(days=3))
    hearers = {
        "payment.paid": lambda event: tasks.open_for_payments([event]),
        "refund.succeeded": tasks.open_for_refund,
        "split.ended": tasks.open_for_split,
        "split.returned": tasks.open_for_return,
    }
    for event in OutboxEvent.objects.filter(topic__in=hearers):
        hearers[event.topic](event)
        hearers.pop(event.topic)
    assert hearers == {}
    assert SettlementBatch.objects.filter(merchant=shop.merchant).count() == 1
