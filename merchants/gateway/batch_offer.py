"""Transfers that wait for their merchant's owner at a page; the address says which."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from config.kernel import signed_links
from config.kernel.errors import Gone

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
    app_number: str
    acting_for: str
    return_url: str
    charset: str
    sign_type: str


def page_token(payment: PagePayment) -> str:
    """The part of the page's address that says what it is about, good for half an hour."""
    return signed_links.seal({"o": asdict(payment)}, salt=SALT, life=LIFE)


def payment_of(token: str) -> PagePayment:
    """What a page's address is about.

    Raises:
        BatchPageOver: it is none of ours, or its time is over.
    """
    facts = signed_links.unseal(token, salt=SALT, refusal=BatchPageOver)
    return PagePayment(**facts["o"])
