"""The rows of the trade methods."""

from tests.gateway.rows import OK, Content, Row
from tests.gateway.world import Shop, fresh_code, new_order
from wallet.accounts.models import WalletUser

UNKNOWN = "ACQ.TRADE_NOT_EXIST"
FORBIDDEN = "ACQ.ACCESS_FORBIDDEN"


def sale(_: Shop, buyer: WalletUser) -> Content:
    """Content of a new order by code."""
    return order(_, buyer) | {"scene": "bar_code", "auth_code": fresh_code(buyer)}


def order(_: Shop, buyer: WalletUser) -> Content:
    """Content of a new order for a buyer."""
    return {
        "out_trade_no": new_order(),
        "total_amount": "3.00",
        "subject": "茶 Tea",
        "buyer_id": buyer.user_number,
    }


def sold(shop: Shop, buyer: WalletUser) -> Content:
    """A paid trade."""
    return {"out_trade_no": shop.sold(buyer)}


def waiting(shop: Shop, buyer: WalletUser) -> Content:
    """An unpaid trade."""
    content = order(shop, buyer)
    shop.ask("alipay.trade.create", **content)
    return {"out_trade_no": content["out_trade_no"]}


def refunding(shop: Shop, buyer: WalletUser) -> Content:
    """A refund of part of a paid trade."""
    return sold(shop, buyer) | {"refund_amount": "1.00", "out_request_no": "R1"}


def refunded(shop: Shop, buyer: WalletUser) -> Content:
    """A refund that has been made."""
    content = refunding(shop, buyer)
    shop.ask("alipay.trade.refund", **content)
    return {name: content[name] for name in ("out_trade_no", "out_request_no")}


HIGHER = {"total_amount": "4.00"}
ROWS = {
    "alipay.trade.pay": Row(
        sale,
        "ACQ.TRADE_HAS_SUCCESS",
        HIGHER,
        "ACQ.CONTEXT_INCONSISTENT",
        None,
        "ACQ.TRADE_HAS_CLOSE",
        FORBIDDEN,
    ),
    "alipay.trade.precreate": Row(
        order, OK, HIGHER, "ACQ.CONTEXT_INCONSISTENT", None, "ACQ.TRADE_HAS_CLOSE", FORBIDDEN
    ),
    "alipay.trade.create": Row(
        order, OK, HIGHER, "ACQ.CONTEXT_INCONSISTENT", None, "ACQ.TRADE_HAS_CLOSE", FORBIDDEN
    ),
    "alipay.trade.query": Row(sold, OK, {}, None, UNKNOWN, None, OK),
    "alipay.trade.cancel": Row(sold, OK, {}, None, OK, None, OK),
    "alipay.trade.close": Row(waiting, "ACQ.TRADE_STATUS_ERROR", {}, None, UNKNOWN, None, OK),
    "alipay.trade.refund": Row(
        refunding,
        OK,
        {"refund_amount": "2.00"},
        "ACQ.DISCORDANT_REPEAT_REQUEST",
        UNKNOWN,
        None,
        OK,
    ),
    "alipay.trade.refund.apply": Row(
        refunding,
        OK,
        {"refund_amount": "2.00"},
        "ACQ.DISCORDANT_REPEAT_REQUEST",
        UNKNOWN,
        None,
        OK,
    ),
    "alipay.trade.fastpay.refund.query": Row(refunded, OK, {}, None, UNKNOWN, None, OK),
}
