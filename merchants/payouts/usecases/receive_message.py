"""Take in a message of the payout bank, and act on it in a second step."""

import hashlib
import uuid
from collections import Counter

from config.kernel import clock, transactions
from merchants.payouts import iso20022
from merchants.payouts.models import BankMessage
from merchants.payouts.usecases.receive_answer import apply_notice


def receive_message(*, content: bytes) -> tuple[BankMessage, bool]:
    """Store a pain.002 or camt.054 and do nothing else; the timetable processes it.

    Args:
        content: the file as it came; the same bytes are stored once.

    Returns:
        The stored message and whether it is new.

    Raises:
        iso20022.BankMessageInvalid: it cannot be read; nothing is stored.
    """
    # Before the transaction: a large file would keep others from writing while it is read.
    iso20022.read_notices(content)
    return _store(content)


@transactions.atomic_retry
def _store(content: bytes) -> tuple[BankMessage, bool]:
    return BankMessage.objects.get_or_create(
        digest=hashlib.sha256(content).hexdigest(), defaults={"content": content}
    )


def process_message(*, message_id: uuid.UUID) -> Counter[str]:
    """Act on a stored message, then mark it processed; again after a crash does no harm.

    Each payout is one transaction, so that one that is refused does not undo the others.

    Returns:
        How often each disposition came about; UNKNOWN counts payouts that are none of ours,
        REFUSED those whose state does not allow what the bank says.

    Locks: what settle_payout locks, one payout after the other; then the message.
    """
    message = BankMessage.objects.get(id=message_id)
    if message.processed_at is not None:
        return Counter(message.dispositions)
    dispositions = Counter(
        apply_notice(notice) for notice in iso20022.read_notices(bytes(message.content))
    )
    BankMessage.objects.filter(id=message_id, processed_at__isnull=True).update(
        processed_at=clock.now(), dispositions=dict(dispositions)
    )
    return dispositions
