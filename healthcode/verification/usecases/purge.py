"""Forget who was where."""

from datetime import datetime
from typing import Any

from config.kernel import transactions
from config.kernel.due_times import Earliest, earliest_of
from healthcode.verification import rules
from healthcode.verification.models import (
    AccessLogEntry,
    CheckIn,
    Inside,
    Shown,
    TerminalInvite,
    Verification,
)

BATCH = 1000


@transactions.atomic_retry
def purge_visits(*, now: datetime) -> int:
    """Delete a batch of check-ins and access logs that are due; take subjects off old records.

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
        AccessLogEntry.objects.filter(delete_after__lte=now),
        Verification.objects.filter(at__lte=now - rules.VERIFICATION_KEPT),
    ):
        ids: list[Any] = list(rows.values_list("pk", flat=True)[:BATCH])
        count += rows.model.objects.filter(pk__in=ids).delete()[0]
    return count


# When the next row is due.
next_purge = earliest_of(
    Earliest(Verification.objects.all, "forget_at"),
    Earliest(CheckIn.objects.all, "delete_after"),
    Earliest(Inside.objects.all, "forget_at"),
    Earliest(Shown.objects.all, "forget_at"),
    Earliest(TerminalInvite.objects.all, "expires_at"),
    Earliest(AccessLogEntry.objects.all, "delete_after"),
    Earliest(Verification.objects.all, "at", plus=rules.VERIFICATION_KEPT),
)
