"""Settle and pay out one business date of every merchant, by hand."""

from datetime import date

from config.kernel import clock
from config.kernel.failpoints import failpoint
from merchants.onboarding.models import Merchant
from merchants.onboarding.values import MerchantState
from merchants.payouts import queries as payouts
from merchants.payouts.usecases.create_payout import create_payout
from merchants.payouts.usecases.submit_payout import submit_payout
from merchants.settlement import queries
from merchants.settlement.models import SettlementBatch
from merchants.settlement.usecases.open_days import open_days
from merchants.settlement.usecases.settle_batch import settle_batch
from merchants.settlement.values import BatchState
from merchants.terms.queries import is_on_hold


def settle_date(*, business_date: date) -> list[SettlementBatch]:
    """Bring every merchant's batch of a date, and of days before it, to its payout.

    It does what the timetable does, in the same steps, without waiting: a day that is
    not over is closed now, and what is sold later belongs to the next batch. It can be
    run again after a crash or for no reason; each merchant is paid once. A batch that
    waits for approval, its working day, more money or to be asked for stays where it is, and so
    does what a suspended merchant, or one whose payouts are on hold, would get.
    The bank answers in its own time.

    Returns:
        The date's batches, by merchant.
    """
    for merchant in Merchant.objects.filter(pending_account_id__isnull=False).order_by("id"):
        open_days(merchant=merchant, until=business_date)
        _settle(merchant, business_date)
        failpoint("settlement.after_merchant")
    return list(queries.batches_on(business_date))


def _settle(merchant: Merchant, business_date: date) -> None:
    batches = SettlementBatch.objects.filter(
        merchant=merchant, business_date__lte=business_date, opens_at__lt=clock.now()
    ).exclude(state__in=[BatchState.PAID, BatchState.PART_FAILED])
    for batch_id in batches.order_by("business_date").values_list("id", flat=True):
        batch = settle_batch(batch_id=batch_id)
        stopped = merchant.state == MerchantState.SUSPENDED or is_on_hold(merchant.id)
        is_paying = batch.state == BatchState.PAYING and not stopped
        if is_paying or payouts.is_due(batch, clock.now()):
            payout = create_payout(batch_id=batch_id)
            failpoint("payouts.after_create")
            if payout is not None:
                submit_payout(payout_id=payout.id)
