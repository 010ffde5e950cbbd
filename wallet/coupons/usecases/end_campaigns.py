"""End the campaigns whose time is over, and take back what nobody spent."""

from datetime import datetime

from config.kernel import transactions
from config.kernel.claims import claim, in_batches
from wallet.coupons import queries
from wallet.coupons.models import Campaign
from wallet.coupons.usecases.start_campaign import move_budget
from wallet.coupons.values import CouponState


def end_campaigns(*, now: datetime) -> int:
    """End what is due; safe twice and beside other workers. Gives how many ended."""
    return in_batches(_end_one, now)


@transactions.atomic_retry
def _end_one(now: datetime) -> int:
    """End one campaign; what refunds bring back afterwards stays the house's in the pool.

    Locks: the campaign, its coupons, then the ledger accounts.
    """
    due = Campaign.objects.filter(ended_at__isnull=True, ends_at__lte=now)
    batch = claim(due.order_by("ends_at", "id"), 1)
    for row in batch:
        # Waits for whoever is spending one, and finds it spent.
        row.coupons.filter(state=CouponState.ISSUED).update(state=CouponState.EXPIRED)
        row.ended_at, row.left_minor = now, row.budget_minor - queries.paid_minor(row)
        row.save(update_fields=["ended_at", "left_minor"])
        if row.left_minor:
            move_budget(row, -row.left_minor)
    return len(batch)
