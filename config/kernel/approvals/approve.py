"""Approve a request; the last approval that is needed executes it."""

import uuid

from django.contrib.auth.models import User

from config.kernel import clock, transactions
from config.kernel.approvals import queries, registry, rules
from config.kernel.approvals.execute import execute_request
from config.kernel.approvals.models import ApprovalRequest, ApprovalVote
from config.kernel.approvals.state import state_changed
from config.kernel.approvals.steps import locked_request, move_on
from config.kernel.approvals.values import Status


def approve_request(*, request_id: uuid.UUID, checker: User, comment: str = "") -> ApprovalRequest:
    """Vote for a request and, with the last vote needed, carry it out.

    Approving again is safe: the second click finds the vote and returns the request as
    it stands. A request whose time has passed or whose target has changed ends here as
    EXPIRED or STALE; nothing is executed.

    Raises:
        RequestUnknown: there is no such request.
        rules.SelfApproval: the checker is the maker (superusers included).
        rules.CheckerLacksRole: the checker does not hold the action's permission, now or,
            for an earlier checker, when it is executed.
        rules.RequestNotPending: it has been decided otherwise, or its time has passed.

    Locks: the request; then whatever its executor locks, in a transaction of its own.
    """
    request = _vote(request_id=request_id, checker=checker, comment=comment)
    if request.status in {Status.EXPIRED, Status.STALE}:
        return request
    if request.status == Status.APPROVED:
        request = execute_request(request_id=request_id)
    if request.failure_code == rules.CheckerLacksRole.code:
        raise rules.CheckerLacksRole(action=request.action)
    return request


@transactions.atomic_retry
def _vote(*, request_id: uuid.UUID, checker: User, comment: str) -> ApprovalRequest:
    request = locked_request(request_id)
    rules.check_other(maker_id=request.maker_id, checker_id=checker.pk)
    if request.votes.filter(checker=checker, approves=True).exists():
        return request
    rules.check_pending(request.status)
    entry = registry.action_named(request.action)
    actor = f"operator:{checker.get_username()}"
    if not queries.holds(checker, entry.permission, by_role=entry.by_role):
        raise rules.CheckerLacksRole(action=request.action)
    if rules.expired(expires_at=request.expires_at, now=clock.now()):
        move_on(request, Status.EXPIRED, actor=actor)
        return request
    if state_changed(entry, request):
        move_on(request, Status.STALE, actor=actor)
        return request
    ApprovalVote.objects.create(
        request=request,
        maker_id=request.maker_id,
        checker=checker,
        approves=True,
        comment=comment,
        voted_at=clock.now(),
    )
    if request.votes.filter(approves=True).count() >= request.checkers_needed:
        move_on(request, Status.APPROVED, actor=actor, purpose=comment)
    return request
