"""Move an agreement's next debit to a later day."""

import uuid
from datetime import date

from config.kernel import clock, transactions
from config.kernel.audit.chain import record
from wallet.agreements import queries, rules
from wallet.agreements.usecases.end_deductions import cancel_deductions
from wallet.agreements.usecases.plan_debits import note_next
from wallet.agreements.values import AgreementOutcome, AgreementStatus, DeductionOrigin
from wallet.payments.rules import business_date


@transactions.atomic_retry
def postpone_debit(
    *, agreement_id: uuid.UUID, to: date, actor: str, reason: str = ""
) -> AgreementOutcome:
    """Move the next debit to a later day; the periods after it follow from there.

    Moving it to where it is changes nothing. A plan's debit that was announced for the
    earlier day is cancelled and announced anew.

    Args:
        agreement_id: the agreement, in force.
        to: the new due day.
        actor: who moves it, for the audit trail.
        reason: why, likewise.

    Raises:
        rules.AgreementUnknown: there is no such agreement.
        rules.AgreementNotInForce, rules.AgreementEnded: it is not in force.
        rules.NoPeriod, rules.PostponeInvalid: the day cannot be moved there.

    Locks: the agreement, then its open deductions.
    """
    agreement = queries.locked_agreement(agreement_id)
    rules.check_status(AgreementStatus(agreement.status))
    last = agreement.valid_until
    moved = rules.check_postpone(
        queries.terms_of(agreement),
        agreement.next_on,
        to=to,
        last=None if last is None else business_date(last, agreement.payee_zone),
    )
    if not moved:
        return AgreementOutcome(queries.view(agreement), changed=False)
    before = agreement.next_on
    cancel_deductions(agreement, at=clock.now(), origin=DeductionOrigin.PLAN)
    agreement.next_on = to
    note_next(agreement)
    agreement.save(update_fields=["next_on", "notice_at"])
    record(
        action="agreement.postponed",
        actor=actor,
        target=f"agreement:{agreement.number}",
        purpose=reason,
        before={"next_on": str(before)},
        after={"next_on": to.isoformat()},
    )
    return AgreementOutcome(queries.view(agreement), changed=True)
