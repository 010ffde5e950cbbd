"""Open a merchant's balance: money that is its own and not from today's sales."""

import uuid

from merchants.onboarding.models import Merchant
from wallet.public import AccountKind, Side, account_id, open_account


def open_balance(merchant: Merchant) -> uuid.UUID:
    """Open `merchant:{id}:balance`, or give it where it is open already.

    What is in it was topped up, transferred in or split off by others. It is apart from
    pending and payable, which settlement pays out, and never below zero.
    """
    return open_account(
        code=_code(merchant.id),
        kind=AccountKind.CLIENT_LIABILITY,
        currency=merchant.currency,
        owner_id=merchant.id,
        normal_side=Side.CREDIT,
        floor_minor=0,
        unit=merchant.unit,
    )


def balance_id(merchant_id: uuid.UUID) -> uuid.UUID:
    """The id of a merchant's balance account, whether or not it is open yet."""
    return account_id(_code(merchant_id))


def _code(merchant_id: uuid.UUID) -> str:
    return f"merchant:{merchant_id}:balance"
