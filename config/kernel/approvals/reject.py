"""Reject an approval request."""

import uuid

from django.contrib.auth.models import User

from config.kernel import transactions
from config.kernel.actors import operator_actor
from config.kernel.approvals import registry, rights, rules
from config.kernel.approvals.approve import store_vote
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.steps import locked_request, move_on
from config.kernel.approvals.values import Status


@transactions.atomic_retry
def reject_request(*, request_id: uuid.UUID, checker: User, comment: str = "") -> ApprovalRequest:
    """End a request with a no. Rejecting again returns it unchanged.

    Raises:
        RequestUnknown: there is no such request.
        rules.SelfApproval: the checker is the maker, who may withdraw instead.
        rules.CheckerLacksRole, RightsNotSeparate, CheckerMadeByMaker, CheckerTooNew: this
            operator may not decide on it.
        rules.AlreadyVoted: the checker has approved it already.
        rules.RequestNotPending: it has been decided otherwise.

    Locks: the request.
    """
    request = locked_request(request_id)
    entry = registry.action_named(request.action)
    if request.votes.filter(checker=checker, approves=False).exists():
        return request
    rights.check_checker(entry, request.maker, checker)
    rules.check_pending(request.status)
    vote = store_vote(request, checker, approves=False, comment=comment)
    actor = operator_actor(checker.get_username())
    move_on(request, Status.REJECTED, actor=actor, purpose=rules.comment_of(comment), vote=vote)
    return request
