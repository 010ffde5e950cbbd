"""Forget who was where."""

from datetime import datetime
from typing import Any

from django.db.models import Min

from config.kernel import transactions
from healthcode.decisions.rules import earliest
from healthcode.verification import rules
from healthcode.verification.models import (
    CheckIn,
    Inside,
    Look,
    Shown,
    TerminalInvite,
    Verification,
)

BATCH = 1000


@transactions.atomic_retry
def purge_visits(*, now: datetime) -> int:
    """Delete a batch of check-ins and looks that are due; take subjects off old records.

    Returns:
        how many rows were deleted or made nameless.
    """
    forget = Verification.objects.filter(forget_at__lte=now).values_list("id", flat=True)[:BATCH]
    count = Verification.objects.filter(id__in=list(forget)).update(subject=None, forget_at=None)
    for rows in (
        CheckIn.objects.filter(delete_after__lte=now),
        Inside.objects.filter(forget_at__lte=now),
        Shown.objects.filter(forget_at__lte=now),
        TerminalInvite.objects.filter(expires_at__lte=now),
        Look.objects.filter(delete_after__lte=now),
        Verification.objects.filter(at__lte=now - rules.VERIFICATION_KEPT),
    ):
        found: list[Any] = list(rows.values_list("pk", flat=True)[:BATCH])
        count += rows.model.objects.filter(pk__in=found).delete()[0]
    return count


def next_purge() -> datetime | None:
    """When the next row is due."""
    oldest: datetime | None = Verification.objects.aggregate(due=Min("at"))["due"]
    return earliest(
        Verification.objects.aggregate(due=Min("forget_at"))["due"],
        CheckIn.objects.aggregate(due=Min("delete_after"))["due"],
        Inside.objects.aggregate(due=Min("forget_at"))["due"],
        Shown.objects.aggregate(due=Min("forget_at"))["due"],
        TerminalInvite.objects.aggregate(due=Min("expires_at"))["due"],
        Look.objects.aggregate(due=Min("delete_after"))["due"],
        oldest + rules.VERIFICATION_KEPT if oldest else None,
    )
