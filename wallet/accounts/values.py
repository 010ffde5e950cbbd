"""Words of the accounts slice: states, moves between them, tiers and their limits.

Pure data. The tier limits mirror China's payment-account types I to III; where they
come from and what counts against them: wallet/decisions/0101-kyc-tier-limits.md.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

CURRENCY = "CNY"
ZONE = "Asia/Shanghai"


class UserState(StrEnum):
    """Whether a wallet account works."""

    ACTIVE = "ACTIVE"
    FROZEN = "FROZEN"
    CLOSED = "CLOSED"


class KycState(StrEnum):
    """What is known about the person behind a wallet account."""

    NONE = "NONE"
    PENDING = "PENDING"
    L1 = "L1"
    L2 = "L2"
    L3 = "L3"
    SUSPENDED = "SUSPENDED"


class ApplicationState(StrEnum):
    """Life of one KYC application."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


class TopupState(StrEnum):
    """Life of one top-up: money from the customer's bank into the wallet."""

    CREATED = "CREATED"
    PROCESSING = "PROCESSING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    EXPIRED = "EXPIRED"


class WithdrawalState(StrEnum):
    """Life of one withdrawal: money from the wallet to the customer's bank."""

    CREATED = "CREATED"
    REVIEW = "REVIEW"
    SUBMITTED = "SUBMITTED"
    PAID = "PAID"
    RETURNED = "RETURNED"


TOPUP_MOVES: Mapping[TopupState, frozenset[TopupState]] = {
    TopupState.CREATED: frozenset(
        {TopupState.PROCESSING, TopupState.SUCCEEDED, TopupState.FAILED, TopupState.EXPIRED}
    ),
    TopupState.PROCESSING: frozenset({TopupState.SUCCEEDED, TopupState.FAILED, TopupState.EXPIRED}),
    TopupState.SUCCEEDED: frozenset(),
    TopupState.FAILED: frozenset(),
    TopupState.EXPIRED: frozenset(),
}

WITHDRAWAL_MOVES: Mapping[WithdrawalState, frozenset[WithdrawalState]] = {
    WithdrawalState.CREATED: frozenset({WithdrawalState.REVIEW, WithdrawalState.SUBMITTED}),
    WithdrawalState.REVIEW: frozenset({WithdrawalState.SUBMITTED, WithdrawalState.RETURNED}),
    WithdrawalState.SUBMITTED: frozenset({WithdrawalState.PAID, WithdrawalState.RETURNED}),
    WithdrawalState.PAID: frozenset(),
    WithdrawalState.RETURNED: frozenset(),
}


class BankKind(StrEnum):
    """Which way a bank instruction moves money, seen from the wallet."""

    TOPUP = "TOPUP"
    WITHDRAWAL = "WITHDRAWAL"


class BankResult(StrEnum):
    """The bank's final word on an instruction."""

    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"


class BankWord(NamedTuple):
    """One thing the bank says of an order, for its own diary: done, or not (any more)."""

    order_id: uuid.UUID
    change_minor: int
    currency: str
    done: bool
    at: datetime


class BankMovement(NamedTuple):
    """Money that the bank moved on our account; above zero where it came in.

    `reference` is the order's id as 32 hex digits, `bank_reference` the bank's own.
    """

    reference: str
    bank_reference: str
    change_minor: int
    currency: str
    at: datetime


class BankOrder(NamedTuple):
    """An instruction to the bank, as we hold it: above zero where money is to come in.

    `is_open` until it has an end with us; `is_booked` once its money stands in the books.
    """

    order_id: uuid.UUID
    change_minor: int
    is_open: bool
    is_booked: bool


class Disposition(StrEnum):
    """What was done with a bank callback."""

    APPLIED = "APPLIED"
    REPEATED = "REPEATED"
    LATE = "LATE"
    RELEASED = "RELEASED"
    MISMATCHED = "MISMATCHED"
    UNMATCHED = "UNMATCHED"
    CONTRADICTED = "CONTRADICTED"


class CodePurpose(StrEnum):
    """What a code sent to a phone is good for."""

    REGISTER = "REGISTER"
    PROVE = "PROVE"
    RESET = "RESET"


class ThrottleKind(StrEnum):
    """What a login throttle row counts by."""

    PHONE = "PHONE"
    ADDRESS = "ADDRESS"


@dataclass(frozen=True, slots=True)
class TierLimit:
    """What a KYC tier may pay out, in fen; None means no limit of that kind."""

    tier: int
    lifetime_minor: int | None
    yearly_minor: int | None


TIER_LIMITS: Mapping[int, TierLimit] = {
    0: TierLimit(tier=0, lifetime_minor=0, yearly_minor=0),
    1: TierLimit(tier=1, lifetime_minor=1_000_00, yearly_minor=None),
    2: TierLimit(tier=2, lifetime_minor=None, yearly_minor=100_000_00),
    3: TierLimit(tier=3, lifetime_minor=None, yearly_minor=200_000_00),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """A person's limits and what is left of them, in fen; None means unlimited.

    `reserved_minor` is frozen by authorisations and counted as gone.
    """

    tier: int
    lifetime_minor: int | None
    yearly_minor: int | None
    lifetime_used_minor: int
    year: int
    yearly_used_minor: int
    remaining_minor: int | None
    reserved_minor: int = 0


@dataclass(frozen=True, slots=True)
class Strikes:
    """Wrong tries in a row, and until when further tries are refused (seconds)."""

    allowed: int
    lock: timedelta


PIN_STRIKES = Strikes(allowed=5, lock=timedelta(minutes=15))
PHONE_STRIKES = Strikes(allowed=5, lock=timedelta(minutes=15))
ADDRESS_STRIKES = Strikes(allowed=30, lock=timedelta(minutes=15))

PHONE_CODE_LIFE = timedelta(minutes=10)

TOPUP_LIFE = timedelta(minutes=30)
TOPUP_MAXIMUM_MINOR = 50_000_00
WITHDRAWAL_MAXIMUM_MINOR = 200_000_00
WITHDRAWAL_REVIEW_MINOR = 50_000_00
WITHDRAWAL_OVERDUE = timedelta(days=2)
DEVICES_MAXIMUM = 10
ADULT_YEARS = 18
