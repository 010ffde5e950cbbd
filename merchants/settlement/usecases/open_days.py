"""Open the batches of all days up to one, from what the wallet knows."""

from datetime import date, datetime

from django.db.models import Count, Max, Min

from config.kernel import clock, transactions
from merchants.onboarding.models import Merchant
from merchants.settlement import rules
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.collect_lines import unsettled_refunds
from merchants.settlement.usecases.collect_releases import unsettled_releases
from merchants.settlement.usecases.collect_sales import unsettled_sales
from merchants.settlement.usecases.collect_splits import unsettled_splits
from merchants.settlement.usecases.open_batch import open_batch
from merchants.settlement.values import UNCALCULATED, Reach


@transactions.atomic_retry
def open_days(*, merchant: Merchant, until: date) -> int:
    """Make sure every business day up to `until` that holds unsettled money has a batch.

    The news of a payment opens its day's batch by itself; this does the same from the
    payments themselves, for an operator who will not wait for the news. Returns how many
    payments, refunds and splits wait for settlement.

    Locks: the merchant, so that what another worker is settling is not taken for unsettled.
    """
    merchant = Merchant.objects.select_for_update(no_key=True).get(id=merchant.id)
    last = (
        SettlementBatch.objects.filter(merchant=merchant, currency=merchant.currency)
        .exclude(state__in=UNCALCULATED)
        .order_by("-business_date")
        .first()
    )
    day = rules.business_day(until, zone=merchant.zone, cutoff_hour=merchant.cutoff_hour)
    since = last.opens_at if last else merchant.created_at
    end = min(day.closes_at, clock.now())
    reach = Reach(merchant.currency, since, end)
    moments = [refund.created_at for refund in unsettled_refunds(merchant, reach)]
    moments += [split.at for split in unsettled_splits(merchant, since=since, until=end)]
    came = unsettled_releases(merchant, since=since, until=end)
    moments += [row.released_at for row, _ in came if row.released_at is not None]
    waiting = len(moments)
    sales = unsettled_sales(merchant, reach).values("business_date")
    for sold in sales.annotate(count=Count("id"), first=Min("paid_at"), last=Max("paid_at")):
        waiting += sold["count"]
        moments += [sold["first"], sold["last"]]
    latest: dict[date, datetime] = {}
    for moment in sorted(moments):
        business_day = rules.business_day_of(
            moment, zone=merchant.zone, cutoff_hour=merchant.cutoff_hour
        )
        latest[business_day.business_date] = moment
    for moment in latest.values():
        open_batch(merchant_id=merchant.id, currency=merchant.currency, occurred_at=moment)
    return waiting
