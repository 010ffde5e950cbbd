"""Take in one thing the bank says."""

import uuid

from config.kernel import clock, transactions
from merchants.payouts.models import BankAnswer
from merchants.payouts.usecases.settle_payout import settle_payout
from merchants.payouts.values import BankResult


@transactions.atomic_retry
def receive_answer(*, answer_id: uuid.UUID) -> bool:
    """Act on an answer of the bank and mark it given, in one transaction.

    Returns False where another worker has taken it in already.

    Locks: the answer, then what settle_payout locks.
    """
    rows = BankAnswer.objects.select_for_update(of=("self",))
    answer = rows.filter(id=answer_id, given_at__isnull=True).first()
    if answer is None:
        return False
    answer.disposition = settle_payout(
        payout_id=answer.payout_id, result=BankResult(answer.result), reason=answer.reason
    )
    answer.given_at = clock.now()
    answer.save(update_fields=["disposition", "given_at"])
    return True
