"""The rows of the split methods."""

from typing import Any

from tests.factories.accounts import make_user
from tests.gateway.rows import OK, Content, Row
from tests.gateway.rows_trade import FORBIDDEN, UNKNOWN
from tests.gateway.world import Shop, new_order
from wallet.accounts.models import WalletUser

SETTLE = "alipay.trade.order.settle"
BIND = "alipay.trade.royalty.relation.bind"
NOBODY = {"type": "userId", "account": "2088000000000000"}


def receiver(user: WalletUser) -> dict[str, str]:
    """A payee by number."""
    return {"type": "userId", "account": user.user_number}


def bound(shop: Shop) -> WalletUser:
    """A new payee whom the shop has bound."""
    friend = make_user(name="Streamer")
    shop.ask(BIND, out_request_no=new_order(), receiver_list=[receiver(friend)])
    return friend


def part(payee: WalletUser, amount: object) -> dict[str, Any]:
    """One of `royalty_parameters`."""
    return {
        "royalty_type": "transfer",
        "trans_in_type": "userId",
        "trans_in": payee.user_number,
        "amount": amount,
        "desc": "分账",
    }


def paid(shop: Shop, buyer: WalletUser, amount: str = "100.00") -> str:
    """The trade number of something that was sold."""
    order = shop.sold(buyer, amount=amount)
    return str(shop.ask("alipay.trade.query", out_trade_no=order).node["trade_no"])


def splitting(shop: Shop, buyer: WalletUser) -> Content:
    """A split of a paid trade with a bound payee."""
    return {
        "out_request_no": new_order(),
        "trade_no": paid(shop, buyer),
        "royalty_parameters": [part(bound(shop), "10.00")],
    }


def splat(shop: Shop, buyer: WalletUser) -> Content:
    """A split that has been made."""
    content = splitting(shop, buyer)
    shop.ask(SETTLE, **content)
    return {name: content[name] for name in ("out_request_no", "trade_no")}


def naming(_: Shop, buyer: WalletUser) -> Content:
    """A payee to be bound."""
    return {"out_request_no": new_order(), "receiver_list": [receiver(buyer)]}


STRANGER = {"trade_no": "2026010100000000000000000000"}
NO_USER = {"receiver_list": [NOBODY]}
ROWS = {
    SETTLE: Row(
        splitting,
        OK,
        {"extend_params": {"royalty_finish": True}},
        "ACQ.DISCORDANT_REPEAT_REQUEST",
        UNKNOWN,
        None,
        FORBIDDEN,
        stranger=STRANGER,
    ),
    "alipay.trade.order.settle.query": Row(
        splat, OK, {}, None, UNKNOWN, None, OK, stranger=STRANGER
    ),
    "alipay.trade.order.onsettle.query": Row(
        splat, OK, {}, None, UNKNOWN, None, OK, stranger=STRANGER
    ),
    BIND: Row(
        naming, OK, {}, None, "USER_NOT_EXIST", None, OK, "INVALID_PARAMETER", stranger=NO_USER
    ),
    "alipay.trade.royalty.relation.unbind": Row(
        naming, OK, {}, None, "USER_NOT_EXIST", None, OK, "INVALID_PARAMETER", stranger=NO_USER
    ),
    "alipay.trade.royalty.relation.batchquery": Row(
        naming, OK, {}, None, None, None, OK, "INVALID_PARAMETER"
    ),
}
