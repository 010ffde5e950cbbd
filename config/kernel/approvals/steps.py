"""What every step of a request shares: taking the row, moving it on, writing it down."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.approvals import rules
from config.kernel.approvals.models import ApprovalRequest, ApprovalVote
from config.kernel.approvals.values import Status, fingerprint
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


def move_on(
    request: ApprovalRequest,
    to: Status,
    *,
    actor: str,
    purpose: str = "",
    vote: ApprovalVote | None = None,
) -> None:
    """Give a request its next status, with the moment and a line in the audit log.

    `vote` is the one that moved it, where one did.
    """
    before = request.status
    request.status = rules.move(before, to)
    if to in {Status.EXECUTED, Status.FAILED}:
        request.executed_at = clock.now()
    else:
        request.decided_at = clock.now()
    request.save(update_fields=["status", "decided_at", "executed_at", "result", "failure_code"])
    write_down(
        request,
        to.lower(),
        actor=actor,
        purpose=purpose,
        before={"status": str(before), **(request.state if to is Status.EXECUTED else {})},
        after={
            "status": str(to),
            "action": request.action,
            "failure_code": request.failure_code,
            "result": request.result,
            "outcome": outcome_of(request),
            **({} if vote is None else {"vote": digest_of_vote(vote)}),
        },
    )


def write_down(
    request: ApprovalRequest,
    step: str,
    *,
    actor: str,
    purpose: str,
    before: dict[str, object],
    after: dict[str, object],
) -> None:
    """Add a step of a request to the audit log; `purpose` is the actor's own words."""
    chain.record(
        action=f"approval.{step}",
        actor=actor,
        target=f"approval:{request.id}",
        purpose=purpose[:PURPOSE_CHARACTERS],
        before=before,
        after=after,
    )


def digest_of(request: ApprovalRequest) -> str:
    """SHA-256 (hex) of everything about a request that never changes."""
    return fingerprint(
        {
            "id": request.id,
            "action": request.action,
            "parameters": request.parameters,
            "target": request.target,
            "target_version": request.target_version,
            "state": request.state,
            "state_hash": request.state_hash,
            "effect": request.effect,
            "reason": request.reason,
            "maker": request.maker_id,
            "checkers_needed": request.checkers_needed,
            "requested_at": microseconds(request.requested_at),
            "expires_at": microseconds(request.expires_at),
        }
    )


def outcome_of(request: ApprovalRequest) -> str:
    """SHA-256 (hex) of what came of a request and when."""
    moments = (request.decided_at, request.executed_at)
    return fingerprint(
        {
            "id": request.id,
            "status": str(request.status),
            "result": request.result,
            "failure_code": request.failure_code,
            "moments": [None if moment is None else microseconds(moment) for moment in moments],
        }
    )


def digest_of_vote(vote: ApprovalVote) -> str:
    """SHA-256 (hex) of a vote; a vote never changes."""
    return fingerprint(
        {
            "id": vote.pk,
            "request": vote.request_id,
            "maker": vote.maker_id,
            "checker": vote.checker_id,
            "approves": vote.approves,
            "comment": vote.comment,
            "voted_at": microseconds(vote.voted_at),
        }
    )


def microseconds(moment: datetime) -> int:
    """A moment as every database gives it back."""
    return round(moment.timestamp() * 1_000_000)
