"""Splits after the day of the sale, planned splits, and what they may take.

The shop's fee is 0.60 %: of 100.00 at most 99.40 can be split.
"""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.outbox import relay
from merchants.notifications.models import Notification
from merchants.onboarding.usecases.suspend_merchant import suspend_merchant
from merchants.payouts.models import Payout
from merchants.settlement.models import SettlementBatch
from merchants.splits.models import SetAside, Split
from tests.factories.accounts import available_minor, make_user
from tests.factories.clock import advance
from tests.factories.funds import balance_minor, give_balance
from tests.factories.settlement import books, noon
from tests.gateway.rows_splits import BIND, SETTLE, bound, paid, part, receiver
from tests.gateway.world import Shop, fresh_code, new_order
from wallet.accounts.models import WalletUser
from wallet.ledger.usecases.verify_ledger import verify_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LEFT = "alipay.trade.order.onsettle.query"
REFUND = "alipay.trade.refund"


def settle(shop: Shop, trade_no: str, *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Split a trade; gives the answer."""
    content = {"out_request_no": new_order(), "trade_no": trade_no, **more}
    return shop.ask(SETTLE, royalty_parameters=list(parts), **content).node


def left(shop: Shop, trade_no: str) -> str:
    """What the protocol says can still be split."""
    return str(shop.ask(LEFT, trade_no=trade_no).node["unsettled_amount"])


def paid_out(shop: Shop) -> int:
    return sum(payout.amount_minor for payout in Payout.objects.filter(merchant=shop.merchant))


def frozen(shop: Shop, buyer: WalletUser, flag: object) -> str:
    """A paid trade whose sale said whether its money waits for splits."""
    answer = shop.pay(fresh_code(buyer), amount="100.00", extend_params={"royalty_freeze": flag})
    return str(answer.node["trade_no"])


def test_the_rest_of_a_sale_can_be_split_on_the_next_day(shop: Shop, buyer: WalletUser) -> None:
    noon()
    friend, trade_no = bound(shop), paid(shop, buyer)
    settle(shop, trade_no, part(friend, "59.64"))
    advance(days=1)
    assert (left(shop, trade_no), paid_out(shop), books(shop.merchant)[1]) == ("39.76", 0, 39_76)
    fresh = paid(shop, buyer)
    assert settle(shop, trade_no, part(friend, "39.76"))["code"] == "10000"
    assert (left(shop, trade_no), left(shop, fresh)) == ("0.00", "99.40")
    assert available_minor(friend) == 99_40
    assert verify_ledger().passed


def test_what_is_not_split_goes_out_with_the_next_day(shop: Shop, buyer: WalletUser) -> None:
    noon()
    friend, trade_no = bound(shop), paid(shop, buyer)
    settle(shop, trade_no, part(friend, "30.00"))
    advance(days=1)
    assert paid_out(shop) == 0
    settle(shop, trade_no, part(friend, "10.00"))
    advance(days=1)
    assert (paid_out(shop), books(shop.merchant)) == (59_40, (0, 0, 0))
    assert left(shop, trade_no) == "0.00"
    first, second = SettlementBatch.objects.order_by("business_date")
    assert (first.aside_minor, second.released_minor, second.payable_minor) == (69_40, 59_40, 0)


def test_a_shop_without_payees_is_paid_out_whole(shop: Shop, buyer: WalletUser) -> None:
    noon()
    trade_no = paid(shop, buyer)
    advance(days=1)
    assert (paid_out(shop), left(shop, trade_no)) == (99_40, "0.00")
    assert not SetAside.objects.exists()


def test_a_frozen_sale_waits_until_its_splitting_is_finished(shop: Shop, buyer: WalletUser) -> None:
    noon()
    friend, trade_no = bound(shop), frozen(shop, buyer, "true")
    advance(days=4)
    assert (left(shop, trade_no), paid_out(shop)) == ("99.40", 0)
    finish = {"extend_params": {"royalty_finish": "true"}}
    settle(shop, trade_no, part(friend, "9.40"), **finish)
    assert left(shop, trade_no) == "0.00"
    advance(days=1)
    assert paid_out(shop) == 90_00


def test_a_sale_that_freezes_nothing_is_paid_out_and_split_from_the_balance(
    shop: Shop, buyer: WalletUser
) -> None:
    noon()
    friend, trade_no = bound(shop), frozen(shop, buyer, False)
    advance(days=1)
    assert (paid_out(shop), left(shop, trade_no)) == (99_40, "0.00")
    refused = settle(shop, trade_no, part(friend, "1.00"))
    assert refused["sub_code"] == "ACQ.SELLER_BALANCE_NOT_ENOUGH"
    assert not Split.objects.exists()
    fresh = paid(shop, buyer)
    assert settle(shop, trade_no, part(friend, "1.00"))["code"] == "40004"
    give_balance(shop.merchant, 5_00)
    assert left(shop, trade_no) == "5.00"
    assert settle(shop, trade_no, part(friend, "5.00"))["code"] == "10000"
    assert (balance_minor(shop.merchant), left(shop, fresh)) == (0, "99.40")


def test_a_refund_frees_what_was_kept_back(shop: Shop, buyer: WalletUser) -> None:
    noon()
    bound(shop)
    trade_no = paid(shop, buyer)
    advance(days=1)
    shop.ask(REFUND, trade_no=trade_no, refund_amount="99.40", out_request_no="R")
    assert (left(shop, trade_no), books(shop.merchant)[2]) == ("0.00", 0)
    advance(days=2)
    assert books(shop.merchant) == (0, 0, 0)


def test_the_fee_is_never_split_away(shop: Shop, buyer: WalletUser) -> None:
    friend, one, other = bound(shop), paid(shop, buyer), paid(shop, buyer)
    settle(shop, one, part(friend, "99.40"))
    shop.ask(REFUND, trade_no=other, refund_amount="50.00", out_request_no="R")
    assert left(shop, other) == "49.70"
    settle(shop, other, part(friend, "49.70"))
    assert books(shop.merchant)[0] == 60 + 30


def planned(*parts: dict[str, Any]) -> dict[str, Any]:
    """What a sale says of its split."""
    return {"royalty_type": "ROYALTY", "royalty_detail_infos": list(parts)}


def test_what_a_sale_planned_is_reserved_from_its_payment_on(shop: Shop, buyer: WalletUser) -> None:
    friend, other = bound(shop), bound(shop)
    sale = shop.pay(
        fresh_code(buyer), amount="100.00", royalty_info=planned(part(friend, "40.00"))
    ).node
    assert left(shop, sale["trade_no"]) == "59.40"
    greedy = settle(shop, sale["trade_no"], part(other, "59.41"))
    assert greedy["sub_code"] == "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR"
    later = {"royalty_mode": "async", "out_request_no": "S1"}
    assert settle(shop, sale["trade_no"], part(other, "59.40"), **later)["code"] == "10000"
    early = {"extend_params": {"royalty_finish": True}}
    assert settle(shop, sale["trade_no"], **early)["sub_code"] == "ACQ.TRADE_SETTLE_ERROR"
    stolen = settle(shop, sale["trade_no"], part(other, "0.01"), out_request_no=sale["trade_no"])
    assert stolen["sub_code"] == "ACQ.DISCORDANT_REPEAT_REQUEST"
    relay.drain()
    assert available_minor(friend) == 40_00
    told = Notification.objects.get(topic="split.ended").params
    assert told["msg_method"] == "alipay.trade.order.settle.notify"


def test_a_plan_that_cannot_be_carried_out_any_more_is_told(shop: Shop, buyer: WalletUser) -> None:
    friend = bound(shop)
    sale = shop.pay(
        fresh_code(buyer), amount="100.00", royalty_info=planned(part(friend, "40.00"))
    ).node
    shop.ask(REFUND, trade_no=sale["trade_no"], refund_amount="70.00", out_request_no="R")
    relay.drain()
    split = Split.objects.get()
    assert (split.state, split.reason) == ("FAILED", "split_amount_invalid")
    assert Notification.objects.filter(topic="split.ended").count() == 1
    assert available_minor(friend) == 0
    assert left(shop, sale["trade_no"]) == "29.82"


def test_one_fen_among_three_goes_to_the_first(shop: Shop, buyer: WalletUser) -> None:
    friends = [bound(shop) for _ in range(3)]
    shares = ["33.34", "33.33", "33.33"]
    parts = [
        part(friend, None) | {"amount_percentage": share}
        for friend, share in zip(friends, shares, strict=True)
    ]
    sale = shop.pay(fresh_code(buyer), amount="0.01", royalty_info=planned(*parts))
    assert sale.node["code"] == "10000"
    relay.drain()
    assert [available_minor(friend) for friend in friends] == [1, 0, 0]


def test_a_percentage_that_comes_to_nothing_is_refused_with_the_reason(
    shop: Shop, buyer: WalletUser
) -> None:
    share = part(bound(shop), None) | {"amount_percentage": "0.01"}
    refused = settle(shop, paid(shop, buyer, "1.00"), share)
    assert refused["sub_code"] == "ACQ.ALLOC_AMOUNT_VALIDATE_ERROR"
    assert "0.01元" in refused["sub_msg"]


def test_each_refusal_says_why(shop: Shop, buyer: WalletUser) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer)
    more = settle(shop, trade_no, part(friend, "99.41"))
    stranger = settle(shop, trade_no, part(make_user(), "1.00"))
    settle(shop, trade_no, part(friend, "1.00"), extend_params={"royalty_finish": True})
    ended = settle(shop, trade_no, part(friend, "1.00"))
    said = [refused["sub_msg"].partition(": ")[2] for refused in (more, stranger, ended)]
    assert said[0].startswith("分账金额之和")
    assert said[1] == "分账接收方未绑定"
    assert said[2] == "该笔交易的分账已完结"


def test_a_shop_binds_neither_itself_nor_its_owner(shop: Shop) -> None:
    owner = WalletUser.objects.get(id=shop.merchant.owner_id)
    for named in (receiver(owner), {"type": "userId", "account": shop.merchant.merchant_number}):
        refused = shop.ask(BIND, out_request_no="B", receiver_list=[named])
        assert refused.sub_code == "RELATION_BIND_FAIL"
        assert "商户自己" in refused.node["sub_msg"]


def test_sums_set_aside_belong_to_days_that_are_over(shop: Shop, buyer: WalletUser) -> None:
    noon()
    bound(shop)
    paid(shop, buyer)
    advance(days=1)
    row = SetAside.objects.get()
    assert timedelta(hours=11) < row.until - clock.now() <= timedelta(hours=12)


def test_a_waiting_split_of_a_suspended_shop_moves_nothing(shop: Shop, buyer: WalletUser) -> None:
    friend, trade_no = bound(shop), paid(shop, buyer)
    settle(shop, trade_no, part(friend, "5.00"), royalty_mode="async")
    suspend_merchant(merchant_id=shop.merchant.id, actor="operator:mia", reason="fraud")
    advance(seconds=31)
    split = Split.objects.get()
    assert (split.state, split.reason) == ("FAILED", "merchant_not_active")
    assert available_minor(friend) == 0
