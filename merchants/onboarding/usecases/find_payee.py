"""Find who gets money from a merchant: a customer's wallet, or another merchant's balance."""

import uuid
from dataclasses import dataclass

from merchants.onboarding import queries
from merchants.onboarding.usecases.open_balance import open_balance
from merchants.onboarding.values import MerchantState
from wallet import public as wallet


@dataclass(frozen=True, slots=True)
class FoundPayee:
    """Somebody who can be paid: by which ledger account, and who stands behind it.

    `number` is the 16-digit number; `owner_id` the wallet user, a merchant's owner where
    the payee is a merchant. `name` is what the payee calls itself; `legal_name` is what
    was verified, "" for somebody who is not. Who `is_closed` has left: they may still be named,
    of what they once got, and get nothing more.
    """

    number: str
    name: str
    legal_name: str
    login: str
    account_id: uuid.UUID
    owner_id: uuid.UUID
    is_closed: bool
    merchant_id: uuid.UUID | None = None


def find_payee(*, number: str = "", login: str = "") -> FoundPayee | None:
    """The payee with a public number or a login; None where there is nobody.

    A merchant's balance is opened if it was not: somebody is about to be paid into it.
    """
    try:
        user = wallet.user_by_number(number) if number else wallet.user_by_login(login)
    except (wallet.UserUnknown, wallet.PhoneInvalid):
        return _merchant(number) if number else None
    return FoundPayee(
        number=user.user_number,
        name=user.name,
        legal_name=user.person.legal_name,
        login=user.phone,
        account_id=user.available_account_id,
        owner_id=user.id,
        is_closed=user.state == wallet.UserState.CLOSED,
    )


def _merchant(number: str) -> FoundPayee | None:
    try:
        merchant = queries.merchant_by_number(number)
    except queries.MerchantNotFound:
        return None
    if merchant.pending_account_id is None:
        return None
    return FoundPayee(
        number=merchant.merchant_number,
        name=merchant.name,
        legal_name=merchant.name,
        login="",
        account_id=open_balance(merchant),
        owner_id=merchant.owner_id,
        is_closed=merchant.state == MerchantState.CLOSED,
        merchant_id=merchant.id,
    )
