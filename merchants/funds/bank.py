"""The simulated bank of transfers to cards: the edge of our world."""

from datetime import timedelta

from django.conf import settings

from config.kernel import clock, transactions
from merchants.funds.models import CardAnswer, MerchantTransfer
from merchants.payouts.bank import SCRIPTS, behaviour


class SimulatedBank:
    """It behaves as `merchants.payouts.bank`: the card's last two digits choose how."""

    def accept(self, transfer: MerchantTransfer) -> None:
        """Plan what it is going to say; taking a transfer again changes nothing.

        `hear_card_bank` reads each answer when it falls due.
        """
        transactions.require()
        if CardAnswer.objects.filter(transfer=transfer).exists():
            return
        usual = clock.now() + timedelta(seconds=settings.SAOMA_BANK_ANSWER_S)
        CardAnswer.objects.bulk_create(
            CardAnswer(
                transfer=transfer, result=said.result, reason=said.reason, due_at=usual + said.after
            )
            for said in SCRIPTS[behaviour(transfer.identity)]
        )
