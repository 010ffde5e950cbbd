"""Stop an agreement's debits for a while."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from config.kernel.outbox import writes as outbox
from wallet.accounts.usecases.check_pin import check_pin
from wallet.agreements import queries, rules
from wallet.agreements.models import Agreement
from wallet.agreements.usecases.end_deductions import cancel_deductions
from wallet.agreements.usecases.plan_debits import note_next
from wallet.agreements.values import AgreementOutcome, AgreementStatus, DeductionOrigin, Party


@transactions.atomic_retry
def suspend_agreement(
    *, agreement_id: uuid.UUID, by: Party, actor: str, reason: str = ""
) -> AgreementOutcome:
    """Suspend an agreement that is in force; suspending it again changes nothing.

    Args:
        agreement_id: the agreement.
        by: who suspends it.
        actor: the same for the audit trail.
        reason: why, for the audit trail.

    Raises:
        rules.AgreementUnknown: there is no such agreement.
        rules.AgreementNotInForce, rules.AgreementEnded: it is not signed, or over.

    Locks: the agreement, then its open deductions.
    """
    agreement = queries.locked_agreement(agreement_id)
    if agreement.status == AgreementStatus.SUSPENDED:
        return AgreementOutcome(queries.view(agreement), changed=False)
    suspend(agreement, by=by, actor=actor, at=clock.now(), reason=reason)
    return AgreementOutcome(queries.view(agreement), changed=True)


def suspend(agreement: Agreement, *, by: Party, actor: str, at: datetime, reason: str = "") -> None:
    """Suspend a locked agreement, save it and tell of it; the plan's debits are cancelled."""
    transactions.require()
    rules.check_move(AgreementStatus(agreement.status), AgreementStatus.SUSPENDED)
    agreement.status, agreement.suspended_at = AgreementStatus.SUSPENDED, at
    agreement.notice_at = None
    agreement.save(update_fields=["status", "suspended_at", "notice_at"])
    cancel_deductions(agreement, at=at, origin=DeductionOrigin.PLAN)
    _record("agreement.suspended", agreement, actor, reason or f"by {by.value.lower()}")


def resume_agreement(*, agreement_id: uuid.UUID, payer_id: uuid.UUID, pin: str) -> AgreementOutcome:
    """Let debits be taken again, at the payer's wish; resuming it again changes nothing.

    Call it outside a transaction: PIN strikes must survive a refusal.

    Args:
        agreement_id: the agreement.
        payer_id: its payer; nobody else's agreement is found.
        pin: the payer's payment PIN.

    Raises:
        PinWrong, PinLocked: the PIN is not the payer's.
        rules.AgreementUnknown: there is no such agreement of this payer.
        rules.AgreementEnded: it is over.

    Locks: the agreement.
    """
    in_force = Agreement.objects.filter(
        id=agreement_id, payer_id=payer_id, status=AgreementStatus.NORMAL
    )
    if not in_force.exists():
        check_pin(user_id=payer_id, pin=pin)
    return _resume(agreement_id, payer_id)


@transactions.atomic_retry
def _resume(agreement_id: uuid.UUID, payer_id: uuid.UUID) -> AgreementOutcome:
    agreement = queries.locked_agreement(agreement_id)
    if agreement.payer_id != payer_id:
        raise rules.AgreementUnknown()
    if agreement.status == AgreementStatus.NORMAL:
        return AgreementOutcome(queries.view(agreement), changed=False)
    rules.check_move(AgreementStatus(agreement.status), AgreementStatus.NORMAL)
    agreement.status, agreement.suspended_at = AgreementStatus.NORMAL, None
    note_next(agreement)
    agreement.save(update_fields=["status", "suspended_at", "notice_at"])
    _record("agreement.resumed", agreement, f"user:{payer_id}", "by payer")
    return AgreementOutcome(queries.view(agreement), changed=True)


def _record(action: str, agreement: Agreement, actor: str, purpose: str) -> None:
    record(
        action=action,
        actor=actor,
        target=f"agreement:{agreement.number}",
        purpose=purpose,
        after={"status": agreement.status},
    )
    outbox.add(
        topic=action,
        aggregate_id=agreement.id,
        payload={
            "agreement_id": str(agreement.id),
            "payer_id": str(agreement.payer_id),
            "payee_id": str(agreement.payee_id),
        },
    )
