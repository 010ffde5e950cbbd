"""Take in what the bank says of payouts, in its own language."""

import uuid
from collections import Counter

from config.kernel import clock, transactions
from merchants.payouts import bank, iso20022
from merchants.payouts.models import BankAnswer, Payout
from merchants.payouts.usecases.settle_payout import settle_payout

UNKNOWN = "UNKNOWN"


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
    answer.disposition = _apply(notice)
    answer.given_at = clock.now()
    answer.save(update_fields=["disposition", "given_at"])
    return True


def receive_message(*, content: bytes) -> Counter[str]:
    """Act on a message of the bank: pain.002 or camt.054. The same message again changes nothing.

    Each payout is one transaction, so that one that is refused does not undo the others.

    Args:
        content: the file as it came.

    Returns:
        How often each disposition came about; UNKNOWN counts payouts that are none of ours.

    Raises:
        iso20022.BankMessageInvalid: it cannot be read; nothing is changed.

    Locks: what settle_payout locks.
    """
    return Counter(_apply(notice) for notice in iso20022.read_notices(content))


def _apply(notice: iso20022.Notice) -> str:
    try:
        payout = Payout.objects.filter(id=uuid.UUID(notice.reference)).first()
    except ValueError:
        payout = None
    if payout is None:
        return UNKNOWN
    return settle_payout(
        payout_id=payout.id,
        result=notice.result,
        reason=notice.reason,
        amount_minor=notice.amount_minor,
        currency=notice.currency,
    )
