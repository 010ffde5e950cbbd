"""Words of settlement. Pure."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple


class BatchState(StrEnum):
    """Where a merchant's day stands.

    OPEN takes payments in; CUT_OFF takes none any more; CALCULATED has its lines and its
    journal; PAYING has a payout on its way; PART_FAILED had it sent back by the bank.
    """

    OPEN = "OPEN"
    CUT_OFF = "CUT_OFF"
    CALCULATED = "CALCULATED"
    AWAITING_APPROVAL = "AWAITING_APPROVAL"
    PAYING = "PAYING"
    PAID = "PAID"
    PART_FAILED = "PART_FAILED"


# A day that comes to nothing (refunds ate it, or it repays what the merchant owed) is
# PAID as soon as it is calculated: there is no payout to wait for.
TRANSITIONS: Mapping[BatchState, frozenset[BatchState]] = {
    BatchState.OPEN: frozenset({BatchState.CUT_OFF}),
    BatchState.CUT_OFF: frozenset(
        {BatchState.CALCULATED, BatchState.AWAITING_APPROVAL, BatchState.PAID}
    ),
    BatchState.AWAITING_APPROVAL: frozenset({BatchState.CALCULATED}),
    BatchState.CALCULATED: frozenset({BatchState.PAYING}),
    BatchState.PAYING: frozenset({BatchState.PAID, BatchState.PART_FAILED}),
    BatchState.PART_FAILED: frozenset({BatchState.PAYING}),
    # The bank took a payment back.
    BatchState.PAID: frozenset({BatchState.PART_FAILED}),
}
UNCALCULATED = (BatchState.OPEN, BatchState.CUT_OFF)


class Wait(StrEnum):
    """What a calculated batch waits for beside its day."""

    NOTHING = ""
    MINIMUM = "MINIMUM"  # with others it is less than the least that is paid out
    DEMAND = "DEMAND"  # the merchant asks for its payouts


class LineKind(StrEnum):
    """What a line of a batch tells of."""

    PAYMENT = "PAYMENT"
    REFUND = "REFUND"
    SPLIT = "SPLIT"
    SPLIT_BACK = "SPLIT_BACK"


# What adds to a merchant's day; the other kinds take from it.
INCOMING = frozenset({LineKind.PAYMENT, LineKind.SPLIT_BACK})


@dataclass(frozen=True, slots=True)
class BusinessDay:
    """A merchant's day and the moments it spans; `closes_at` is the first of the next."""

    business_date: date
    opens_at: datetime
    closes_at: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """What of a merchant is looked at: what happened in [since, until) in a currency."""

    currency: str
    since: datetime
    until: datetime


class BillLine(NamedTuple):
    """What the bill shows of one line; amounts as in LineFacts, `net_minor` signed.

    `occurred` is text in UTC, `batch` and `fee_rule` are their ids' text: both are read for
    each of many lines, and looked at for a few.
    """

    batch: str
    kind: str
    occurred: str
    number: str
    reference: str
    request_no: str
    amount_minor: int
    fee_minor: int
    net_minor: int
    fee_rule: str
    fee_rule_version: int


@dataclass(frozen=True, slots=True)
class KindSums:
    """What a batch's lines of one kind come to; amounts in minor units, see LineFacts."""

    count: int = 0
    amount_minor: int = 0
    fee_minor: int = 0
    pending_minor: int = 0

    def __add__(self, other: "KindSums") -> "KindSums":
        return KindSums(
            self.count + other.count,
            self.amount_minor + other.amount_minor,
            self.fee_minor + other.fee_minor,
            self.pending_minor + other.pending_minor,
        )


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of a batch's lines, in minor units.

    `net = gross - refunded - split + split_back - fee`. `fee_minor` is what the payments
    cost less what the refunds brought back; `split_minor` went to others, `split_back_minor`
    came back from them.
    """

    payment_count: int
    refund_count: int
    gross_minor: int
    refunded_minor: int
    fee_minor: int
    split_minor: int = 0
    split_back_minor: int = 0

    @property
    def net_minor(self) -> int:
        """What the day comes to for the merchant; negative where refunds outweigh it."""
        outgoing_minor = self.refunded_minor + self.split_minor - self.split_back_minor
        return self.gross_minor - outgoing_minor - self.fee_minor


@dataclass(frozen=True, slots=True)
class Movement:
    """What a batch's journal moves, in minor units, all from zero upwards.

    `pending_minor` leaves merchant:pending; `fee_minor` goes to revenue or, as
    `fee_back_minor`, comes back from it; `payable_minor` is credited to merchant:payable
    and paid out; `payable_debit_minor` and `receivable_debit_minor` cover a shortfall;
    `receivable_minor` repays what the merchant owed. `carried_minor` is what the lines
    claim and pending does not hold (a refund of the next day has already taken it): the
    next batch brings it forward.
    """

    pending_minor: int
    fee_minor: int
    fee_back_minor: int
    payable_minor: int
    payable_debit_minor: int
    receivable_debit_minor: int
    receivable_minor: int
    carried_minor: int


@dataclass(frozen=True, slots=True)
class Funds:
    """What a merchant's ledger accounts hold when a batch is calculated, in minor units."""

    pending_minor: int
    payable_minor: int
    owed_minor: int


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One payment, refund or split as settlement sees it; amounts in minor units, not negative.

    `pending_minor` is the part that went into merchant:pending or, for a refund or a
    split, came out of it. `split_id` is the share that moved, or its return.
    """

    kind: LineKind
    payment_id: uuid.UUID
    refund_id: uuid.UUID | None
    number: str
    reference: str
    request_no: str
    amount_minor: int
    fee_minor: int
    pending_minor: int
    occurred_at: datetime
    journal_id: uuid.UUID
    fee_rule_id: uuid.UUID
    split_id: uuid.UUID | None = None

    @property
    def net_minor(self) -> int:
        """Signed: what the line adds to the merchant's day."""
        paid = self.amount_minor - self.fee_minor
        return paid if self.kind in INCOMING else -paid
