"""The rows of the customs methods."""

from tests.gateway.rows import OK, Content, Row
from tests.gateway.world import Shop, fresh_code, new_order
from wallet.accounts.models import WalletUser

DECLARE = "alipay.trade.customs.declare"


def declaring(shop: Shop, buyer: WalletUser) -> Content:
    """Content of a new declaration of a paid trade."""
    return {
        "out_request_no": new_order(),
        "trade_no": shop.pay(fresh_code(buyer)).node["trade_no"],
        "merchant_customs_code": "3301ABC",
        "merchant_customs_name": "杭州茶叶有限公司",
        "amount": "12.00",
        "customs_place": "HANGZHOU",
    }


def declared(shop: Shop, buyer: WalletUser) -> Content:
    """A declaration that has been made."""
    content = declaring(shop, buyer)
    shop.ask(DECLARE, **content)
    return {"out_request_nos": content["out_request_no"]}


ROWS = {
    DECLARE: Row(
        declaring,
        OK,
        {"customs_place": "NINGBO"},
        "ACQ.REPEAT_REPORT",
        "ACQ.TRADE_NOT_EXIST",
        None,
        OK,
        stranger={"trade_no": "2000010122001400000000000000"},
    ),
    "alipay.trade.customs.query": Row(declared, OK, {}, None, None, None, OK),
}
