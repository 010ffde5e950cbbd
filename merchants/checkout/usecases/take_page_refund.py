"""Let a buyer take a refund at the page that a merchant sent them to."""

import uuid

from merchants.gateway.refund_offer import PageRefund, RefundPageOver, offer_of
from merchants.onboarding.queries import app_credentials
from merchants.onboarding.values import AppCredentials, AppState
from merchants.splits.usecases.refund_with_shares import refund_with_shares
from wallet import public as wallet


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
    app = app_credentials(offer.acting_for or offer.app_number)
    if app is None or app.app_state is not AppState.ACTIVE:
        raise RefundPageOver()
    return app
