"""Release a guaranteed trade's money to the merchant."""

import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.errors import required
from config.kernel.outbox.writes import add as add_event
from merchants.escrow import queries, rules
from merchants.escrow.models import Escrow
from merchants.onboarding import queries as onboarding
from merchants.terms.queries import today_of
from wallet import public as wallet


@transactions.atomic_retry
def keep_escrow(*, payment_id: uuid.UUID) -> Escrow | None:
    """Write down that a paid trade's money waits, and until when; again changes nothing.

    None for a payment that is not a guaranteed trade of a merchant, or not paid.
    """
    trade = wallet.payment(payment_id)
    if trade.payee_kind is not wallet.PayeeKind.MERCHANT or trade.paid_at is None:
        return None
    merchant = onboarding.merchant(trade.payee_id)
    if trade.payee_account_id == merchant.pending_account_id:
        return None
    row, _ = Escrow.objects.get_or_create(
        payment_id=trade.id,
        defaults={
            "merchant": merchant,
            "account_id": trade.payee_account_id,
            "currency": trade.currency,
            "held_at": trade.paid_at,
            # A deal has timers of its own.
            "due_at": None
            if "deal" in trade.details
            else rules.due_at(trade.paid_at, trade.details.get("escrow_days")),
        },
    )
    return row


@transactions.atomic_retry
def release_escrow(*, payment_id: uuid.UUID, request_no: str) -> Escrow:
    """Move what is left in escrow into the merchant's pending money, once.

    From then on the trade is like any other: settled with the day of its release.

    Args:
        payment_id: the trade.
        request_no: the merchant's number of the confirmation.

    Raises:
        EscrowMissing: it is no guaranteed trade, is not paid, or was refunded whole.
        EscrowConflict: it was confirmed under another number.

    Locks: the payment, then the ledger accounts.
    """
    wallet.locked_payment(payment_id)
    row = keep_escrow(payment_id=payment_id)
    if row is None:
        raise rules.EscrowMissing()
    if row.released_at is not None:
        if row.request_no != request_no:
            raise rules.EscrowConflict(field="out_request_no")
        return row
    left_minor = wallet.balance(row.account_id).available_minor
    if left_minor == 0:
        raise rules.EscrowMissing()
    row.journal_id = _post(row, left_minor)
    row.request_no, row.amount_minor = request_no, left_minor
    row.released_at, row.due_at = clock.now(), None
    row.save()
    add_event(
        topic="escrow.released",
        aggregate_id=row.id,
        payload={"payment_id": str(payment_id), "amount_minor": left_minor},
    )
    return row


def release_due(*, now: datetime) -> int:
    """Release what nobody confirmed in time; returns how many trades came to an end."""
    count = 0
    for payment_id in queries.due_payments(now):
        try:
            release_escrow(payment_id=payment_id, request_no="")
        except rules.EscrowMissing:
            Escrow.objects.filter(payment_id=payment_id).update(due_at=None)
        count += 1
    return count


def _post(row: Escrow, left_minor: int) -> uuid.UUID:
    pending = required(row.merchant.pending_account_id, "a merchant that sold has its accounts")
    return wallet.post_journal(
        wallet.Draft(
            key=f"escrow-release:{row.id}",
            kind="escrow_release",
            lines=(
                wallet.debit(row.account_id, left_minor, row.currency),
                wallet.credit(pending, left_minor, row.currency),
            ),
            posted_at=clock.now(),
            business_date=today_of(row.merchant),
            reference=wallet.payment(row.payment_id).number,
            narrative="goods received",
        )
    )
