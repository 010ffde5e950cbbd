"""Process a real card bank's reply about a transfer."""

from config.kernel import clock, transactions
from merchants.funds import queries
from merchants.funds.models import CardAnswer
from merchants.payouts.values import BankResult


@transactions.atomic_retry
def receive_bank_reply(
    *,
    bank_reference: str,
    number: str,
    amount_minor: int,
    currency: str,
    result: BankResult,
    reason: str,
) -> tuple[CardAnswer, bool]:
    """Store the bank's answer and do nothing else; the timetable acts on it.

    Args:
        bank_reference: the bank's own id of this answer; known ones are not stored again.
        number: the transfer's number, as the order named it.
        amount_minor: what the bank says it moved, in minor units.
        currency: of that amount, ISO 4217.
        result: the bank's word.
        reason: the bank's code for a return, else empty.

    Returns:
        The stored answer and whether it is new.

    Raises:
        TransferUnknown: no transfer to a card has that number.
    """
    transfer = queries.card_transfer(number)
    return CardAnswer.objects.get_or_create(
        bank_reference=bank_reference,
        defaults={
            "transfer": transfer,
            "amount_minor": amount_minor,
            "currency": currency,
            "result": result.value,
            "reason": reason,
            "due_at": clock.now(),
        },
    )
