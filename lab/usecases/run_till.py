"""What a person at a demo till does, each a signed request to the real gateway.

The till signs with the demo merchant's own key and believes nothing whose signature
does not fit, like any merchant's system. An answer that did not come is UNKNOWN: the
till then asks with `ask_trade` and, in doubt, takes the payment back. An answer that the
gateway did not sign says nothing either.
"""

from lab.check import merchant_client
from lab.mock_merchant.client import Answer, BadSignature, NoAnswer
from lab.values import Outcome, Receipt
from lab.world import public_url

OUTCOMES = {
    "TRADE_SUCCESS": Outcome.PAID,
    "TRADE_FINISHED": Outcome.PAID,
    "TRADE_CLOSED": Outcome.CLOSED,
    "WAIT_BUYER_PAY": Outcome.WAITING,
}
# There is no trade: nobody has scanned the order's code yet, or the request never arrived.
NO_TRADE = "ACQ.TRADE_NOT_EXIST"
LOST = (NoAnswer, BadSignature)


def charge_code(*, shop: str, order: str, amount: str, subject: str, auth_code: str) -> Receipt:
    """Take a payment from the code on a customer's phone.

    Args:
        shop: the demo merchant's short name.
        order: the till's own order number, made before; a repeat is a repeat.
        amount: decimal text in yuan.
        subject: what is sold.
        auth_code: the digits as scanned.

    Raises:
        ShopUnknown: no demo merchant has this name.
    """
    client = merchant_client(shop, public_url())
    try:
        answer = client.pay(out_trade_no=order, amount=amount, subject=subject, auth_code=auth_code)
    except LOST as lost:
        return _lost(order, lost)
    if answer.succeeded:
        return _receipt(Outcome.PAID, order, answer)
    if answer.awaiting_buyer:
        return _receipt(Outcome.WAITING, order, answer)
    return _receipt(_decided(Outcome.REFUSED, answer), order, answer)


def offer_order(*, shop: str, order: str, amount: str, subject: str) -> Receipt:
    """Make an order whose code the customer scans; the text is `trade["qr_code"]`.

    Raises:
        ShopUnknown: no demo merchant has this name.
    """
    client = merchant_client(shop, public_url())
    try:
        answer = client.precreate(out_trade_no=order, amount=amount, subject=subject)
    except LOST as lost:
        return _lost(order, lost)
    return _receipt(_decided(Outcome.ORDERED, answer), order, answer)


def ask_trade(*, shop: str, order: str, offered: bool = False) -> Receipt:
    """Ask how a trade stands.

    Args:
        shop: the demo merchant's short name.
        order: the till's own order number.
        offered: whether the order was shown to be scanned; no trade is then what to expect,
            while a charge without a trade may still be under way.

    Raises:
        ShopUnknown: no demo merchant has this name.
    """
    client = merchant_client(shop, public_url())
    try:
        answer = client.query(out_trade_no=order)
    except LOST as lost:
        return _lost(order, lost)
    if answer.succeeded:
        status = str(answer.get("trade_status"))
        return _receipt(OUTCOMES.get(status, Outcome.UNKNOWN), order, answer)
    if answer.sub_code == NO_TRADE:
        return _receipt(Outcome.ORDERED if offered else Outcome.UNKNOWN, order, answer)
    return _receipt(_decided(Outcome.REFUSED, answer), order, answer)


def take_back(*, shop: str, order: str) -> Receipt:
    """Undo a sale: close what is unpaid, give back what is paid.

    Raises:
        ShopUnknown: no demo merchant has this name.
    """
    client = merchant_client(shop, public_url())
    try:
        answer = client.cancel(out_trade_no=order)
    except LOST as lost:
        return _lost(order, lost)
    if answer.sub_code == NO_TRADE:
        return _receipt(Outcome.CLOSED, order, answer)
    return _receipt(_decided(Outcome.CLOSED, answer), order, answer)


def give_back(*, shop: str, order: str, amount: str, request: str) -> Receipt:
    """Refund all or a part; `request` is the refund's own number, made before.

    Raises:
        ShopUnknown: no demo merchant has this name.
    """
    client = merchant_client(shop, public_url())
    try:
        answer = client.refund(amount=amount, out_trade_no=order, out_request_no=request)
    except LOST as lost:
        return _lost(order, lost)
    return _receipt(_decided(Outcome.REFUNDED, answer), order, answer)


def _decided(success: Outcome, answer: Answer) -> Outcome:
    """Read an answer's code: done, not known (20000), or refused."""
    if answer.succeeded:
        return success
    return Outcome.UNKNOWN if answer.unknown else Outcome.REFUSED


def _receipt(outcome: Outcome, order: str, answer: Answer) -> Receipt:
    return Receipt(
        outcome=outcome,
        order=order,
        code=answer.code,
        sub_code=answer.sub_code,
        message=answer.sub_msg or answer.msg,
        trade=answer.fields,
        raw=answer.raw,
    )


def _lost(order: str, lost: Exception) -> Receipt:
    """Nobody knows what happened; the till must ask before it tries again."""
    return Receipt(
        outcome=Outcome.UNKNOWN,
        order=order,
        code="",
        sub_code="",
        message=str(lost),
        trade={},
        raw="",
    )
