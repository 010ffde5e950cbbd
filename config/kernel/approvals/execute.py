"""Carry out an approved request, once."""

import logging
import uuid

from django.db import OperationalError, transaction

from config.kernel import transactions
from config.kernel.alarms.raise_alarm import raise_alarm
from config.kernel.approvals import registry, rights, rules
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.state import state_changed
from config.kernel.approvals.steps import locked_request, move_on
from config.kernel.approvals.values import Approved, Status, plain
from config.kernel.errors import NotPermitted, SaomaError

ACTOR = "system:approvals"
BROKEN = "executor_failed"
logger = logging.getLogger(__name__)


@transactions.atomic_retry
def execute_request(*, request_id: uuid.UUID) -> ApprovalRequest:
    """Run the executor of an approved request and record what came of it.

    The votes are counted here again, whatever the row says of itself. Effect and record
    are one transaction: a crash leaves the request APPROVED and the timetable takes it up
    again. A refusal by a rule rolls the effect back and ends the request as FAILED with
    the rule's code; so does any other exception of the executor, or too few votes, and
    these raise an alarm. A request that is no longer APPROVED is returned as it stands.

    Raises:
        RequestUnknown: there is no such request.

    Locks: the request, its target's version, then whatever the executor locks.
    """
    request = locked_request(request_id)
    if request.status != Status.APPROVED:
        return request
    try:
        # A savepoint: a refused effect is undone, the record of the refusal stays.
        with transaction.atomic():
            _carry_out(request)
    except _Uncounted as uncounted:
        _fail(request, uncounted.refusal.code, {"error": str(uncounted.refusal)}, alarm=True)
    except SaomaError as error:
        _fail(request, error.code, {"error": str(error), **error.fields})
    except Exception as error:  # One request's edge: what is wrong with it stops no other.
        # A lost race is run again from the start; anything else is this request's alone.
        if isinstance(error, OperationalError) and transactions.is_lost_race(error):
            raise
        logger.exception("executor of %s failed", request.action)
        _fail(request, BROKEN, {"error": type(error).__name__}, alarm=True)
    return request


class _Uncounted(Exception):
    """The votes do not suffice; carries the reason."""

    def __init__(self, refusal: SaomaError) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


def _fail(
    request: ApprovalRequest, code: str, result: dict[str, object], *, alarm: bool = False
) -> None:
    request.refresh_from_db(fields=["status", "result", "decided_at", "executed_at"])
    request.failure_code = code[:64]
    request.result = plain(result)
    move_on(request, Status.FAILED, actor=ACTOR)
    if alarm:
        facts = {"request": str(request.id), "action": request.action, "code": code}
        raise_alarm(kind="approval_failed", facts=facts)


def _carry_out(request: ApprovalRequest) -> None:
    entry = registry.action_named(request.action)
    checkers = _counted(request, entry)
    if state_changed(entry, request):
        move_on(request, Status.STALE, actor=ACTOR)
        return
    entry.check(request.parameters)
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


def _counted(request: ApprovalRequest, entry: registry.Action) -> tuple[str, ...]:
    """Names of the checkers whose votes count, in the order in which they voted.

    Raises:
        _Uncounted: fewer than the registry asks for count; why, where a vote fell out.
    """
    names: list[str] = []
    refusal: SaomaError = rules.VotesMissing(action=entry.name)
    # Read afresh: a user object keeps the permissions it was loaded with.
    for vote in request.votes.filter(approves=True).select_related("checker"):
        try:
            rights.check_checker(entry, request.maker, vote.checker)
        except NotPermitted as error:
            refusal = error
        else:
            names.append(vote.checker.get_username())
    names = list(dict.fromkeys(names))
    if len(names) < max(entry.checkers, request.checkers_needed) or request.decided_at is None:
        raise _Uncounted(refusal)
    return tuple(names)
