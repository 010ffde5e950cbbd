"""A wallet that its owner has closed takes no money back: a clear refusal, and none is lost."""

import pytest

from merchants.onboarding.usecases.close_merchant import close_merchant
from tests.factories.accounts import PIN, available_minor, make_user
from tests.factories.funds import give_balance
from tests.gateway.rows_splits import BIND, SETTLE, part, receiver
from tests.gateway.rows_transfers import payee
from tests.gateway.world import Shop, fresh_code, make_shop, new_order
from wallet.accounts.models import WalletUser
from wallet.accounts.usecases.close_user import close_user
from wallet.ledger.usecases.verify_ledger import verify_ledger
from wallet.payments.usecases.transfer_money import transfer_money

pytestmark = pytest.mark.django_db
UNBIND = "alipay.trade.royalty.relation.unbind"
LIST = "alipay.trade.royalty.relation.batchquery"


def leave(user: WalletUser) -> None:
    """Send what is left to somebody else, and close the wallet."""
    if left := available_minor(user):
        friend = make_user().phone
        transfer_money(
            key=new_order(), payer_id=user.id, payee_phone=friend, amount_minor=left, pin=PIN
        )
    close_user(user_id=user.id, pin=PIN)


def test_a_refund_to_a_closed_wallet_is_refused_and_moves_nothing(
    shop: Shop, buyer: WalletUser
) -> None:
    order = shop.sold(buyer)
    leave(buyer)
    for method, more in (
        ("alipay.trade.refund", {"refund_amount": "5.00", "out_request_no": "R1"}),
        ("alipay.trade.refund.apply", {"refund_amount": "5.00", "out_request_no": "R1"}),
        ("alipay.trade.cancel", {}),
    ):
        answer = shop.ask(method, out_trade_no=order, **more)
        assert (answer.node["code"], answer.sub_code) == ("40004", "ACQ.BUYER_ERROR"), method
    trade = shop.ask("alipay.trade.query", out_trade_no=order).node
    assert trade["trade_status"] == "TRADE_SUCCESS"
    asked = shop.ask("alipay.trade.fastpay.refund.query", out_trade_no=order, out_request_no="R1")
    assert "refund_status" not in asked.node
    assert verify_ledger().passed


def test_a_refund_that_was_made_before_the_wallet_closed_is_told_again(
    shop: Shop, buyer: WalletUser
) -> None:
    order = shop.sold(buyer)
    first, again = [{"refund_amount": "5.00", "out_request_no": "R1"}] * 2
    assert shop.ask("alipay.trade.refund", out_trade_no=order, **first).node["fund_change"] == "Y"
    leave(buyer)
    assert shop.ask("alipay.trade.refund", out_trade_no=order, **again).node["fund_change"] == "N"


def test_a_closed_payee_of_a_split_or_a_transfer_is_named_as_the_reason(
    shop: Shop, buyer: WalletUser
) -> None:
    streamer = make_user(balance_minor=0)
    give_balance(shop.merchant, 50_00)
    shop.ask(BIND, receiver_list=[receiver(streamer)], out_request_no="B1")
    order = shop.sold(buyer, amount="100.00")
    trade_no = shop.ask("alipay.trade.query", out_trade_no=order).node["trade_no"]
    split = {"trade_no": trade_no, "royalty_parameters": [part(streamer, "30.00")]}
    assert shop.ask(SETTLE, out_request_no="S1", **split).node["code"] == "10000"
    leave(streamer)
    refused = shop.ask(SETTLE, out_request_no="S2", **split)
    assert "分账接收方账号不存在" in refused.node["sub_msg"]
    assert shop.ask(SETTLE, out_request_no="S1", **split).node["code"] == "10000"
    back = [
        {
            "royalty_type": "transfer",
            "trans_out": streamer.user_number,
            "trans_out_type": "userId",
            "amount": "10.00",
        }
    ]
    taken = shop.ask(
        "alipay.trade.refund",
        out_trade_no=order,
        refund_amount="10.00",
        out_request_no="R1",
        refund_royalty_parameters=back,
    )
    assert taken.sub_code == "ACQ.SELLER_BALANCE_NOT_ENOUGH"
    sent = shop.ask(
        "alipay.fund.trans.uni.transfer",
        out_biz_no=new_order(),
        trans_amount="1.00",
        product_code="TRANS_ACCOUNT_NO_PWD",
        biz_scene="DIRECT_TRANSFER",
        order_title="茶钱",
        payee_info=payee(streamer.user_number),
    )
    assert sent.sub_code == "PAYEE_NOT_EXIST"
    assert verify_ledger().passed


def test_whoever_has_left_is_bound_no_more_and_planned_for_in_no_sale(
    shop: Shop, buyer: WalletUser
) -> None:
    streamer, other = make_user(balance_minor=0), make_shop("Other Tea", make_user(name="Zhao Li"))
    as_shop = {"type": "userId", "account": other.merchant.merchant_number}
    give_balance(shop.merchant, 50_00)
    shop.ask(BIND, receiver_list=[receiver(streamer), as_shop], out_request_no="B1")
    plan = {
        "royalty_type": "ROYALTY",
        "royalty_detail_infos": [part(streamer, "3.00")],
    }
    leave(streamer)
    close_merchant(merchant_id=other.merchant.id, actor="lab:test", reason="the shop is given up")
    for left in (receiver(streamer), as_shop):
        again = shop.ask(BIND, receiver_list=[receiver(make_user()), left], out_request_no="B2")
        assert again.sub_code == "USER_NOT_EXIST"
    assert shop.ask(LIST, out_request_no="L1").node["total_record_num"] == 2
    assert shop.pay(fresh_code(buyer), royalty_info=plan).sub_code == (
        "ACQ.ROYALTY_ACCOUNT_NOT_EXIST"
    )
    sent = shop.ask(
        "alipay.fund.trans.uni.transfer",
        out_biz_no=new_order(),
        trans_amount="1.00",
        product_code="TRANS_ACCOUNT_NO_PWD",
        biz_scene="DIRECT_TRANSFER",
        order_title="茶钱",
        payee_info=payee(other.merchant.merchant_number),
    )
    assert sent.sub_code == "PAYEE_NOT_EXIST"
    for left in (receiver(streamer), as_shop):
        assert shop.ask(UNBIND, receiver_list=[left], out_request_no="B3").node["code"] == "10000"
    assert verify_ledger().passed
