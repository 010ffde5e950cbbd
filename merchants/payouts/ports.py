"""What payouts need of the world outside: the bank that pays merchants.

An adapter of your own is a class without arguments, named by the setting. It is called in
a worker's transaction and may be called again for the same payout. What the bank says comes
back as pain.002 or camt.054 by `POST /api/v1/bank/payout-messages`, signed with
SAOMA_PAYOUT_BANK_SECRET.
"""

from datetime import datetime
from typing import Protocol

from config.kernel.ports import Port
from merchants.payouts.models import Payout


class PayoutBank(Protocol):
    """The bank that pays merchants out."""

    def accept(self, payout: Payout, *, at: datetime) -> str:
        """Take a payout, once by its id; returns the bank's reference.

        Args:
            payout: locked by the caller.
            at: when it reached the bank; timezone-aware.
        """
        ...


PAYOUT_BANK: Port[PayoutBank] = Port("SAOMA_PAYOUT_BANK", "merchants.payouts.bank.SimulatedBank")
