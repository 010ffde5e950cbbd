"""Say no to a request."""

import uuid

from django.contrib.auth.models import User

from config.kernel import clock, transactions
from config.kernel.approvals import queries, registry, rules
from config.kernel.approvals.models import ApprovalRequest, ApprovalVote
from config.kernel.approvals.steps import locked_request, move_on
from config.kernel.approvals.values import Status


@transactions.atomic_retry
def reject_request(*, request_id: uuid.UUID, checker: User, comment: str = "") -> ApprovalRequest:
    """End a request with a no. Rejecting again returns it unchanged.

    Raises:
        RequestUnknown: there is no such request.
        rules.SelfApproval: the checker is the maker, who may withdraw instead.
        rules.CheckerLacksRole: the checker does not hold the action's permission.
        rules.RequestNotPending: it has been decided otherwise.

    Locks: the request.
    """
    request = locked_request(request_id)
    rules.check_other(maker_id=request.maker_id, checker_id=checker.pk)
    if request.votes.filter(checker=checker, approves=False).exists():
        return request
    rules.check_pending(request.status)
    entry = registry.action_named(request.action)
    if not queries.holds(checker, entry.permission, by_role=entry.by_role):
        raise rules.CheckerLacksRole(action=request.action)
    ApprovalVote.objects.update_or_create(
        request=request,
        checker=checker,
        defaults={
            "maker_id": request.maker_id,
            "approves": False,
            "comment": comment,
            "voted_at": clock.now(),
        },
    )
    actor = f"operator:{checker.get_username()}"
    move_on(request, Status.REJECTED, actor=actor, purpose=comment)
    return request
