"""The row of settle.confirm."""

from config.kernel.outbox import relay
from tests.gateway.rows import OK, Content, Row
from tests.gateway.rows_trade import UNKNOWN
from tests.gateway.world import Shop, fresh_code
from wallet.accounts.models import WalletUser


def confirming(shop: Shop, buyer: WalletUser) -> Content:
    """The confirmation of a guaranteed trade."""
    paid = shop.pay(fresh_code(buyer), settle_info={"settle_period_time": "7d"}).node
    relay.drain()
    return {"trade_no": paid["trade_no"], "out_request_no": "C1"}


ROWS = {
    "alipay.trade.settle.confirm": Row(
        confirming,
        OK,
        {"out_request_no": "C2"},
        "ACQ.TRADE_SETTLE_ERROR",
        UNKNOWN,
        None,
        OK,
        stranger={"trade_no": "2026010100000000000000000000"},
    )
}
