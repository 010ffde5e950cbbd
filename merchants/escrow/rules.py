"""Rules of guaranteed trades. Pure."""

from datetime import datetime, timedelta

from config.kernel.errors import Conflict

# How long money waits where nobody confirms and the merchant named no other time.
USUAL = timedelta(days=10)


class EscrowConflict(Conflict):
    """The trade was confirmed under another number."""

    code = "escrow_conflict"
    message = "This trade has been confirmed already."


class EscrowMissing(Conflict):
    """The trade is not a guaranteed one, or nothing of it is left to release."""

    code = "escrow_missing"
    message = "Nothing of this trade waits to be confirmed."


def due_at(paid_at: datetime, days: object) -> datetime:
    """When money is released by itself: after the merchant's days, or the usual time."""
    return paid_at + (timedelta(days=days) if isinstance(days, int) else USUAL)
