"""The rows of the methods that ask for a merchant's money without a file."""

from datetime import timedelta

from config.kernel import clock
from merchants.protocol.formats import beijing
from tests.gateway.rows import OK, Content, Row
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser

EMPTY = "INVALID_PARAMETER"


def own_balance(shop: Shop, buyer: WalletUser) -> Content:
    """The balance of a shop that sold something."""
    shop.sold(buyer)
    return {"bill_user_id": shop.merchant.merchant_number}


def last_hour(shop: Shop, buyer: WalletUser) -> Content:
    """What happened in the hour around now, to a shop that sold something."""
    shop.sold(buyer)
    now = clock.now()
    return {
        "start_time": beijing(now - timedelta(minutes=59)),
        "end_time": beijing(now + timedelta(minutes=1)),
        "page_no": "1",
        "page_size": "20",
    }


ROWS = {
    "alipay.data.bill.balance.query": Row(
        own_balance, OK, {}, None, EMPTY, None, OK, OK, {"bill_user_id": "2088000000000000"}
    ),
    "alipay.data.bill.accountlog.query": Row(last_hour, OK, {}, None, None, None, OK, EMPTY),
    "alipay.data.bill.sell.query": Row(last_hour, OK, {}, None, None, None, OK, EMPTY),
}
