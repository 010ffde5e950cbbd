"""Let a buyer take a refund at the page that a merchant sent them to."""

import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from config.kernel import signed_links
from config.kernel.errors import Gone
from merchants.onboarding.queries import app_credentials
from merchants.onboarding.values import AppCredentials, AppState
from merchants.splits.usecases.refund_with_shares import refund_with_shares
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

    app_id: str
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
    known = wallet.refund(payment_id=trade.id, request_no=offer.request_no)
    if known is not None:
        if known.amount_minor != offer.amount_minor:
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


def take_page_refund(
    *, token: str, phone: str, password: str, address: str
) -> wallet.RefundOutcome:
    """Log in as the trade's buyer and take the refund; the session ends here.

    Taking it again gives the same refund. Call it outside a transaction: strikes for wrong
    passwords must survive the refusal.

    Args:
        token: from the page's address.
        phone: the buyer's login.
        password: the buyer's login password.
        address: network address of the browser.

    Raises:
        RefundPageOver: the page's time is over, or its app was switched off.
        wallet.PayerMismatch: who logs in did not pay this trade.
        what `open_session` refuses: a wrong password, too many tries.
        and what `refund_with_shares` raises.
    """
    offer = offer_of(token)
    seller = _seller(offer)
    session, _ = wallet.open_session(
        phone=phone, password=password, address=address, label="refund"
    )
    try:
        trade = wallet.payment(uuid.UUID(offer.payment_id))
        if trade.payer_id != session.user_id:
            raise wallet.PayerMismatch()
        return refund_with_shares(
            seller=seller,
            takes=[],
            amount_minor=offer.amount_minor,
            number=trade.number,
            request_no=offer.request_no,
            reason=offer.reason,
            operator=offer.operator,
            details=offer.details,
        )
    finally:
        wallet.close_session(user_id=session.user_id, session_id=session.id)


def _seller(offer: PageRefund) -> AppCredentials:
    app = app_credentials(offer.acting_for or offer.app_id)
    if app is None or app.app_state is not AppState.ACTIVE:
        raise RefundPageOver()
    return app
