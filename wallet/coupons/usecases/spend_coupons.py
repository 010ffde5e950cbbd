"""Let coupons pay a part of a payment, and give it back to the house with a refund."""

import uuid
from collections.abc import Collection
from datetime import datetime

from config.kernel import transactions
from wallet.coupons import queries, rules
from wallet.coupons.models import Coupon
from wallet.coupons.usecases.start_campaign import PROMO
from wallet.coupons.values import CouponState
from wallet.ledger.usecases.open_account import open_system_account
from wallet.ledger.values import Line, credit, debit


def spend_coupons(
    *,
    coupon_ids: Collection[uuid.UUID],
    payer_id: uuid.UUID,
    payment_id: uuid.UUID,
    price_minor: int,
    at: datetime,
) -> list[Line]:
    """What the house pays of a payment, for the one journal that the caller posts.

    Part of the caller's transaction: where that is refused, nothing is spent.

    Raises:
        rules.CouponUnknown: one of them is none of the payer's.
        rules.CouponSpent, rules.CouponExpired: one has paid already, or its time is over.
        rules.CouponsDoNotStack, rules.PriceTooLow: see `check_together`.

    Locks: the coupons, in the order of their ids.
    """
    transactions.require()
    if not coupon_ids:
        return []
    rows = Coupon.objects.select_for_update(of=("self",)).select_related("campaign")
    coupons = list(rows.filter(id__in=coupon_ids, user_id=payer_id).order_by("id"))
    if len(coupons) < len(coupon_ids):
        raise rules.CouponUnknown(field="coupons")
    for coupon in coupons:
        if coupon.payment_id is not None:
            raise rules.CouponSpent(field="coupons")
        if coupon.state != CouponState.ISSUED or at >= coupon.campaign.ends_at:
            raise rules.CouponExpired(field="coupons")
    terms = [queries.terms_of(coupon.campaign) for coupon in coupons]
    rules.check_together(terms, price_minor=price_minor)
    for coupon in coupons:
        coupon.state, coupon.payment_id, coupon.spent_at = CouponState.REDEEMED, payment_id, at
        coupon.save(update_fields=["state", "payment_id", "spent_at"])
    together_minor = sum(coupon.amount_minor for coupon in coupons)
    return [debit(open_system_account(PROMO), together_minor, queries.CURRENCY)]


def return_coupons(*, payment_id: uuid.UUID, price_minor: int, refunded_minor: int) -> list[Line]:
    """What of a refund is the house's again; see `due_back`.

    Args:
        payment_id: what is refunded.
        price_minor: what was paid in all, coupons included.
        refunded_minor: what has been refunded in all, this refund included.

    Locks: the payment's coupons.
    """
    transactions.require()
    rows = Coupon.objects.select_for_update(of=("self",)).filter(payment_id=payment_id)
    coupons = list(rows.order_by("id"))
    parts = rules.due_back(
        [(coupon.amount_minor, coupon.returned_minor) for coupon in coupons],
        price_minor=price_minor,
        refunded_minor=refunded_minor,
    )
    for coupon, part_minor in zip(coupons, parts, strict=True):
        if part_minor:
            coupon.returned_minor += part_minor
            if coupon.returned_minor == coupon.amount_minor:
                coupon.state = CouponState.REFUNDED
            coupon.save(update_fields=["returned_minor", "state"])
    if not sum(parts):
        return []
    return [credit(open_system_account(PROMO), sum(parts), queries.CURRENCY)]
