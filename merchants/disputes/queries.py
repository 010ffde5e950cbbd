"""Reading disputes."""

import uuid
from datetime import datetime

from django.db.models import Q, QuerySet

from config.kernel.due_times import Earliest
from merchants.disputes.models import Dispute
from merchants.disputes.rules import DisputeUnknown
from merchants.disputes.values import LIVE, UNDER_REVIEW, DisputeState, Side


def disputes_of(caller_id: uuid.UUID) -> QuerySet[Dispute]:
    """Those that a wallet user opened, or that are about a merchant of theirs; newest first."""
    rows = Dispute.objects.select_related("merchant")
    return rows.filter(Q(buyer_id=caller_id) | Q(merchant__owner_id=caller_id))


def dispute_of(dispute_id: uuid.UUID, *, caller_id: uuid.UUID) -> Dispute:
    """One of the caller's disputes, on either side.

    Raises:
        DisputeUnknown: there is none of theirs.
    """
    row = disputes_of(caller_id).filter(id=dispute_id).first()
    if row is None:
        raise DisputeUnknown()
    return row


def dispute(dispute_id: uuid.UUID) -> Dispute:
    """A dispute by id.

    Raises:
        DisputeUnknown: there is none.
    """
    row = Dispute.objects.select_related("merchant").filter(id=dispute_id).first()
    if row is None:
        raise DisputeUnknown()
    return row


def side_of(row: Dispute, *, caller_id: uuid.UUID) -> Side:
    """Which side a caller is on; one's own shop can be paid by nobody who owns it."""
    return Side.BUYER if row.buyer_id == caller_id else Side.MERCHANT


def has_live_dispute(buyer_id: uuid.UUID) -> bool:
    """Whether it is still open if a buyer gets money back."""
    return Dispute.objects.filter(buyer_id=buyer_id, state__in=LIVE).exists()


def unanswered(now: datetime) -> list[uuid.UUID]:
    """Disputes whose merchant was silent until its deadline, oldest first."""
    rows = Dispute.objects.filter(state=DisputeState.OPENED, due_at__lte=now)
    return list(rows.order_by("due_at", "id").values_list("id", flat=True))


def waiting_reviews() -> QuerySet[Dispute]:
    """Disputes that wait for the operators and have not alarmed them yet."""
    return Dispute.objects.filter(state__in=UNDER_REVIEW, alarmed_at__isnull=True)


def overdue_reviews(now: datetime) -> list[uuid.UUID]:
    """Those of them that should have been decided by `now`, oldest first."""
    rows = waiting_reviews().filter(due_at__lte=now)
    return list(rows.order_by("due_at", "id").values_list("id", flat=True))


# When the next review's time is over.
next_overdue = Earliest(waiting_reviews, "due_at")
# When the next merchant's time to answer is over.
next_deadline = Earliest(lambda: Dispute.objects.filter(state=DisputeState.OPENED), "due_at")
