"""Open the batch that a payment or refund will be settled with."""

import uuid
from datetime import datetime, timedelta

from config.kernel import transactions
from merchants.onboarding import queries as onboarding
from merchants.settlement import rules
from merchants.settlement.models import SettlementBatch
from merchants.settlement.values import BatchState


@transactions.atomic_retry
def open_batch(*, merchant_id: uuid.UUID, currency: str, occurred_at: datetime) -> SettlementBatch:
    """Make sure that a batch is open which will take in what happened at a moment.

    It is the batch of that moment's business day or, where that one has been closed
    before that moment or is calculated already, of the first later day that is not.
    Repeating changes nothing.

    Args:
        merchant_id: the merchant's internal id.
        currency: ISO 4217 code.
        occurred_at: when money moved; timezone-aware.

    Raises:
        MerchantNotFound: there is no such merchant.
    """
    merchant = onboarding.merchant(merchant_id)
    day = rules.business_day_of(occurred_at, zone=merchant.zone, cutoff_hour=merchant.cutoff_hour)
    while True:
        batch, _ = SettlementBatch.objects.get_or_create(
            merchant=merchant,
            business_date=day.business_date,
            currency=currency,
            defaults={"opens_at": day.opens_at, "closes_at": day.closes_at},
        )
        takes_it = batch.state == BatchState.CUT_OFF and occurred_at < batch.closes_at
        if batch.state == BatchState.OPEN or takes_it:
            return batch
        day = rules.business_day(
            day.business_date + timedelta(days=1),
            zone=merchant.zone,
            cutoff_hour=merchant.cutoff_hour,
        )
