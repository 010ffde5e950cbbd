"""Approve a request; the last approval that is needed executes it."""

import uuid

from django.contrib.auth.models import User

from config.kernel import clock, transactions
from config.kernel.actors import operator_actor
from config.kernel.approvals import registry, rights, rules
from config.kernel.approvals.execute import execute_request
from config.kernel.approvals.models import ApprovalRequest, ApprovalVote
from config.kernel.approvals.state import state_changed
from config.kernel.approvals.steps import digest_of_vote, locked_request, move_on, write_down
from config.kernel.approvals.values import Status

# What a request that nobody can decide any more answers to every approver alike.
OVER = frozenset({Status.EXPIRED, Status.STALE})


def approve_request(*, request_id: uuid.UUID, checker: User, comment: str = "") -> ApprovalRequest:
    """Vote for a request and, with the last vote needed, carry it out.

    Approving again is safe: the second click answers as the first. A request whose time
    has passed or whose target has changed ends here as EXPIRED or STALE; nothing is
    executed.

    Raises:
        RequestUnknown: there is no such request.
        rules.SelfApproval: the checker is the maker (superusers included).
        rules.CheckerLacksRole, RightsNotSeparate, CheckerMadeByMaker, CheckerTooNew: this
            operator may not decide on it, now or, for an earlier checker, when it is
            executed.
        rules.AlreadyVoted: the checker has voted against it.
        rules.RequestNotPending: it has been decided otherwise.

    Locks: the request; then whatever its executor locks, in a transaction of its own.
    """
    request = _vote(request_id=request_id, checker=checker, comment=comment)
    if request.status == Status.APPROVED:
        request = execute_request(request_id=request_id)
    refusal = REFUSALS.get(request.failure_code)
    if refusal is not None:
        raise refusal(action=request.action)
    return request


REFUSALS = {
    refusal.code: refusal
    for refusal in (
        rules.SelfApproval,
        rules.CheckerLacksRole,
        rules.RightsNotSeparate,
        rules.CheckerMadeByMaker,
        rules.CheckerTooNew,
        rules.VotesMissing,
    )
}


@transactions.atomic_retry
def _vote(*, request_id: uuid.UUID, checker: User, comment: str) -> ApprovalRequest:
    request = locked_request(request_id)
    entry = registry.action_named(request.action)
    if request.votes.filter(checker=checker, approves=True).exists():
        return request
    rights.check_checker(entry, request.maker, checker)
    if request.status in OVER:
        return request
    rules.check_pending(request.status)
    actor = operator_actor(checker.get_username())
    if rules.expired(expires_at=request.expires_at, now=clock.now()):
        move_on(request, Status.EXPIRED, actor=actor)
        return request
    if state_changed(entry, request):
        move_on(request, Status.STALE, actor=actor)
        return request
    words = rules.comment_of(comment)
    vote = store_vote(request, checker, approves=True, comment=comment)
    votes = request.votes.filter(approves=True).count()
    if votes >= max(request.checkers_needed, entry.checkers):
        move_on(request, Status.APPROVED, actor=actor, purpose=words, vote=vote)
    else:
        after = {
            "action": request.action,
            "approves": True,
            "votes": votes,
            "vote": digest_of_vote(vote),
        }
        write_down(request, "voted", actor=actor, purpose=words, before={}, after=after)
    return request


def store_vote(
    request: ApprovalRequest, checker: User, *, approves: bool, comment: str
) -> ApprovalVote:
    """Keep a checker's one vote.

    Raises:
        rules.AlreadyVoted: the checker has voted, this way or the other.
    """
    if request.votes.filter(checker=checker).exists():
        raise rules.AlreadyVoted(request_id=str(request.id))
    return ApprovalVote.objects.create(
        request=request,
        maker_id=request.maker_id,
        checker=checker,
        approves=approves,
        comment=comment.strip(),
        voted_at=clock.now(),
    )
