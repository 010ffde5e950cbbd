"""Give money back to where it came from."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from config.kernel import clock, ids, transactions
from config.kernel.errors import invariant, required
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries as accounts
from wallet.accounts.models import WalletUser
from wallet.coupons.usecases.spend_coupons import return_coupons
from wallet.funding.usecases.draw_funds import return_funds
from wallet.ledger import queries as ledger
from wallet.ledger.rules import InsufficientFunds
from wallet.ledger.usecases.post_journals import post_journal
from wallet.ledger.values import Draft, debit
from wallet.payments import queries, rules
from wallet.payments.models import Payment, Refund
from wallet.payments.usecases.charge_payer import give_back_counts
from wallet.payments.usecases.close_payment import mark_closed
from wallet.payments.values import (
    CloseReason,
    Cover,
    PaymentStatus,
    RefundOutcome,
    RefundStatus,
    Take,
)


@transactions.atomic_retry
def refund_payment(
    *,
    payment_id: uuid.UUID,
    locked: Payment | None = None,
    request_no: str,
    amount_minor: int,
    reason: str = "",
    details: Mapping[str, object] | None = None,
    operator: str = "",
    refund_accounts: Sequence[uuid.UUID] | None = None,
    cover: Cover | None = None,
    close_reason: CloseReason = CloseReason.REFUNDED,
) -> RefundOutcome:
    """Refund a paid payment, wholly or in part, to the payer's wallet.

    What savings or a pay-later line gave goes back to them first, the last one asked first;
    what the house's coupons gave goes back to the house last.

    The same request number with the same amount gives the first refund again, also after
    the payment is closed or finished. When the refunds reach what was paid, the payment
    is CLOSED.

    Args:
        payment_id: the payment.
        locked: its row, where the caller has it and has locked it in this transaction.
        request_no: the payee's own number for this refund, unique in the payment.
        amount_minor: in minor units, at least 1.
        reason: shown to the payer.
        details: the payee's extras; JSON values only, kept unread.
        operator: who asked, for people.
        refund_accounts: ledger accounts the money comes from, in order; all but the last
            give what they hold, the last one gives the rest. None: the account that was
            credited.
        cover: decides instead where the money comes from, once everything else has been
            checked and the payment is locked; what it locks is locked after the payment.
        close_reason: why the payment closes if this completes it.

    Raises:
        PaymentUnknown: there is no such payment.
        RefundConflict: the request number was used for another amount.
        PaymentNotPaid, PaymentFinished, PaymentClosed: its status does not allow refunds.
        ReferenceInvalid, TextInvalid: a text is empty, too long or cannot be stored.
        AmountOutOfRange, RefundExceedsPaid: the amount is too small or too large.
        PayeeFundsShort: the accounts do not cover it.

    Locks: the payment, what `cover` locks, its coupons, the ledger accounts, then the person's
    limit usage.
    """
    if not request_no:
        raise rules.ReferenceInvalid(field="request_no")
    rules.check_text(request_no, field="request_no", longest=rules.REFERENCE_MAXIMUM)
    rules.check_text(operator, field="operator", longest=rules.REFERENCE_MAXIMUM)
    payment = locked or queries.locked_payment(payment_id)
    earlier = Refund.objects.filter(payment_id=payment.id, request_no=request_no).first()
    if earlier is not None:
        if earlier.amount_minor != amount_minor:
            raise rules.RefundConflict(field="request_no", amount_minor=earlier.amount_minor)
        return RefundOutcome(queries.refund_view(earlier), queries.view(payment), changed=False)
    _check_refundable(payment, amount_minor)
    rules.check_text(reason, field="reason", longest=rules.DESCRIPTION_MAXIMUM)
    rules.details_text(details or {})
    now, payer = clock.now(), accounts.user(required(payment.payer_id, "who paid is known"))
    takes: Sequence[Take]
    if cover is None:
        takes = _takes(list(refund_accounts or [payment.payee_account_id]), amount_minor)
    else:
        takes = cover(queries.view(payment, payer), amount_minor)
    refund = Refund(
        id=ids.uuid7(),
        payment=payment,
        request_no=request_no,
        amount_minor=amount_minor,
        currency=payment.currency,
        reason=reason,
        operator=operator,
        status=RefundStatus.SUCCEEDED,
        details=dict(details or {}),
        business_date=rules.business_date(now, payment.payee_zone, payment.payee_cutoff_hour),
        payee_id=payment.payee_id,
        created_at=now,
    )
    refund.journal_id = _post(payment, payer, refund, takes)
    refund.save(force_insert=True)
    give_back_counts(payment=payment, amount_minor=amount_minor)
    _add_up(payment, refund, close_reason, now)
    return RefundOutcome(queries.refund_view(refund), queries.view(payment, payer), changed=True)


def _check_refundable(payment: Payment, amount_minor: int) -> None:
    if payment.status == PaymentStatus.PENDING or payment.paid_at is None:
        if payment.status == PaymentStatus.CLOSED:
            raise rules.PaymentClosed(payment_id=str(payment.id))
        raise rules.PaymentNotPaid(payment_id=str(payment.id))
    if payment.status == PaymentStatus.FINISHED:
        raise rules.PaymentFinished(payment_id=str(payment.id))
    rules.check_refund(
        amount_minor=amount_minor,
        paid_minor=payment.amount_minor,
        refunded_minor=payment.refunded_minor,
    )


def _takes(sources: list[uuid.UUID], amount_minor: int) -> list[Take]:
    """What each source gives, in order, by what it holds; the last one gives the rest."""
    balances = [ledger.balance(account_id).available_minor for account_id in sources[:-1]]
    shares = rules.split_refund(amount_minor, balances)
    return list(zip(sources, shares, strict=True))


def _post(payment: Payment, payer: WalletUser, refund: Refund, takes: Sequence[Take]) -> uuid.UUID:
    """Post the refund's journal: what each source gives, to the payer."""
    invariant(sum(part for _, part in takes) == refund.amount_minor, "a refund is covered exactly")
    lines = [debit(account_id, part, refund.currency) for account_id, part in takes if part]
    coupons = return_coupons(
        payment_id=payment.id,
        price_minor=payment.amount_minor,
        refunded_minor=payment.refunded_minor + refund.amount_minor,
    )
    own_minor = refund.amount_minor - sum(line.amount_minor for line in coupons)
    lines += coupons
    lines += return_funds(
        payer=payer, payment_id=payment.id, amount_minor=own_minor, at=refund.created_at
    )
    draft = Draft(
        key=f"refund:{refund.id}",
        kind="refund",
        lines=tuple(lines),
        posted_at=refund.created_at,
        business_date=refund.business_date,
        reference=payment.number,
        narrative=refund.reason[: rules.NARRATIVE_MAXIMUM],
    )
    try:
        return post_journal(draft)
    except InsufficientFunds as error:
        raise rules.PayeeFundsShort(field="amount") from error


def _add_up(payment: Payment, refund: Refund, close_reason: CloseReason, at: datetime) -> None:
    payment.refunded_minor += refund.amount_minor
    if payment.refunded_minor == payment.amount_minor:
        mark_closed(payment, reason=close_reason, at=at)
    else:
        payment.save(update_fields=["refunded_minor"])
    outbox.add(
        topic="refund.succeeded",
        aggregate_id=payment.id,
        payload={
            "payment_id": str(payment.id),
            "refund_id": str(refund.id),
            "payer_id": str(payment.payer_id),
            "payee_id": str(payment.payee_id),
            "amount_minor": refund.amount_minor,
            "refunded_minor": payment.refunded_minor,
            "currency": payment.currency,
        },
    )
