"""Release transfers at a page, as the merchant's owner who has no phone at hand."""

import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from config.kernel import signed_links
from config.kernel.errors import Gone
from merchants.funds.models import TransferBatch
from merchants.funds.usecases.pay_batch import pay_batch
from wallet import public as wallet

SALT: Final = "merchants.gateway.batch_page"
LIFE: Final = timedelta(minutes=30)


class BatchPageOver(Gone):
    """The page's time is over, or nobody of ours made its address."""

    code = "batch_page_over"
    message = "This page is over. Ask the merchant for a new one."


@dataclass(frozen=True, slots=True)
class PagePayment:
    """What a page is about; all of it stands in the page's address."""

    batch_id: str
    app_id: str
    acting_for: str
    return_url: str
    charset: str
    sign_type: str


def page_token(asked: PagePayment) -> str:
    """The part of the page's address that says what it is about, good for half an hour."""
    return signed_links.seal({"o": asdict(asked)}, salt=SALT, life=LIFE)


def payment_of(token: str) -> PagePayment:
    """What a page's address is about.

    Raises:
        BatchPageOver: it is none of ours, or its time is over.
    """
    facts = signed_links.unseal(token, salt=SALT, refusal=BatchPageOver)
    return PagePayment(**facts["o"])


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
    asked = payment_of(token)
    session, _ = wallet.open_session(phone=phone, password=password, address=address, label="batch")
    try:
        return pay_batch(batch_id=uuid.UUID(asked.batch_id), payer_id=session.user_id, pin=pin)
    finally:
        wallet.close_session(user_id=session.user_id, session_id=session.id)
