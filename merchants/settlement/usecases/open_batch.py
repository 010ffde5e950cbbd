"""Open the batch that a payment or refund will be settled with."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from config.kernel import transactions
from merchants.onboarding import queries as onboarding
from merchants.settlement import rules
from merchants.settlement.models import SettlementBatch
from merchants.settlement.values import BatchState
from wallet.business_days import business_date


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


@transactions.atomic_retry
def open_batches(sales: Iterable[tuple[uuid.UUID, str, datetime]]) -> None:
    """Make sure of a batch for each of many sales; repeating changes nothing.

    Of a day whose batch is open nothing is written. Elsewhere the first and the last sale of
    the day are seen to: what takes these two takes all between them.

    Args:
        sales: the merchant's internal id, the currency, and when money moved (aware).

    Raises:
        MerchantNotFound: there is no such merchant.
    """
    moments = defaultdict(list)
    for merchant_id, currency, occurred_at in sales:
        moments[merchant_id, currency].append(occurred_at)
    merchants = onboarding.merchants_by_id({merchant_id for merchant_id, _ in moments})
    days = defaultdict(list)
    for (merchant_id, currency), several in moments.items():
        merchant = merchants.get(merchant_id)
        if merchant is None:
            raise onboarding.MerchantNotFound()
        for at in several:
            on = business_date(at, zone=merchant.zone, cutoff_hour=merchant.cutoff_hour)
            days[merchant_id, on, currency].append(at)
    opened = SettlementBatch.objects.filter(
        merchant__in=merchants, business_date__in={on for _, on, _ in days}, state=BatchState.OPEN
    )
    present = set(opened.values_list("merchant_id", "business_date", "currency"))
    for key in sorted(days.keys() - present):
        for at in sorted({min(days[key]), max(days[key])}):
            open_batch(merchant_id=key[0], currency=key[2], occurred_at=at)
