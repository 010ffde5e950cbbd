"""The row of the bill method."""

from config.kernel import clock
from tests.gateway.rows import OK, Content, Row
from tests.gateway.world import Shop
from wallet.accounts.models import WalletUser

BILL = "alipay.data.dataservice.bill.downloadurl.query"


def billed(shop: Shop, buyer: WalletUser) -> Content:
    """Today's bill of a shop that sold something."""
    shop.sold(buyer)
    return {"bill_type": "trade", "bill_date": clock.today("Asia/Shanghai").isoformat()}


ROWS = {
    BILL: Row(
        billed,
        OK,
        {},
        None,
        "isp.bill_not_exist",
        None,
        OK,
        "INVALID_PARAMETER",
        {"bill_date": "2001-01-01"},
    )
}
