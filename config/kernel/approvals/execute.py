"""Carry out an approved request, once."""

import uuid

from django.contrib.auth.models import User
from django.db import transaction

from config.kernel import transactions
from config.kernel.approvals import queries, registry, rules
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.state import state_changed
from config.kernel.approvals.steps import locked_request, move_on
from config.kernel.approvals.values import Approved, Status, plain
from config.kernel.errors import SaomaError

ACTOR = "system:approvals"


@transactions.atomic_retry
def execute_request(*, request_id: uuid.UUID) -> ApprovalRequest:
    """Run the executor of an approved request and record what came of it.

    Effect and record are one transaction: a crash leaves the request APPROVED and the
    timetable takes it up again. A refusal by a rule rolls the effect back and ends the
    request as FAILED with the rule's code. A request that is no longer APPROVED is
    returned as it stands.

    Raises:
        RequestUnknown: there is no such request.

    Locks: the request, then whatever the executor locks.
    """
    request = locked_request(request_id)
    if request.status != Status.APPROVED:
        return request
    try:
        # A savepoint: a refused effect is undone, the record of the refusal stays.
        with transaction.atomic():
            _carry_out(request)
    except SaomaError as error:
        request.failure_code = error.code
        request.result = plain({"error": str(error), **error.fields})
        move_on(request, Status.FAILED, actor=ACTOR)
    return request


def _carry_out(request: ApprovalRequest) -> None:
    entry = registry.action_named(request.action)
    checkers = _checkers(request, entry)
    if state_changed(entry, request):
        move_on(request, Status.STALE, actor=ACTOR)
        return
    outcome = entry.execute(
        Approved(
            request_id=request.id,
            parameters=request.parameters,
            reason=request.reason,
            maker=request.maker.get_username(),
            checkers=checkers,
        )
    )
    request.result = plain(outcome)
    move_on(request, Status.EXECUTED, actor=ACTOR)


def _checkers(request: ApprovalRequest, action: registry.Action) -> tuple[str, ...]:
    """Names of the checkers, each of whom must hold the permission still."""
    votes = request.votes.filter(approves=True)
    # Read afresh: a user object keeps the permissions it was loaded with.
    checkers = list(User.objects.filter(id__in=votes.values("checker_id")).order_by("id"))
    permission, by_role = action.permission, action.by_role
    if not all(queries.holds(user, permission, by_role=by_role) for user in checkers):
        raise rules.CheckerLacksRole(action=request.action)
    return tuple(user.get_username() for user in checkers)
