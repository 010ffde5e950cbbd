"""Values of funding. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Source(StrEnum):
    """Where a part of a payment comes from. The balance is always asked first."""

    BALANCE = "BALANCE"
    SAVINGS = "SAVINGS"
    CREDIT = "CREDIT"


class LineState(StrEnum):
    """A pay-later line: FROZEN while a bill is overdue."""

    ACTIVE = "ACTIVE"
    FROZEN = "FROZEN"
    CLOSED = "CLOSED"


class BillState(StrEnum):
    """A bill collects draws while OPEN; what is unpaid after its due day is OVERDUE."""

    OPEN = "OPEN"
    BILLED = "BILLED"
    PAID = "PAID"
    OVERDUE = "OVERDUE"


class LoanEvent(StrEnum):
    """What a row of the lender's own book tells of."""

    DRAW = "DRAW"
    REPAY = "REPAY"
    REFUND = "REFUND"
    FEE = "FEE"


class SavingsKind(StrEnum):
    """Which way a savings order goes."""

    DEPOSIT = "DEPOSIT"
    REDEEM = "REDEEM"


@dataclass(frozen=True, slots=True)
class Part:
    """What one source gives to a payment, in minor units."""

    source: Source
    amount_minor: int
