"""End an agreement."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from config.kernel.outbox import writes as outbox
from wallet.agreements import queries, rules
from wallet.agreements.models import Agreement
from wallet.agreements.usecases.end_deductions import cancel_deductions
from wallet.agreements.values import AgreementOutcome, AgreementStatus, Party


@transactions.atomic_retry
def unsign_agreement(
    *, agreement_id: uuid.UUID, by: Party, actor: str, payer_id: uuid.UUID | None = None
) -> AgreementOutcome:
    """End an agreement at once; what was still to be debited under it is not.

    Its payer may always do so. Ending it again changes nothing.

    Args:
        agreement_id: the agreement, signed or only offered.
        by: who ends it.
        actor: the same for the audit trail.
        payer_id: given where the payer ends it: nobody else's agreement is found then.

    Raises:
        rules.AgreementUnknown: there is no such agreement, or it is not this payer's.

    Locks: the agreement, then its open deductions and their payments.
    """
    agreement = queries.locked_agreement(agreement_id)
    if payer_id is not None and agreement.payer_id != payer_id:
        raise rules.AgreementUnknown()
    if not rules.MOVES[AgreementStatus(agreement.status)]:
        return AgreementOutcome(queries.view(agreement), changed=False)
    end_agreement(agreement, AgreementStatus.UNSIGNED, by=by, actor=actor, at=clock.now())
    return AgreementOutcome(queries.view(agreement), changed=True)


def end_agreement(
    agreement: Agreement, status: AgreementStatus, *, by: Party, actor: str, at: datetime
) -> None:
    """Set a locked agreement to an end, save it, cancel what is open and tell of it.

    Raises:
        rules.AgreementEnded: it has ended before.
    """
    transactions.require()
    rules.check_move(AgreementStatus(agreement.status), status)
    before = agreement.status
    agreement.status, agreement.ended_at, agreement.ended_by = status, at, by
    agreement.notice_at = None
    agreement.save(update_fields=["status", "ended_at", "ended_by", "notice_at"])
    cancel_deductions(agreement, at=at)
    if agreement.signed_at is None:
        return
    record(
        action="agreement.ended",
        actor=actor,
        target=f"agreement:{agreement.number}",
        before={"status": before},
        after={"status": status.value, "by": by.value},
    )
    outbox.add(
        topic="agreement.ended",
        aggregate_id=agreement.id,
        payload={
            "agreement_id": str(agreement.id),
            "payer_id": str(agreement.payer_id),
            "payee_id": str(agreement.payee_id),
            "status": status.value,
            "by": by.value,
        },
    )
