"""Process the customs offices' answers."""

from datetime import datetime, timedelta

from config.kernel import transactions
from config.kernel.claims import claim
from merchants.customs import queries
from merchants.customs.ports import CUSTOMS
from merchants.customs.values import DeclarationState
from wallet import public as wallet

AT_ONCE = 100
ASK_AGAIN_AFTER = timedelta(minutes=1)


@transactions.atomic_retry
def receive_answers(*, now: datetime) -> int:
    """Take in the answers that are there by `now`; returns how many offices were asked.

    One that has not answered is asked again later.

    Locks: the declarations; those that another worker holds are passed over.
    """
    rows = claim(queries.waiting_answers(now), AT_ONCE)
    for row in rows:
        trade = wallet.payment(row.payment_id)
        refunded = trade.refunded_minor >= trade.amount_minor
        answer = CUSTOMS.adapter().answer(row, refunded_whole=refunded)
        if answer is None:
            row.due_at = now + ASK_AGAIN_AFTER
            row.save(update_fields=["due_at"])
            continue
        row.state = DeclarationState.REFUSED if answer.refusal else DeclarationState.ACCEPTED
        row.reason = answer.refusal
        row.due_at, row.answered_at = None, now
        row.save(update_fields=["state", "reason", "due_at", "answered_at"])
    return len(rows)
