"""Delete what has outlived its purpose."""

from datetime import datetime, timedelta

from config.kernel import transactions
from healthcode.decisions.models import Decision, Head, Notice, QuarantinedReport
from healthcode.evidence.models import Evidence

SUPERSEDED_DAYS = 28
BATCH = 500


@transactions.atomic_retry
def purge_expired(*, now: datetime) -> int:
    """Delete a batch of evidence, superseded decisions and notices whose time has come.

    A retraction goes with or before what it retracts. A subject's latest decision stays.

    Returns:
        how many rows were deleted.
    """
    limit = now - timedelta(days=SUPERSEDED_DAYS)
    due = Evidence.objects.filter(delete_after__lte=now)
    retractions = due.filter(retracts__isnull=False).values_list("id", flat=True)[:BATCH]
    count = Evidence.objects.filter(id__in=list(retractions)).delete()[0]
    plain = due.filter(retracts__isnull=True, evidence__isnull=True)
    count += Evidence.objects.filter(
        id__in=list(plain.values_list("id", flat=True)[:BATCH])
    ).delete()[0]
    standing = Head.objects.values("decision_id")
    old = Decision.objects.filter(computed_at__lt=limit).exclude(id__in=standing).order_by("id")
    count += Decision.objects.filter(
        id__in=list(old.values_list("id", flat=True)[:BATCH])
    ).delete()[0]
    count += QuarantinedReport.objects.filter(delete_after__lte=now).delete()[0]
    told = Notice.objects.filter(at__lt=limit).values_list("id", flat=True)[:BATCH]
    count += Notice.objects.filter(id__in=list(told)).delete()[0]
    return count


def next_purge() -> datetime | None:
    """When the next piece of evidence is to be deleted."""
    return Evidence.objects.order_by("delete_after").values_list("delete_after", flat=True).first()
