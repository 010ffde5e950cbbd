"""Release transfers at a page, as the merchant's owner who has no phone at hand."""

import uuid

from merchants.funds.models import TransferBatch
from merchants.funds.usecases.pay_batch import pay_batch
from merchants.gateway.batch_offer import payment_of
from wallet import public as wallet


def pay_batch_at_page(
    *, token: str, phone: str, password: str, address: str, pin: str
) -> TransferBatch:
    """Log in as the merchant's owner and release the transfers; the session ends here.

    Doing it again gives them as they stand. Call it outside a transaction: strikes for wrong
    passwords and PINs must survive the refusal.

    Args:
        token: from the page's address.
        phone: the owner's login.
        password: the owner's login password.
        address: network address of the browser.
        pin: the owner's payment PIN.

    Raises:
        BatchPageOver: the page's time is over.
        what `open_session` refuses: a wrong password, too many tries.
        and what `pay_batch` raises.
    """
    payment = payment_of(token)
    session, _ = wallet.open_session(phone=phone, password=password, address=address, label="batch")
    try:
        return pay_batch(batch_id=uuid.UUID(payment.batch_id), payer_id=session.user_id, pin=pin)
    finally:
        wallet.close_session(user_id=session.user_id, session_id=session.id)
