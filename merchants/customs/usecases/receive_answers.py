"""Take in what the customs offices answer."""

from datetime import datetime

from config.kernel import transactions
from config.kernel.claims import claim
from merchants.customs import queries
from merchants.customs.values import DeclarationState
from wallet import public as wallet

AT_ONCE = 100


@transactions.atomic_retry
def receive_answers(*, now: datetime) -> int:
    """Take in the answers that are there by `now`; returns how many.

    The simulated office refuses a payment that was refunded whole meanwhile, and accepts
    every other.

    Locks: the declarations; those that another worker holds are passed over.
    """
    rows = claim(queries.waiting_answers(now), AT_ONCE)
    for row in rows:
        trade = wallet.payment(row.payment_id)
        refunded = trade.refunded_minor >= trade.amount_minor
        row.state = DeclarationState.REFUSED if refunded else DeclarationState.ACCEPTED
        row.reason = "trade_refunded" if refunded else ""
        row.due_at, row.answered_at = None, now
        row.save(update_fields=["state", "reason", "due_at", "answered_at"])
    return len(rows)
