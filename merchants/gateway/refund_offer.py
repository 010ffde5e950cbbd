"""A refund that a merchant offers its buyer at a page; the address carries all of it."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from config.kernel import signed_links
from config.kernel.errors import Gone
from wallet import public as wallet

SALT: Final = "merchants.gateway.refund_page"
LIFE: Final = timedelta(minutes=30)


class RefundPageOver(Gone):
    """The page's time is over, or nobody of ours made its address."""

    code = "refund_page_over"
    message = "This page is over. Ask the merchant for a new one."


@dataclass(frozen=True, slots=True)
class PageRefund:
    """A refund that a merchant offers at a page; all of it stands in the page's address.

    `amount_minor` is in minor units of the trade's currency.
    """

    app_number: str
    acting_for: str
    payment_id: str
    request_no: str
    amount_minor: int
    reason: str
    operator: str
    details: dict[str, object]
    return_url: str
    charset: str
    sign_type: str


def page_token(offer: PageRefund) -> str:
    """The part of the page's address that carries an offer, good for half an hour."""
    return signed_links.seal({"o": asdict(offer)}, salt=SALT, life=LIFE)


def offer_of(token: str) -> PageRefund:
    """The offer that a page's address carries.

    Raises:
        RefundPageOver: it is none of ours, or its time is over.
    """
    facts = signed_links.unseal(token, salt=SALT, refusal=RefundPageOver)
    return PageRefund(**facts["o"])


def check_offer(offer: PageRefund, trade: wallet.PaymentView) -> None:
    """Check that a refund could be given; one that was given is fine.

    Raises:
        wallet.RefundConflict: the number was used for another amount.
        wallet.PaymentNotPaid, wallet.PaymentFinished, wallet.PaymentClosed,
        wallet.RefundExceedsPaid: the trade does not allow it.
    """
    refund = wallet.refund(payment_id=trade.id, request_no=offer.request_no)
    if refund is not None:
        if refund.amount_minor != offer.amount_minor:
            raise wallet.RefundConflict(field="out_request_no")
        return
    if trade.status is wallet.PaymentStatus.CLOSED:
        raise wallet.PaymentClosed()
    if trade.status is wallet.PaymentStatus.FINISHED:
        raise wallet.PaymentFinished()
    if trade.paid_at is None:
        raise wallet.PaymentNotPaid()
    if offer.amount_minor > trade.amount_minor - trade.refunded_minor:
        raise wallet.RefundExceedsPaid(field="refund_amount")
