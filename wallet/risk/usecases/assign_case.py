"""Give a risk case to an analyst."""

import uuid

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from config.kernel.errors import Conflict
from wallet.risk import queries
from wallet.risk.models import RiskCase
from wallet.risk.values import CaseState


class CaseResolved(Conflict):
    """The case has been resolved."""

    code = "case_resolved"
    message = "This case has been resolved."


@transactions.atomic_retry
def assign_case(*, case_id: uuid.UUID, assignee: str, actor: str) -> RiskCase:
    """Put an analyst's name on an unresolved case; the same name again changes nothing.

    Args:
        case_id: the case.
        assignee: the analyst's login name.
        actor: who assigns, for the audit log.

    Raises:
        CaseUnknown: there is no such case.
        CaseResolved: it has been resolved.

    Locks: the case.
    """
    case = queries.locked_case(case_id)
    if case.state == CaseState.RESOLVED:
        raise CaseResolved(case_id=str(case_id))
    if case.assignee == assignee:
        return case
    before = case.assignee
    case.assignee, case.state, case.assigned_at = assignee, CaseState.ASSIGNED, clock.now()
    case.save(update_fields=["assignee", "state", "assigned_at"])
    record(
        action="risk.assign_case",
        actor=actor,
        target=f"risk_case:{case.id}",
        before={"assignee": before},
        after={"assignee": assignee},
    )
    return case
