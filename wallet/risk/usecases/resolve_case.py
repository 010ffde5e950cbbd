"""Close a risk case with what was found."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from config.kernel.errors import InvalidRequest
from wallet.risk import queries
from wallet.risk.models import RiskCase
from wallet.risk.usecases.assign_case import CaseResolved
from wallet.risk.values import CaseOutcome, CaseState


class ReasonMissing(InvalidRequest):
    """A finding needs its reason."""

    code = "reason_missing"
    message = "Say why, in a sentence."


@transactions.atomic_retry
def resolve_case(*, case_id: uuid.UUID, outcome: CaseOutcome, reason: str, actor: str) -> RiskCase:
    """Resolve a case; the same finding again changes nothing.

    Raises:
        CaseUnknown: there is no such case.
        CaseResolved: it was resolved with another finding.
        ReasonMissing: the reason is empty.

    Locks: the case.
    """
    if not reason.strip():
        raise ReasonMissing(field="reason")
    case = queries.locked_case(case_id)
    if case.state == CaseState.RESOLVED:
        if (case.outcome, case.reason) == (outcome, reason):
            return case
        raise CaseResolved(case_id=str(case_id), outcome=case.outcome)
    case.state, case.outcome, case.reason = CaseState.RESOLVED, outcome, reason
    case.resolved_at = clock.now()
    case.save(update_fields=["state", "outcome", "reason", "resolved_at"])
    record(
        action="risk.resolve_case",
        actor=actor,
        target=f"risk_case:{case.id}",
        after={"outcome": outcome.value, "reason": reason},
    )
    return case
