"""Port of transfers: the bank that pays to cards.

An adapter of your own is a class without arguments, named by the setting. It is called in
the transfer's transaction: it hands the order on and returns. What the bank says comes back
by `POST /api/v1/bank/card-answers`, signed with SAOMA_CARD_BANK_SECRET.
"""

from typing import Protocol

from config.kernel.ports import Port
from merchants.funds.models import MerchantTransfer


class CardBank(Protocol):
    """The bank that pays merchants' transfers to cards."""

    def accept(self, transfer: MerchantTransfer) -> None:
        """Take a transfer, once by its id; the row is the caller's."""
        ...


CARD_BANK: Port[CardBank] = Port("SAOMA_CARD_BANK", "merchants.funds.bank.SimulatedBank")
