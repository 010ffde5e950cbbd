"""What falls due for approval requests."""

from datetime import datetime

from config.kernel import timetable
from config.kernel.approvals import queries
from config.kernel.approvals.execute import execute_request
from config.kernel.approvals.expire import expire_requests
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.values import Status


@timetable.job("approvals.expire", next_due=queries.next_expiry)
def expire(now: datetime) -> int:
    """Let undecided requests lapse after their day."""
    return expire_requests(now=now)


@timetable.job("approvals.execute", next_due=queries.next_unexecuted)
def execute(now: datetime) -> int:
    """Take up what was approved by somebody whose process died before carrying it out."""
    waiting = ApprovalRequest.objects.filter(status=Status.APPROVED, decided_at__lte=now)
    ids = list(waiting.order_by("decided_at").values_list("id", flat=True))
    for request_id in ids:
        execute_request(request_id=request_id)
    return len(ids)
