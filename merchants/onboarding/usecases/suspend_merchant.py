"""Suspend a merchant."""

import uuid

from config.kernel import transactions
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.move_merchant import move_merchant
from merchants.onboarding.values import MerchantState


@transactions.atomic_retry
def suspend_merchant(*, merchant_id: uuid.UUID, actor: str, reason: str) -> Merchant:
    """Stop new payments at once; one operator may, because it protects people.

    Refunds go on as far as its own money covers them; payouts and transfers wait.
    Suspending again changes nothing.

    Raises:
        queries.MerchantNotFound: there is no such merchant.
        rules.MerchantStateForbids: it was never approved, or is closed.

    Locks: the merchant.
    """
    return move_merchant(merchant_id, MerchantState.SUSPENDED, actor=actor, reason=reason)
