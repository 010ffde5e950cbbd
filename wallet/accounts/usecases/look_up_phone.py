"""Find whose phone a number is, for a customer who wants to pay or ask them."""

import uuid

from config.kernel.limits.counting import check, count
from wallet.accounts import queries
from wallet.accounts.models import WalletUser
from wallet.accounts.phones import LOOK_UPS


def look_up_phone(phone: str, *, asked_by: uuid.UUID) -> WalletUser:
    """Whose phone it is. Numbers that lead to nobody are counted: a wallet is no directory.

    Call it outside a transaction: what is counted must survive the refusal.

    Args:
        phone: in any spelling.
        asked_by: whose look-ups are counted.

    Raises:
        PhoneInvalid: it is no phone number.
        UserUnknown: nobody has it.
        TooManyLookUps: twenty numbers that led to nobody within an hour; `retry_after_s`.
    """
    check(LOOK_UPS, subject=str(asked_by))
    try:
        return queries.user_by_phone(phone)
    except queries.UserUnknown:
        count(LOOK_UPS, subject=str(asked_by))
        raise
