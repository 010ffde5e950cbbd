"""Questions about coupons."""

import uuid
from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime

from django.db.models import F, QuerySet, Sum

from config.kernel.due_times import Earliest
from wallet.accounts.values import BankMovement
from wallet.coupons.models import Campaign, Coupon
from wallet.coupons.values import CouponState, Terms

CURRENCY = "CNY"


def coupons_of(user_id: uuid.UUID) -> QuerySet[Coupon]:
    """Somebody's coupons, the latest first."""
    return Coupon.objects.select_related("campaign").filter(user_id=user_id)


def terms_of(campaign: Campaign) -> Terms:
    """A campaign's row as terms."""
    return Terms(**{field.name: getattr(campaign, field.name) for field in fields(Terms)})


def reference_of(campaign: Campaign, *, came_in: bool) -> str:
    """What the bank and our books call a campaign's money on its way in, or out again."""
    return f"promo-{campaign.code}{'' if came_in else '-left'}"


def paid_minor(campaign: Campaign) -> int:
    """What a campaign's coupons have paid, less what refunds brought back."""
    rows = campaign.coupons.filter(state__in=[CouponState.REDEEMED, CouponState.REFUNDED])
    total = rows.aggregate(total=Sum(F("amount_minor") - F("returned_minor")))["total"]
    return int(total or 0)


# When the next campaign ends.
next_due = Earliest(lambda: Campaign.objects.filter(ended_at__isnull=True), "ends_at")


def movements(until: datetime) -> Iterator[BankMovement]:
    """What the house brought to the bank for its campaigns by `until`, and took back."""
    for row in Campaign.objects.filter(started_at__lte=until).order_by("started_at"):
        came_in = reference_of(row, came_in=True)
        yield BankMovement("", came_in, row.budget_minor, CURRENCY, row.started_at)
        if row.ended_at is not None and row.ended_at <= until and row.left_minor:
            went_out = reference_of(row, came_in=False)
            yield BankMovement("", went_out, -row.left_minor, CURRENCY, row.ended_at)
