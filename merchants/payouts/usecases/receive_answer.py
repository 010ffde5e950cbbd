"""Take in what the bank says of payouts, in its own language."""

import uuid

from config.kernel import clock, transactions
from merchants.payouts import bank, iso20022, rules
from merchants.payouts.models import BankAnswer, Payout
from merchants.payouts.usecases.settle_payout import settle_payout

UNKNOWN = "UNKNOWN"
REFUSED = "REFUSED"


@transactions.atomic_retry
def receive_answer(*, answer_id: uuid.UUID) -> bool:
    """Act on an answer of the simulated bank and mark it given, in one transaction.

    Returns False where another worker has taken it in already.

    Locks: the answer, then what settle_payout locks.
    """
    rows = BankAnswer.objects.select_for_update(of=("self",)).select_related("payout")
    answer = rows.filter(id=answer_id, given_at__isnull=True).first()
    if answer is None:
        return False
    [notice] = iso20022.read_notices(bank.message_of(answer))
    answer.disposition = apply_notice(notice)
    answer.given_at = clock.now()
    answer.save(update_fields=["disposition", "given_at"])
    return True


def apply_notice(notice: iso20022.Notice) -> str:
    """Act on one thing the bank says of a payout; returns its disposition, UNKNOWN or REFUSED.

    Locks: what settle_payout locks.
    """
    try:
        payout = Payout.objects.filter(id=uuid.UUID(notice.reference)).first()
    except ValueError:
        payout = None
    if payout is None:
        return UNKNOWN
    try:
        return settle_payout(
            payout_id=payout.id,
            result=notice.result,
            reason=notice.reason,
            amount_minor=notice.amount_minor,
            currency=notice.currency,
        )
    except rules.PayoutStateForbids:
        return REFUSED
