"""The ledger accounts a merchant's settlement moves money between."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from config.kernel.errors import InvariantBroken
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.open_balance import balance_id
from wallet.public import balance_at, is_open

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
        raise InvariantBroken(f"merchant {merchant.merchant_id} is settled and has its accounts")
    return MerchantAccounts(pending, payable, receivable)


def own_accounts(merchant: Merchant) -> Iterator[tuple[uuid.UUID, int]]:
    """A merchant's open accounts, each with 1 for its money and -1 for its debt."""
    own = (merchant.pending_account_id, merchant.payable_account_id, merchant.reserve_account_id)
    for account_id in own:
        if account_id is not None:
            yield account_id, 1
    if merchant.receivable_account_id is not None:
        yield merchant.receivable_account_id, -1
    if is_open(balance_id(merchant.id)):
        yield balance_id(merchant.id), 1


def held_before(merchant: Merchant, moment: datetime) -> int:
    """What a merchant has just before a moment, in minor units: all its accounts, less its debt."""
    before = moment - _TICK
    return sum(sign * balance_at(account_id, before) for account_id, sign in own_accounts(merchant))
