"""Words of reconciliation. Pure.

Amounts are whole minor units of their currency, above zero where money came in to our
account at the bank and below where it went out.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

# Our account at the bank is kept in it.
CURRENCY = "CNY"


class FileFormat(StrEnum):
    """How a statement is written."""

    CSV = "csv"
    CAMT = "camt.053"


class LineStatus(StrEnum):
    """BOOKED money has moved; PENDING money the bank only announces."""

    BOOKED = "BOOKED"
    PENDING = "PENDING"


class BreakKind(StrEnum):
    """How the bank and our books differ."""

    MISSING_HERE = "missing_here"  # the bank moved what we know nothing of
    MISSING_THERE = "missing_there"  # we booked what the bank did not move
    AMOUNT = "amount"
    FEE = "fee"  # the bank kept a charge back
    CURRENCY = "currency"
    STATUS = "status"  # done with one and not with the other
    DUPLICATE = "duplicate"  # the bank has it once more than we do
    CROSS_DAY = "cross_day"  # on the day before or after with the other
    REFERENCE = "reference"  # ours in all but its number
    STALE_FILE = "stale_file"  # written before the day it tells of was over
    MISSING_FILE = "missing_file"


class BreakState(StrEnum):
    """OPEN until both sides agree (CLEARED) or two operators closed it (RESOLVED)."""

    OPEN = "OPEN"
    CLEARED = "CLEARED"
    RESOLVED = "RESOLVED"


class Template(StrEnum):
    """How operators close a break."""

    SUSPENSE = "SUSPENSE"  # our books follow the bank, the difference stands in suspense
    EXPLAINED = "EXPLAINED"  # nothing is posted


class StatementLine(NamedTuple):
    """One line of the bank's statement.

    `reference` is ours as the bank gives it back, `bank_reference` the bank's own.
    `amount_minor` is what reached or left the account, after `fee_minor` (not negative).
    """

    bank_reference: str
    reference: str
    amount_minor: int
    fee_minor: int
    currency: str
    status: LineStatus
    booked_at: datetime

    @property
    def gross_minor(self) -> int:
        """What was moved before the bank kept its fee."""
        return self.amount_minor + self.fee_minor


@dataclass(frozen=True, slots=True)
class Statement:
    """What the bank says of one account and day; `day` is the house's calendar day."""

    day: date
    currency: str
    made_at: datetime
    opening_minor: int
    closing_minor: int
    lines: tuple[StatementLine, ...]


class BookLine(NamedTuple):
    """One entry of `asset:custodian_bank`, under the reference that the bank was given.

    `bank_reference` stands alone where the money came under no reference of ours. `late`
    says that it was posted in the day's last hour, when the bank may have it a day later.
    """

    reference: str
    bank_reference: str
    amount_minor: int
    currency: str
    day: date
    late: bool


class Order(NamedTuple):
    """What we told the bank to do, or to expect; `open` until it has an end with us."""

    reference: str
    amount_minor: int
    open: bool
    booked: bool


class Difference(NamedTuple):
    """One break between a statement and our books; a side that has nothing is None.

    `position` is the line's number in the statement, from 1, or 0 without a line.
    `settled` where both sides have it and only the day differs.
    """

    kind: BreakKind
    reference: str
    bank_reference: str
    ours_minor: int | None
    theirs_minor: int | None
    currency: str
    position: int = 0
    settled: bool = False

    @property
    def is_incoming(self) -> bool:
        """Whether it is about money that came in."""
        amount_minor = self.ours_minor if self.theirs_minor is None else self.theirs_minor
        return (amount_minor or 0) > 0
