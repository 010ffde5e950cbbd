"""Tell the simulated bank of a transfer to a card."""

from datetime import timedelta

from django.conf import settings

from config.kernel import clock, transactions
from merchants.funds.models import CardAnswer, MerchantTransfer
from merchants.payouts.bank import SCRIPTS, behaviour


def tell_card_bank(transfer: MerchantTransfer) -> None:
    """Hand a transfer to the bank that pays merchants out; again changes nothing.

    It is the bank of `merchants.payouts.bank`: the card's last two digits choose its mood.
    What it is going to say is its diary, which `hear_card_bank` reads when it falls due.

    Locks: none; the transfer is the caller's.
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
