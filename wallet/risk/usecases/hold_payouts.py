"""Hold a payee's payouts for a case, and let them go."""

import uuid

from config.kernel import clock, transactions
from config.kernel.approvals import targets
from config.kernel.audit.chain import record
from config.kernel.errors import NotFound
from wallet.risk import queries
from wallet.risk.models import PayoutHold


class HoldUnknown(NotFound):
    """Nothing is held there."""

    code = "payout_hold_unknown"
    message = "No payouts are held there."


@transactions.atomic_retry
def hold_payouts(*, case_id: uuid.UUID, actor: str) -> PayoutHold:
    """Stop the payouts of a case's payee; the same again changes nothing.

    Raises:
        CaseUnknown: there is no such case.

    Locks: the case.
    """
    case = queries.locked_case(case_id)
    hold, created = PayoutHold.objects.get_or_create(
        payee_id=case.payee_id, case=case, released_at=None
    )
    if created:
        _record("risk.hold_payouts", hold, actor, case.summary)
    return hold


@transactions.atomic_retry
def release_payouts(*, hold_id: uuid.UUID, actor: str, reason: str) -> PayoutHold:
    """Let a payee be paid out again; another case's hold stays.

    Raises:
        HoldUnknown: it was released, or never was.

    Locks: the hold's version, then the hold.
    """
    targets.moved(hold_target(hold_id), actor=actor)
    hold = PayoutHold.objects.select_for_update().filter(id=hold_id).first()
    if hold is None or hold.released_at is not None:
        raise HoldUnknown(field="hold")
    hold.released_at = clock.now()
    hold.save(update_fields=["released_at"])
    _record("risk.release_payouts", hold, actor, reason)
    return hold


def hold_target(hold_id: uuid.UUID) -> str:
    """A hold as approvals name it."""
    return f"payout_hold:{hold_id}"


def _record(action: str, hold: PayoutHold, actor: str, purpose: str) -> None:
    record(
        action=action,
        actor=actor,
        target=f"payee:{hold.payee_id}",
        purpose=purpose,
        after={"case": str(hold.case_id)},
    )
