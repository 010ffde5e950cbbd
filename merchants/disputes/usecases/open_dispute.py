"""Open a dispute, and give the other side its time to answer."""

import uuid
from typing import Any

from django.db import IntegrityError, transaction

from config.kernel import clock, transactions
from merchants.disputes import rules
from merchants.disputes.models import Dispute
from merchants.disputes.rules import ANSWER_WITHIN, OPEN_WITHIN
from merchants.disputes.usecases.move_money import reserve_disputed, write_event
from merchants.disputes.values import DisputeReason
from merchants.onboarding.queries import merchant_for_money
from wallet import public as wallet


@transactions.atomic_retry
def open_dispute(
    *,
    payment_id: uuid.UUID,
    buyer_id: uuid.UUID,
    reason: DisputeReason,
    text: str,
    amount_minor: int | None = None,
) -> Dispute:
    """Dispute a paid trade, whole or in part, or contest one that waits to be paid, once.

    Of an unpaid trade nothing moves: it cannot be paid, and its time stands still, until the
    dispute is over. Where the buyer is right it is closed.

    The amount is set aside in the merchant's reserve: it owes it until it is decided. The
    merchant has 48 hours to answer; its silence is a yes.

    Args:
        payment_id: the buyer's own payment.
        buyer_id: who disputes.
        reason: what is wrong.
        text: in the buyer's words, up to 2,000 characters.
        amount_minor: in minor units; None for all that was not refunded.

    Raises:
        DisputeUnknown: it is no payment of this buyer's.
        NotDisputable: it is not a merchant's, not paid, or refunded whole.
        TooLate: it was paid 180 days ago or before.
        AmountOutOfRange: more is disputed than is left.
        DisputeTaken: it was disputed before.

    Locks: the payment, the merchant, then the ledger accounts.
    """
    trade = wallet.locked_payment(payment_id)
    if trade.payer_id != buyer_id:
        raise rules.DisputeUnknown()
    if trade.status == wallet.PaymentStatus.PENDING:
        if amount_minor not in {None, trade.amount_minor}:
            raise rules.AmountOutOfRange(field="amount", left_minor=trade.amount_minor)
        return _contest(trade.id, buyer_id, reason, text)
    paid_at = trade.paid_at
    if trade.payee_kind != wallet.PayeeKind.MERCHANT or paid_at is None:
        raise rules.NotDisputable(reason="not paid to a merchant")
    now = clock.now()
    if Dispute.objects.filter(payment_id=trade.id).exists():
        raise rules.DisputeTaken()
    rules.check_in_time(now, since=paid_at, within=OPEN_WITHIN)
    left_minor = trade.amount_minor - trade.refunded_minor
    amount = left_minor if amount_minor is None else amount_minor
    rules.check_amount(amount, left_minor=left_minor)
    merchant = merchant_for_money(trade.payee_id)
    row = _kept(
        payment_id=trade.id,
        payment_number=trade.number,
        merchant=merchant,
        buyer_id=buyer_id,
        amount_minor=amount,
        currency=trade.currency,
        reason=reason,
        text=text,
    )
    reserve_disputed(row, merchant)
    write_event(row, "dispute.opened")
    return row


def _contest(
    payment_id: uuid.UUID, buyer_id: uuid.UUID, reason: DisputeReason, text: str
) -> Dispute:
    """Contest a bill before it is paid; the payment is locked."""
    if Dispute.objects.filter(payment_id=payment_id).exists():
        raise rules.DisputeTaken()
    trade = wallet.contest_payment(payment_id=payment_id, payer_id=buyer_id)
    if trade.payee_kind is not wallet.PayeeKind.MERCHANT:
        raise rules.NotDisputable(reason="not owed to a merchant")
    row = _kept(
        payment_id=trade.id,
        payment_number=trade.number,
        merchant=merchant_for_money(trade.payee_id),
        buyer_id=buyer_id,
        amount_minor=trade.amount_minor,
        currency=trade.currency,
        reason=reason,
        text=text,
        unpaid=True,
    )
    write_event(row, "dispute.opened")
    return row


def _kept(**facts: Any) -> Dispute:
    """A new dispute, which its merchant has 48 hours to answer."""
    now = clock.now()
    row = Dispute(opened_at=now, due_at=now + ANSWER_WITHIN, **facts)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise rules.DisputeTaken() from error
    return row
