"""The rows of what merchants ask before a sale, and say after it."""

from tests.gateway.hotels import check_out, freeze
from tests.gateway.rows import OK, Content, Row
from tests.gateway.world import Shop, new_order
from wallet.accounts.models import WalletUser

SYNC = "alipay.trade.orderinfo.sync"


def rate(_: Shop, __: WalletUser) -> Content:
    """A question for the split rate."""
    return {"out_request_no": new_order()}


def consulting(_: Shop, buyer: WalletUser) -> Content:
    """A question for what a buyer owes."""
    return {"consult_scene": "ORDER_RISK_EVALUATION", "alipay_user_id": buyer.user_number}


def captured(shop: Shop, buyer: WalletUser) -> Content:
    """A trade that took part of a deposit, whose rest is still held."""
    auth_no = freeze(shop, buyer, amount="30.00").node["auth_no"]
    trade = check_out(shop, auth_no, "20.00", auth_confirm_mode="NOT_COMPLETE").node
    return {
        "trade_no": trade["trade_no"],
        "out_request_no": new_order(),
        "biz_type": "CREDIT_AUTH",
        "order_biz_info": '{"status":"COMPLETE"}',
    }


NEVER = {"trade_no": "2000010122001400000000000000"}
ROWS = {
    "alipay.trade.royalty.rate.query": Row(rate, OK, {}, None, None, None, OK),
    "alipay.trade.advance.consult": Row(
        consulting,
        OK,
        {},
        None,
        "ACQ.BUYER_NOT_EXIST",
        None,
        OK,
        stranger={"alipay_user_id": "2088000000000000"},
    ),
    SYNC: Row(captured, OK, {}, None, "ACQ.TRADE_NOT_EXIST", None, OK, stranger=NEVER),
}
