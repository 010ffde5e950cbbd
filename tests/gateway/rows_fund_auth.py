"""The rows of the pre-authorisation methods."""

from tests.gateway.rows import OK, Content, Row
from tests.gateway.world import Shop, fresh_code, new_order
from wallet.accounts.models import WalletUser

FREEZE = "alipay.fund.auth.order.freeze"
UNFREEZE = "alipay.fund.auth.order.unfreeze"
CANCEL = "alipay.fund.auth.operation.cancel"
DETAIL = "alipay.fund.auth.operation.detail.query"
VOUCHER = "alipay.fund.auth.order.voucher.create"
OTHER, CLOSED = "REQUEST_CONTEXT_INCONSISTENT", "ORDER_ALREADY_CLOSED"
FORBIDDEN, EMPTY, UNKNOWN = "HAS_NO_PRIVILEGE", "ILLEGAL_ARGUMENT", "AUTH_ORDER_NOT_EXIST"


def deposit(_: Shop, __: WalletUser) -> Content:
    """Content of a new authorisation."""
    return {
        "out_order_no": new_order(),
        "out_request_no": new_order(),
        "order_title": "押金 Deposit",
        "amount": "30.00",
        "product_code": "PRE_AUTH",
    }


def freezing(shop: Shop, buyer: WalletUser) -> Content:
    """Content of a new freeze by code."""
    code = {"auth_code": fresh_code(buyer), "auth_code_type": "bar_code"}
    return deposit(shop, buyer) | code


def frozen(shop: Shop, buyer: WalletUser) -> Content:
    """The numbers of a freeze that has been made."""
    node = shop.ask(FREEZE, **freezing(shop, buyer)).node
    return {name: node[name] for name in ("auth_no", "operation_id")}


def doubted(shop: Shop, buyer: WalletUser) -> Content:
    """The numbers of a freeze that has been made, and why it is to be undone."""
    return frozen(shop, buyer) | {"remark": "撤销 undo"}


def unfreezing(shop: Shop, buyer: WalletUser) -> Content:
    """Content of a new release of part of a freeze."""
    auth_no = frozen(shop, buyer)["auth_no"]
    return {
        "auth_no": auth_no,
        "out_request_no": new_order(),
        "amount": "10.00",
        "remark": "退还 back",
    }


def undone(shop: Shop, content: Content) -> None:
    """Cancel the freeze of that content."""
    names = ("out_order_no", "out_request_no")
    shop.ask(CANCEL, **{name: content[name] for name in names}, remark="undo")


MORE, NEVER = {"amount": "31.00"}, {"auth_no": "2026010130000000000000000000"}
ROWS = {
    FREEZE: Row(freezing, OK, MORE, OTHER, None, CLOSED, FORBIDDEN, EMPTY, spoil=undone),
    VOUCHER: Row(deposit, OK, MORE, OTHER, None, CLOSED, FORBIDDEN, EMPTY, spoil=undone),
    UNFREEZE: Row(unfreezing, OK, MORE, OTHER, UNKNOWN, None, OK, EMPTY, NEVER),
    CANCEL: Row(doubted, OK, {}, None, UNKNOWN, None, OK, EMPTY, NEVER),
    DETAIL: Row(frozen, OK, {}, None, UNKNOWN, None, OK, EMPTY, NEVER),
}
