"""Open the clearing account of one unit towards another."""

import uuid

from wallet.clearing.values import clearing_code
from wallet.ledger.usecases.open_account import open_account
from wallet.ledger.values import AccountKind, Side
from wallet.payments.values import CURRENCY


def clearing_account(unit: int, other: int) -> uuid.UUID:
    """Give the account, opening it where it is not open; safe to repeat.

    It is client money in flight: a liability above zero where the unit has sent more than it
    has received, below where less. So it has no floor, and it is hot: all that crosses meets here.
    """
    return open_account(
        code=clearing_code(unit, other),
        kind=AccountKind.CLIENT_LIABILITY,
        currency=CURRENCY,
        normal_side=Side.CREDIT,
        hot=True,
        floor_minor=None,
        unit=unit,
    )
