"""Put a case aside until a moment."""

import uuid
from datetime import datetime, timedelta

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from config.kernel.errors import InvalidRequest
from wallet.risk import queries
from wallet.risk.models import RiskCase
from wallet.risk.usecases.assign_case import CaseResolved
from wallet.risk.values import CaseState

LONGEST = timedelta(days=30)


class SnoozeOutOfRange(InvalidRequest):
    """A case sleeps into the future, 30 days at most."""

    code = "snooze_out_of_range"
    message = "A case can be put aside for up to 30 days."


@transactions.atomic_retry
def snooze_case(*, case_id: uuid.UUID, until: datetime, reason: str, actor: str) -> RiskCase:
    """Take a case out of the inbox until a moment; its deadline moves no further.

    Raises:
        SnoozeOutOfRange: the moment is past or too far.
        CaseUnknown, CaseResolved: there is no such case to be worked on.

    Locks: the case.
    """
    if not clock.now() < until <= clock.now() + LONGEST:
        raise SnoozeOutOfRange(field="until")
    case = queries.locked_case(case_id)
    if case.state == CaseState.RESOLVED:
        raise CaseResolved(case_id=str(case_id))
    case.snoozed_until = until
    case.save(update_fields=["snoozed_until"])
    record(
        action="risk.snooze_case",
        actor=actor,
        target=f"risk_case:{case.id}",
        purpose=reason,
        after={"until": until.isoformat()},
    )
    return case
