"""The rows of the transfer methods."""

from tests.factories.funds import give_balance
from tests.gateway.rows import OK, Content, Row
from tests.gateway.world import Shop, new_order
from wallet.accounts.models import WalletUser

UNI = "alipay.fund.trans.uni.transfer"
OLD = "alipay.fund.trans.toaccount.transfer"
EMPTY, UNKNOWN = "INVALID_PARAMETER", "ORDER_NOT_EXIST"
FORBIDDEN, OTHER = "PERMIT_CHECK_PERM_LIMITED", "PAYMENT_INFO_INCONSISTENCY"
NEVER = {"out_biz_no": "NEVER"}


def payee(number: str) -> Content:
    """A wallet by its number."""
    return {"identity": number, "identity_type": "ALIPAY_USER_ID"}


def sending(shop: Shop, buyer: WalletUser) -> Content:
    """Content of a new transfer to a wallet, from a balance that covers it."""
    give_balance(shop.merchant, 100_00)
    return {
        "out_biz_no": new_order(),
        "trans_amount": "1.00",
        "product_code": "TRANS_ACCOUNT_NO_PWD",
        "biz_scene": "DIRECT_TRANSFER",
        "payee_info": payee(buyer.user_number),
        "order_title": "茶钱",
    }


def sending_as_of_old(shop: Shop, buyer: WalletUser) -> Content:
    """Content of a new transfer in the old words."""
    give_balance(shop.merchant, 100_00)
    return {
        "out_biz_no": new_order(),
        "payee_type": "ALIPAY_USERID",
        "payee_account": buyer.user_number,
        "amount": "1.00",
    }


def sent(shop: Shop, buyer: WalletUser) -> Content:
    """A transfer that has been made."""
    content = sending(shop, buyer)
    shop.ask(UNI, **content)
    return {"out_biz_no": content["out_biz_no"]}


def own(shop: Shop, _: WalletUser) -> Content:
    """The merchant's own account."""
    return {"alipay_user_id": shop.merchant.merchant_number, "account_type": "ACCTRANS_ACCOUNT"}


ROWS = {
    UNI: Row(
        sending,
        OK,
        {"trans_amount": "2.00"},
        OTHER,
        "PAYEE_NOT_EXIST",
        None,
        FORBIDDEN,
        EMPTY,
        {"payee_info": payee("2088000000000000")},
    ),
    OLD: Row(
        sending_as_of_old,
        OK,
        {"amount": "2.00"},
        OTHER,
        "PAYEE_NOT_EXIST",
        None,
        FORBIDDEN,
        EMPTY,
        {"payee_account": "2088000000000000"},
    ),
    "alipay.fund.trans.common.query": Row(sent, OK, {}, None, UNKNOWN, None, OK, EMPTY, NEVER),
    "alipay.fund.trans.order.query": Row(sent, OK, {}, None, UNKNOWN, None, OK, EMPTY, NEVER),
    "alipay.fund.account.query": Row(
        own, OK, {}, None, FORBIDDEN, None, OK, EMPTY, {"alipay_user_id": "2088000000000000"}
    ),
}
