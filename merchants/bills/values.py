"""Words of bills. Pure."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class BillKind(StrEnum):
    """TRADES lists sales and refunds; ACCOUNT every movement of the merchant's money."""

    TRADES = "trade"
    ACCOUNT = "signcustomer"


@dataclass(frozen=True, slots=True)
class Period:
    """A merchant's business day, or a month of them: [begins_at, ends_at), and its file's name."""

    begins_at: datetime
    ends_at: datetime
    label: str


class TradeRow(NamedTuple):
    """A sale or a refund on the bill, signed: amounts in minor units, times as text in UTC.

    A sale's `fee_minor` and `split_minor` are negative, a refund's positive: they come back.
    A row with a `split_number` is a split made after the day of its sale: it has no amount
    of its own.
    """

    number: str
    reference: str
    refund_number: str
    subject: str
    created: str
    ended: str
    store: str
    store_name: str
    operator: str
    till: str
    counterparty: str
    amount_minor: int
    fee_minor: int
    split_minor: int
    note: str = ""
    split_number: str = ""

    @property
    def is_refund(self) -> bool:
        """Whether money went back."""
        return bool(self.refund_number)


@dataclass(slots=True)
class TradeSums:
    """What some rows add up to, in minor units."""

    sales: int = 0
    refunds: int = 0
    sold_minor: int = 0
    refunded_minor: int = 0
    fee_minor: int = 0
    split_minor: int = 0

    def add(self, row: TradeRow) -> None:
        """Take one row in."""
        if row.is_refund:
            self.refunds += 1
            self.refunded_minor += row.amount_minor
        elif not row.split_number:
            self.sales += 1
            self.sold_minor += row.amount_minor
        self.fee_minor += row.fee_minor
        self.split_minor += row.split_minor

    def join(self, other: "TradeSums") -> None:
        """Take the rows of another sum in."""
        self.sales += other.sales
        self.refunds += other.refunds
        self.sold_minor += other.sold_minor
        self.refunded_minor += other.refunded_minor
        self.fee_minor += other.fee_minor
        self.split_minor += other.split_minor

    @property
    def amount_minor(self) -> int:
        """Sales less refunds."""
        return self.sold_minor + self.refunded_minor

    @property
    def net_minor(self) -> int:
        """What is left for the merchant."""
        return self.amount_minor + self.fee_minor + self.split_minor


@dataclass(frozen=True, slots=True)
class Movement:
    """One journal's change of what a merchant has, in minor units, and what it has then."""

    id: int
    journal_id: uuid.UUID
    kind: str
    number: str
    note: str
    at: datetime
    change_minor: int
    balance_minor: int = 0


@dataclass(slots=True)
class MovementSums:
    """What the movements of one kind add up to, in minor units."""

    ins: int = 0
    outs: int = 0
    in_minor: int = 0
    out_minor: int = 0

    def add(self, change_minor: int) -> None:
        """Take one movement in."""
        if change_minor > 0:
            self.ins += 1
            self.in_minor += change_minor
        else:
            self.outs += 1
            self.out_minor += change_minor


@dataclass(slots=True)
class Named:
    """What the bill says of movements beside their amounts, by journal.

    `numbers` are shown in the place of references that mean nothing to the merchant.
    """

    references: dict[uuid.UUID, str] = field(default_factory=dict)
    subjects: dict[uuid.UUID, str] = field(default_factory=dict)
    counterparties: dict[uuid.UUID, str] = field(default_factory=dict)
    numbers: dict[uuid.UUID, str] = field(default_factory=dict)
