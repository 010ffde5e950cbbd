"""Delete what has outlived its purpose."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Min, Q, QuerySet

from config.kernel import transactions
from config.kernel.due_times import Earliest, earliest_of
from config.kernel.outbox.models import OutboxEvent
from healthcode.decisions import chain, rules
from healthcode.decisions.models import (
    Decision,
    ErasureStub,
    Head,
    Hold,
    LaboratoryReport,
    Notice,
    QuarantinedReport,
    Tally,
)
from healthcode.evidence.models import Evidence
from healthcode.evidence.register import Sums, enter
from healthcode.evidence.usecases.record_evidence import delete_evidence
from healthcode.evidence.values import RELIEVING, EvidenceKind
from healthcode.rules.values import Colour

SUPERSEDED_DAYS = 28
BATCH = 500
EVENTS = 5000
TOPICS = "health."
EVERY = timedelta(days=1)
LOOK_AGAIN = timedelta(days=1)


@transactions.atomic_retry
def purge_expired(*, now: datetime) -> int:
    """Delete a batch of evidence, superseded decisions and notices whose time has come.

    Evidence on which a standing yellow or red rests is held, and looked at again a day
    later; so is what led back to green while the evidence before it is still there. A
    retraction goes with or before what it retracts. A subject's latest decision stays.

    Returns:
        how many rows were deleted or held.
    """
    limit = now - timedelta(days=SUPERSEDED_DAYS)
    due = Evidence.objects.filter(delete_after__lte=now)
    count = delete_evidence(due.filter(retracts__isnull=False)[:BATCH])
    count += _purge_evidence(due.filter(retracts__isnull=True, evidence__isnull=True), now)
    standing = Head.objects.values("decision_id")
    old = Decision.objects.filter(computed_at__lt=limit).exclude(id__in=standing)
    count += _delete_decisions(old.order_by("computed_at", "id")[:BATCH])
    for model in (QuarantinedReport, LaboratoryReport, ErasureStub):
        count += _delete(model._default_manager.filter(delete_after__lte=now))
    count += _delete(Notice.objects.filter(at__lt=limit))
    Tally.objects.update_or_create(id=1, defaults={"purged_at": now})
    return count


def _delete(rows: QuerySet[Any]) -> int:
    ids = list(rows.values_list("id", flat=True)[:BATCH])
    return rows.model._default_manager.filter(id__in=ids).delete()[0] if ids else 0


def _purge_evidence(due: QuerySet[Evidence], now: datetime) -> int:
    """Delete what nothing rests on any more, hold the rest."""
    open_rows = due.filter(Q(hold__isnull=True) | Q(hold__look_again_at__lte=now))
    rows = list(open_rows.order_by("delete_after", "id")[:BATCH])
    needed = _behind_standing({row.subject_id for row in rows})
    rows_to_hold = [row for row in rows if row.id in needed or _still_relieves(row)]
    for row in rows_to_hold:
        Hold.objects.update_or_create(evidence=row, defaults={"look_again_at": now + LOOK_AGAIN})
    ids_to_hold = {row.id for row in rows_to_hold}
    free = due.filter(id__in=[row.id for row in rows if row.id not in ids_to_hold])
    return len(rows_to_hold) + delete_evidence(free)


def _delete_decisions(old: QuerySet[Decision]) -> int:
    """Delete decisions, and write down where each chain begins from now on."""
    rows = list(old.only("id", "subject_id"))
    if not rows:
        return 0
    people = {row.subject_id for row in rows}
    heads = Head.objects.select_for_update(of=("self",)).filter(subject_id__in=people)
    former = list(heads.order_by("subject_id"))
    count = Decision.objects.filter(id__in=[row.id for row in rows]).delete()[0]
    decisions = Decision.objects.filter(subject_id__in=people).values("subject_id")
    first = {row["subject_id"]: row["seq"] for row in decisions.annotate(seq=Min("seq")).order_by()}
    sums = Sums()
    for head in former:
        chain.enter_head(sums, head, sign=-1)
        head.first_seq = first[head.subject_id]
        chain.enter_head(sums, head)
    Head.objects.bulk_update(former, ["first_seq"])
    enter(sums)
    return count


def _behind_standing(subject_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Evidence behind the yellow and red reasons of these subjects' standing decisions."""
    heads = Head.objects.filter(subject_id__in=list(subject_ids))
    reasons = heads.values_list("decision__reasons", flat=True)
    severe = {Colour.YELLOW, Colour.RED}
    return {
        uuid.UUID(name)
        for decision_reasons in reasons
        for reason in decision_reasons
        if reason["colour"] in severe
        for name in reason["evidence"]
    }


def _still_relieves(row: Evidence) -> bool:
    """Whether evidence from before this piece, which it may make up for, is still there."""
    # What leads back to green is not taken away before what it leads back from.
    if row.kind not in RELIEVING:
        return False
    earlier = Evidence.objects.filter(
        subject_id=row.subject_id,
        observed_at__lte=row.observed_at,
        retracts__isnull=True,
        evidence__isnull=True,
    ).exclude(id=row.id)
    later_gone = Q(delete_after__gt=row.delete_after) | Q(hold__isnull=False)
    return earlier.filter(later_gone).exclude(kind=EvidenceKind.VACCINATION).exists()


_next_row = earliest_of(
    Earliest(lambda: Evidence.objects.filter(hold__isnull=True), "delete_after"),
    Earliest(Hold.objects.all, "look_again_at"),
    Earliest(QuarantinedReport.objects.all, "delete_after"),
    Earliest(LaboratoryReport.objects.all, "delete_after"),
    Earliest(ErasureStub.objects.all, "delete_after"),
)


def next_purge() -> datetime | None:
    """When the next row is to be deleted or looked at again; decisions once a day."""
    return rules.earliest(_next_row(), _next_superseded())


def _next_superseded() -> datetime | None:
    """A day after the last round, and not before anything can be old enough."""
    oldest: datetime | None = Decision.objects.aggregate(first=Min("computed_at"))["first"]
    if oldest is None:
        return None
    old_enough = oldest + timedelta(days=SUPERSEDED_DAYS, seconds=1)
    tally = Tally.objects.filter(id=1).first()
    if tally is None or tally.purged_at is None:
        return old_enough
    return max(old_enough, tally.purged_at + EVERY)


@transactions.atomic_retry
def purge_events(*, now: datetime) -> int:
    """Delete a batch of the health code's events whose effects were all had long ago.

    Returns:
        how many there were; the next round is a day later, or at once after a full batch.
    """
    events = OutboxEvent.objects.filter(
        topic__startswith=TOPICS, done_at__lte=now - timedelta(days=SUPERSEDED_DAYS)
    )
    ids = list(events.order_by("id").values_list("id", flat=True)[:EVENTS])
    OutboxEvent.objects.filter(id__in=ids).delete()
    if len(ids) < EVENTS:
        Tally.objects.update_or_create(id=1, defaults={"events_purged_at": now})
    return len(ids)


def next_event_purge() -> datetime | None:
    """A day after the last round; None where nothing was ever decided."""
    tally = Tally.objects.filter(id=1).first()
    if tally is not None and tally.events_purged_at is not None:
        return tally.events_purged_at + EVERY
    first: datetime | None = Decision.objects.aggregate(first=Min("computed_at"))["first"]
    return first + timedelta(days=SUPERSEDED_DAYS) if first else None
