"""The execution plan: the platform debits a fixed amount each period by itself."""

import uuid
from datetime import date, datetime

from config.kernel import clock, transactions
from config.kernel.claims import claim, in_batches
from config.kernel.errors import required
from config.kernel.outbox import writes as outbox
from wallet.agreements import queries, rules
from wallet.agreements.models import Agreement, Deduction
from wallet.agreements.usecases.end_deductions import cancel_deductions
from wallet.agreements.values import (
    AgreementOutcome,
    AgreementStatus,
    DeductionOrigin,
    DeductionStatus,
)
from wallet.payments.rules import AmountOutOfRange, business_date, check_text

BATCH = 100
DESCRIPTION_MAXIMUM = 256
REFERENCE_MARK = "D"


@transactions.atomic_retry
def set_plan(
    *, agreement_id: uuid.UUID, amount_minor: int | None, description: str = ""
) -> AgreementOutcome:
    """Let the platform take an amount each period, or stop it.

    The payer is told 24 hours before each debit. Setting the same plan changes nothing.

    Args:
        agreement_id: the agreement, offered or signed.
        amount_minor: what is taken each time; None stops the plan.
        description: shown to the payer with each debit.

    Raises:
        rules.AgreementUnknown: there is no such agreement.
        rules.AgreementEnded: it is over.
        rules.NoPeriod: it has no period to take it by.
        AmountOutOfRange, rules.SingleExceeded, TextInvalid: an input is wrong.

    Locks: the agreement, then its open deductions.
    """
    agreement = queries.locked_agreement(agreement_id)
    if not rules.MOVES[AgreementStatus(agreement.status)]:
        raise rules.AgreementEnded(status=agreement.status)
    if not agreement.period_type:
        raise rules.NoPeriod()
    check_text(description, field="description", longest=DESCRIPTION_MAXIMUM)
    if amount_minor is not None:
        if amount_minor < 1:
            raise AmountOutOfRange(field="amount")
        if agreement.single_minor is not None and amount_minor > agreement.single_minor:
            raise rules.SingleExceeded(field="amount", limit_minor=agreement.single_minor)
    if (agreement.plan_minor, agreement.plan_description) == (amount_minor, description):
        return AgreementOutcome(queries.view(agreement), changed=False)
    cancel_deductions(agreement, at=clock.now(), origin=DeductionOrigin.PLAN)
    agreement.plan_minor, agreement.plan_description = amount_minor, description
    note_next(agreement)
    agreement.save(update_fields=["plan_minor", "plan_description", "notice_at"])
    return AgreementOutcome(queries.view(agreement), changed=True)


def note_next(agreement: Agreement) -> None:
    """Set when the payer is told of the plan's next debit; saving is the caller's.

    There is none without a plan, while the agreement is not in force, and once the caps
    leave too little.
    """
    agreement.notice_at = None
    amount_minor, next_on = agreement.plan_minor, agreement.next_on
    if amount_minor is None or next_on is None or agreement.status != AgreementStatus.NORMAL:
        return
    try:
        rules.check_caps(
            queries.terms_of(agreement), queries.usage_of(agreement), amount_minor=amount_minor
        )
    except (rules.SingleExceeded, rules.TotalExceeded, rules.PaymentsExceeded):
        return
    agreement.notice_at = rules.notice_at(next_on, agreement.payee_zone)


def announce_debits(*, at: datetime) -> int:
    """Tell payers of the debits that plans make a day from now; returns how many.

    Where the announcement is late, the debit is late too: nobody is debited with less
    than 24 hours' notice. Safe beside other workers and safe twice.
    """
    return in_batches(_announce_batch, at)


@transactions.atomic_retry
def _announce_batch(at: datetime) -> int:
    due = claim(queries.due_for_notice(at), BATCH)
    for agreement in due:
        _announce(agreement, at)
    return len(due)


def _announce(agreement: Agreement, at: datetime) -> None:
    """Write down the debit to come, and tell of it."""
    on = _period_to_take(agreement, at)
    due_at = max(rules.execution_at(on, agreement.payee_zone), at + rules.NOTICE)
    agreement.notice_at = None
    agreement.save(update_fields=["notice_at"])
    if agreement.lapses_at is not None and agreement.lapses_at <= due_at:
        return
    deduction = Deduction.objects.create(
        agreement=agreement,
        origin=DeductionOrigin.PLAN,
        status=DeductionStatus.PENDING,
        reference=f"{REFERENCE_MARK}{agreement.number}{on:%Y%m%d}",
        description=agreement.plan_description,
        amount_minor=required(agreement.plan_minor, "what is announced has an amount"),
        currency=agreement.currency,
        period_on=on,
        first_due_at=due_at,
        due_at=due_at,
        created_at=at,
    )
    outbox.add(
        topic="agreement.debit_announced",
        aggregate_id=agreement.id,
        payload={
            "agreement_id": str(agreement.id),
            "payer_id": str(agreement.payer_id),
            "payee_id": str(agreement.payee_id),
            "amount_minor": deduction.amount_minor,
            "currency": deduction.currency,
            "due_at": due_at.isoformat(),
        },
    )


def _period_to_take(agreement: Agreement, at: datetime) -> date:
    """The next period, or the latest that has come where some were missed."""
    next_on = required(agreement.next_on, "a plan has periods")
    today = business_date(at, agreement.payee_zone)
    if today <= next_on:
        return next_on
    return rules.due_day(queries.terms_of(agreement), next_on, today=today)
