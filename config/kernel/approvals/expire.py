"""Let requests lapse that nobody decided in time."""

from datetime import datetime

from config.kernel import transactions
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.steps import move_on
from config.kernel.approvals.values import Status
from config.kernel.claims import claim

BATCH = 100


@transactions.atomic_retry
def expire_requests(*, now: datetime) -> int:
    """End pending requests whose time is over by `now`; returns how many.

    Locks: up to a hundred requests, passing over those in somebody's hands.
    """
    due = ApprovalRequest.objects.filter(status=Status.PENDING, expires_at__lte=now).order_by("id")
    requests = claim(due, BATCH)
    for request in requests:
        move_on(request, Status.EXPIRED, actor="system:timetable")
    return len(requests)
