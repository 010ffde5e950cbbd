"""The ledger accounts a merchant's settlement moves money between."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from config.kernel.errors import InvariantBroken
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.open_balance import balance_id
from wallet.public import balances_at, is_open

_TICK = timedelta(microseconds=1)


class MerchantAccounts(NamedTuple):
    """Sales not settled yet, money ready for payout, and what the merchant owes us."""

    pending: uuid.UUID
    payable: uuid.UUID
    receivable: uuid.UUID


def accounts_of(merchant: Merchant) -> MerchantAccounts:
    """The accounts, which approval has opened before anything could be sold."""
    pending, payable = merchant.pending_account_id, merchant.payable_account_id
    receivable = merchant.receivable_account_id
    if pending is None or payable is None or receivable is None:
        raise InvariantBroken(
            f"merchant {merchant.merchant_number} is settled and has its accounts"
        )
    return MerchantAccounts(pending, payable, receivable)


def own_accounts(merchant: Merchant) -> Iterator[tuple[uuid.UUID, int]]:
    """A merchant's open accounts, each with 1 for its money and -1 for its debt."""
    for account_id, sign in _accounts(merchant).items():
        if account_id != balance_id(merchant.id) or is_open(account_id):
            yield account_id, sign


def _accounts(merchant: Merchant) -> dict[uuid.UUID, int]:
    """The same with its balance, open or not: it is opened by the first money that goes there."""
    own = {
        merchant.pending_account_id: 1,
        merchant.payable_account_id: 1,
        merchant.reserve_account_id: 1,
        merchant.receivable_account_id: -1,
        balance_id(merchant.id): 1,
    }
    return {account_id: sign for account_id, sign in own.items() if account_id is not None}


def held_before(merchant: Merchant, moment: datetime) -> int:
    """What a merchant has just before a moment, in minor units: all its accounts, less its debt."""
    signs = _accounts(merchant)
    balances = balances_at(signs, moment - _TICK)
    return sum(signs[account_id] * minor for account_id, minor in balances.items())
