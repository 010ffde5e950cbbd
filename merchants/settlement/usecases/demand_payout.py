"""Pay a merchant out on its own request."""

import uuid

from config.kernel import transactions
from merchants.onboarding.queries import merchant_for_money
from merchants.settlement.models import SettlementBatch
from merchants.settlement.values import BatchState, Wait


@transactions.atomic_retry
def demand_payout(*, merchant_id: uuid.UUID) -> int:
    """Let all batches go that wait for the merchant to ask; returns how many. Again: none.

    A payout still waits for its working day, for approval, and for the end of a hold.

    Raises:
        MerchantNotFound: there is no such merchant.

    Locks: the merchant.
    """
    merchant = merchant_for_money(merchant_id)
    waiting = SettlementBatch.objects.filter(
        merchant=merchant,
        waits_for=Wait.DEMAND,
        state__in=[BatchState.CALCULATED, BatchState.AWAITING_APPROVAL],
    )
    return waiting.update(waits_for=Wait.NOTHING)
