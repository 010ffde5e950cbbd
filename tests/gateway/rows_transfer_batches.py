"""The rows of the methods that send many transfers at once."""

from tests.factories.funds import give_balance
from tests.gateway.rows import OK, Content, Row
from tests.gateway.rows_transfers import EMPTY, FORBIDDEN, OTHER, UNKNOWN, payee
from tests.gateway.world import Shop, new_order
from wallet.accounts.models import WalletUser

UNI = "alipay.fund.batch.uni.transfer"
CREATE = "alipay.fund.batch.create"
DETAIL, CLOSE = "alipay.fund.batch.detail.query", "alipay.fund.batch.close"
NEVER = {"out_batch_no": "NEVER"}


def batching(shop: Shop, buyer: WalletUser) -> Content:
    """Content of a new batch of two transfers, from a balance that covers them."""
    give_balance(shop.merchant, 100_00)
    lines = [
        {"out_biz_no": new_order(), "trans_amount": amount, "payee_info": payee(buyer.user_number)}
        for amount in ("1.00", "2.00")
    ]
    return {
        "out_batch_no": new_order(),
        "product_code": "TRANS_ACCOUNT_NO_PWD",
        "biz_scene": "DIRECT_TRANSFER",
        "total_count": "2",
        "total_trans_amount": "3.00",
        "trans_order_list": lines,
        "order_title": "工资",
    }


def creating(shop: Shop, buyer: WalletUser) -> Content:
    """Content of a new batch that its owner is to pay."""
    return batching(shop, buyer) | {
        "product_code": "BATCH_API_TO_ACC",
        "biz_scene": "MESSAGE_BATCH_PAY",
    }


def batched(shop: Shop, buyer: WalletUser) -> Content:
    """A batch that has been taken in."""
    content = batching(shop, buyer)
    shop.ask(UNI, **content)
    return {"out_batch_no": content["out_batch_no"]}


def closing(shop: Shop, buyer: WalletUser) -> Content:
    """The same by our number, the only name that closing has for it in the official SDK."""
    return {"batch_trans_id": shop.ask(UNI, **batching(shop, buyer)).node["batch_trans_id"]}


CHANGE = {
    "total_trans_amount": "1.00",
    "total_count": "1",
    "trans_order_list": [
        {"out_biz_no": "ONE", "trans_amount": "1.00", "payee_info": payee("2088000000000000")}
    ],
}
ROWS = {
    CREATE: Row(creating, OK, CHANGE, OTHER, None, None, FORBIDDEN, EMPTY),
    UNI: Row(batching, OK, CHANGE, OTHER, None, None, FORBIDDEN, EMPTY),
    DETAIL: Row(batched, OK, {}, None, UNKNOWN, None, OK, EMPTY, NEVER),
    CLOSE: Row(closing, OK, {}, None, UNKNOWN, None, OK, EMPTY, {"batch_trans_id": "NEVER"}),
}
