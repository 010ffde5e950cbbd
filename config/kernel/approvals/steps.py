"""What every step of a request shares: taking the row, moving it on, writing it down."""

import uuid

from config.kernel import clock, transactions
from config.kernel.approvals import rules
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.values import Status
from config.kernel.audit import chain
from config.kernel.errors import NotFound

# As much of a reason as a row of the audit log holds.
PURPOSE_CHARACTERS = 256


class RequestUnknown(NotFound):
    """There is no approval request with this id."""

    code = "approval_not_found"
    message = "There is no such approval request."


def locked_request(request_id: uuid.UUID) -> ApprovalRequest:
    """Take a request for this transaction.

    Raises:
        RequestUnknown: there is none.

    Locks: the request.
    """
    transactions.require()
    request = (
        ApprovalRequest.objects.select_for_update(of=("self",))
        .select_related("maker")
        .filter(id=request_id)
        .first()
    )
    if request is None:
        raise RequestUnknown(request_id=str(request_id))
    return request


def move_on(request: ApprovalRequest, to: Status, *, actor: str, purpose: str = "") -> None:
    """Give a request its next status, with the moment and a line in the audit log."""
    before = request.status
    request.status = rules.move(before, to)
    if to in {Status.EXECUTED, Status.FAILED}:
        request.executed_at = clock.now()
    else:
        request.decided_at = clock.now()
    request.save(update_fields=["status", "decided_at", "executed_at", "result", "failure_code"])
    chain.record(
        action=f"approval.{to.lower()}",
        actor=actor,
        target=f"approval:{request.id}",
        purpose=(purpose or request.reason)[:PURPOSE_CHARACTERS],
        before={"status": str(before)},
        after={
            "status": str(to),
            "action": request.action,
            "failure_code": request.failure_code,
        },
    )
