"""Count money paid out against the limits of the payer's KYC tier."""

import uuid

from config.kernel import clock, transactions
from config.kernel.errors import invariant
from wallet.accounts import queries, rules
from wallet.accounts.models import OutgoingTotal
from wallet.accounts.values import Limits


@transactions.atomic_retry
def count_outgoing(*, user_id: uuid.UUID, amount_minor: int) -> Limits:
    """Add a payment to what the user has paid out, if their tier still allows it.

    The year is the calendar year in the user's zone; it starts anew by itself.

    Args:
        user_id: the payer.
        amount_minor: in fen, above zero.

    Returns:
        The limits as they stand after the payment.

    Raises:
        KycRequired: tier 0 may not pay.
        KycLimit: the tier's limit would be passed; `remaining_minor` says what is left.
        UserUnknown: there is no such user.

    Locks: the user's outgoing total. Part of the caller's transaction, so that a payment
    which fails later counts nothing.
    """
    invariant(amount_minor > 0, "an outgoing payment is above zero")
    user = queries.user(user_id)
    total = OutgoingTotal.objects.select_for_update().get(user_id=user_id)
    year = clock.today(user.zone).year
    used_minor = total.year_minor if total.year == year else 0
    allowance = rules.limits(
        tier=user.kyc_tier,
        lifetime_used_minor=total.lifetime_minor,
        year=year,
        yearly_used_minor=used_minor,
    )
    rules.check_outgoing(allowance, amount_minor=amount_minor)
    total.lifetime_minor += amount_minor
    total.year, total.year_minor = year, used_minor + amount_minor
    total.save(update_fields=["lifetime_minor", "year", "year_minor"])
    return rules.limits(
        tier=user.kyc_tier,
        lifetime_used_minor=total.lifetime_minor,
        year=year,
        yearly_used_minor=total.year_minor,
    )


@transactions.atomic_retry
def uncount_outgoing(*, user_id: uuid.UUID, amount_minor: int) -> None:
    """Give the allowance of a voided or refunded payment back, never below zero.

    The year's count shrinks only by what this year holds: a refund of last year's payment
    does not make room in this year's limit beyond what was paid in it.

    Locks: the user's outgoing total.
    """
    invariant(amount_minor > 0, "what is given back is above zero")
    total = OutgoingTotal.objects.select_for_update().get(user_id=user_id)
    total.lifetime_minor = max(0, total.lifetime_minor - amount_minor)
    total.year_minor = max(0, total.year_minor - amount_minor)
    total.save(update_fields=["lifetime_minor", "year_minor"])
