"""Words of exposure. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Funds:
    """What a merchant has with us and what it owes us, in minor units.

    `pending_minor` is unsettled sales, of which `fees_minor` will be our fee; `payable_minor`
    is settled and not paid out; `balance_minor` is its transfer balance. `owed_minor` is its
    debt to us, which new debt may bring to `ceiling_minor` at most.
    """

    pending_minor: int
    fees_minor: int
    payable_minor: int
    balance_minor: int
    owed_minor: int
    ceiling_minor: int

    @property
    def sales_minor(self) -> int:
        """What of the unsettled sales is the merchant's: all but the fees to come."""
        return max(0, self.pending_minor - self.fees_minor)

    @property
    def credit_minor(self) -> int:
        """What more it may come to owe us."""
        return max(0, self.ceiling_minor - self.owed_minor)


@dataclass(frozen=True, slots=True)
class SettledFunds:
    """What a merchant has that is settled, less its debt; `owed_minor` is what is left of that.

    In minor units. As long as something is left of the debt, both hold nothing.
    """

    payable_minor: int
    balance_minor: int
    owed_minor: int


@dataclass(frozen=True, slots=True)
class Cover:
    """Where the money of a refund comes from, in minor units.

    `short_minor` above zero: the sources do not cover it, and it is refused.
    """

    escrow_minor: int
    sales_minor: int
    payable_minor: int
    balance_minor: int
    credit_minor: int
    short_minor: int
