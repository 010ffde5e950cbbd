"""The simulated bank of transfers to cards."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings

from config.kernel import clock, transactions
from merchants.funds.models import CardAnswer, MerchantTransfer
from merchants.payouts.bank import SCRIPTS, behaviour
from merchants.payouts.values import BankResult
from wallet.public import BankMovement, BankWord, moved_by_bank


class SimulatedBank:
    """It behaves as `merchants.payouts.bank`: the card's last two digits choose how."""

    def accept(self, transfer: MerchantTransfer) -> None:
        """Plan what it is going to say; taking a transfer again changes nothing.

        `process_bank_reply` reads each answer when it falls due.
        """
        transactions.require()
        if CardAnswer.objects.filter(transfer=transfer).exists():
            return
        usual = clock.now() + timedelta(seconds=settings.SAOMA_BANK_ANSWER_S)
        CardAnswer.objects.bulk_create(
            CardAnswer(
                transfer=transfer,
                result=script.result,
                reason=script.reason,
                due_at=usual + script.after,
            )
            for script in SCRIPTS[behaviour(transfer.identity)]
        )


def movements(until: datetime) -> Iterator[BankMovement]:
    """What the bank moved by `until` for transfers to cards, as it knows it."""
    rows = CardAnswer.objects.filter(due_at__lte=until).order_by("transfer_id", "due_at", "id")
    statement_rows = rows.values_list(
        "transfer_id", "transfer__amount_minor", "transfer__currency", "result", "due_at"
    )
    return moved_by_bank(
        BankWord(order_id, -amount_minor, currency, result == BankResult.PAID, at)
        for order_id, amount_minor, currency, result, at in statement_rows.iterator(chunk_size=2000)
    )
