"""The ledger accounts a merchant's settlement moves money between."""

import uuid
from typing import NamedTuple

from config.kernel.errors import InvariantBroken
from merchants.onboarding.models import Merchant


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
