"""Send a refund on to the buyer's bank, where the buyer wished so."""

import uuid

from config.kernel import clock, transactions
from config.kernel.errors import required
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries as accounts
from wallet.accounts.usecases.request_withdrawal import send_on
from wallet.accounts.values import UserState
from wallet.ledger import queries as ledger
from wallet.ledger.rules import AccountFrozen, InsufficientFunds
from wallet.payments import queries
from wallet.payments.models import DepositBack, Refund
from wallet.payments.values import DepositBackState


@transactions.atomic_retry
def send_deposit_back(*, refund_id: uuid.UUID) -> DepositBack | None:
    """Send what is left of a refund to the buyer's bank; again gives the same.

    What the refund paid of debts is not sent. A refund of nothing, or of somebody who is
    frozen, stays in the wallet.

    Returns:
        How it stands; None where the buyer keeps refunds in the wallet.

    Locks: the payment, then the ledger accounts.
    """
    refund = Refund.objects.get(id=refund_id)
    payment = queries.locked_payment(refund.payment_id)
    earlier = DepositBack.objects.filter(refund=refund).first()
    if earlier is not None:
        return earlier
    payer = accounts.user(required(payment.payer_id, "a refunded payment has a payer"))
    if not payer.refunds_to_bank:
        return None
    left_minor = ledger.balance(payer.available_account_id).available_minor
    row = DepositBack(
        refund=refund,
        amount_minor=min(refund.amount_minor, max(left_minor, 0)),
        state=DepositBackState.KEPT,
        ended_at=clock.now(),
    )
    if row.amount_minor and payer.state == UserState.ACTIVE:
        _send(row, payer.id)
    row.save(force_insert=True)
    return row


def _send(row: DepositBack, payer_id: uuid.UUID) -> None:
    refund = row.refund
    try:
        withdrawal = send_on(
            user_id=payer_id,
            key=f"refund:{refund.id}",
            amount_minor=row.amount_minor,
            currency=refund.currency,
        )
    except (AccountFrozen, InsufficientFunds):
        return
    row.withdrawal_id = withdrawal.id
    row.state, row.ended_at = DepositBackState.SENT, None


@transactions.atomic_retry
def end_deposit_back(*, withdrawal_id: uuid.UUID, paid: bool) -> DepositBack | None:
    """Note what the bank said of a refund sent to it, and tell of it; again changes nothing.

    A returned one is back in the wallet. Other withdrawals give None.

    Locks: the row.
    """
    rows = DepositBack.objects.select_for_update().filter(withdrawal_id=withdrawal_id)
    row = rows.first()
    if row is None or row.state != DepositBackState.SENT:
        return row
    row.state = DepositBackState.PAID if paid else DepositBackState.RETURNED
    row.ended_at = clock.now()
    row.save(update_fields=["state", "ended_at"])
    outbox.add(
        topic="refund.deposit_back_ended",
        aggregate_id=row.refund.payment_id,
        payload={
            "payment_id": str(row.refund.payment_id),
            "refund_id": str(row.refund_id),
            "amount_minor": row.amount_minor,
        },
    )
    return row
