"""The rows of the receipt methods."""

from tests.gateway.rows import OK, Content, Row
from tests.gateway.rows_transfers import EMPTY, UNI, UNKNOWN, sending
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser

APPLY, QUERY = "alipay.data.bill.ereceipt.apply", "alipay.data.bill.ereceipt.query"


def receipted(shop: Shop, buyer: WalletUser) -> Content:
    """A receipt to be ordered, of a transfer that arrived."""
    sent = shop.ask(UNI, **sending(shop, buyer)).node
    return {"type": "FUND_DETAIL", "key": sent["pay_fund_order_id"]}


def ordered(shop: Shop, buyer: WalletUser) -> Content:
    """A receipt that has been ordered."""
    return {"file_id": shop.ask(APPLY, **receipted(shop, buyer)).node["file_id"]}


ROWS = {
    APPLY: Row(receipted, OK, {}, None, UNKNOWN, None, OK, EMPTY, {"key": "2000010100000000"}),
    QUERY: Row(ordered, OK, {}, None, "RECEIPT_NOT_EXIST", None, OK, EMPTY, {"file_id": "NEVER"}),
}
