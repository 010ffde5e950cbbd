"""The ledger's words: sides, kinds of account, lines, drafts, outcomes. Pure."""

import uuid
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

# An account's id follows from its code, so finding it takes no look-up and opening it
# twice gives one account (wallet/decisions/0005-account-ids-from-codes.md).
_CODES = uuid.UUID("6f0c7a52-41c5-5d0b-9c55-2f3f6f2f5a01")


class Side(StrEnum):
    """Which side of an account a line is on."""

    DEBIT = "DEBIT"
    CREDIT = "CREDIT"


class AccountKind(StrEnum):
    """What an account is in the balance sheet, and for safeguarding."""

    CLIENT_MONEY = "CLIENT_MONEY"  # clients' money at the bank, kept apart from ours
    RECEIVABLE = "RECEIVABLE"  # what others owe us
    ASSET = "ASSET"
    CLIENT_LIABILITY = "CLIENT_LIABILITY"  # what we owe users, merchants, payees in flight
    LIABILITY = "LIABILITY"
    REVENUE = "REVENUE"
    EXPENSE = "EXPENSE"
    MEMO = "MEMO"  # off balance sheet


class AccountState(StrEnum):
    """OPEN takes everything; FROZEN lets money in but not out; CLOSED takes nothing."""

    OPEN = "OPEN"
    FROZEN = "FROZEN"
    CLOSED = "CLOSED"


class HoldState(StrEnum):
    """HELD once, then exactly one of the others."""

    HELD = "HELD"
    CAPTURED = "CAPTURED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"


class Outcome(StrEnum):
    """What became of a draft, in order of precedence: the first that fits is the answer."""

    REPLAYED = "REPLAYED"  # its key is known, with the same content
    KEY_CONFLICT = "KEY_CONFLICT"  # its key is known, with other content
    ALREADY_REVERSED = "ALREADY_REVERSED"
    UNKNOWN_ACCOUNT = "UNKNOWN_ACCOUNT"
    CURRENCY_MISMATCH = "CURRENCY_MISMATCH"
    CLOSED = "CLOSED"
    FROZEN = "FROZEN"
    INSUFFICIENT = "INSUFFICIENT"
    POSTED = "POSTED"


class DateAxis(StrEnum):
    """By which date a balance is asked for."""

    ENTRY = "ENTRY"  # what the books said then
    VALUE = "VALUE"  # what counted then, as is known now


class Line(NamedTuple):
    """One side of a draft: which account, which side, how much (minor units, above zero)."""

    account_id: uuid.UUID
    side: Side
    amount_minor: int
    currency: str


class Draft(NamedTuple):
    """A journal to be posted.

    `key` is the caller's own id for this intent, made before asking. `posted_at` is when
    it is entered (aware); `business_date` the day it counts for in the payee's zone.
    `reverses` names the journal that this one undoes. `value_at` is the moment from which
    the money counts, where that is another: later at will, earlier as BACKDATING says.
    """

    key: str
    kind: str
    lines: tuple[Line, ...]
    posted_at: datetime
    business_date: date
    reference: str = ""
    narrative: str = ""
    reverses: uuid.UUID | None = None
    value_at: datetime | None = None


class Result(NamedTuple):
    """What became of one draft.

    `journal_id` is set where it is in the books (POSTED, REPLAYED); `account_id` names
    the account that stood in the way, where one did.
    """

    outcome: Outcome
    journal_id: uuid.UUID | None
    account_id: uuid.UUID | None


class Balance(NamedTuple):
    """An account's balance in minor units, on its normal side: available = posted - held."""

    posted_minor: int
    held_minor: int
    available_minor: int
    currency: str


class Opening(NamedTuple):
    """An account to open; what each word means is told at `open_account`."""

    code: str
    kind: AccountKind
    currency: str
    normal_side: Side
    owner_id: uuid.UUID | None = None
    hot: bool = False
    floor_minor: int | None = 0
    unit: int = 0


class ChartAccount(NamedTuple):
    """How a system account of the chart is opened."""

    kind: AccountKind
    normal_side: Side
    floor_minor: int | None


def debit(account_id: uuid.UUID, amount_minor: int, currency: str) -> Line:
    """A line on the debit side."""
    return Line(account_id, Side.DEBIT, amount_minor, currency)


def credit(account_id: uuid.UUID, amount_minor: int, currency: str) -> Line:
    """A line on the credit side."""
    return Line(account_id, Side.CREDIT, amount_minor, currency)


def account_id(code: str) -> uuid.UUID:
    """The id of the ledger account with this code, whether or not it is open yet."""
    return uuid.uuid5(_CODES, code)


# The house's own accounts. All are hot: everybody's payments meet here.
CHART: dict[str, ChartAccount] = {
    "asset:custodian_bank": ChartAccount(AccountKind.CLIENT_MONEY, Side.DEBIT, None),
    "asset:due_from_lender": ChartAccount(AccountKind.RECEIVABLE, Side.DEBIT, None),
    "asset:mmf": ChartAccount(AccountKind.CLIENT_MONEY, Side.DEBIT, None),
    "bank:payout_in_transit": ChartAccount(AccountKind.CLIENT_LIABILITY, Side.CREDIT, None),
    "suspense:unmatched": ChartAccount(AccountKind.LIABILITY, Side.CREDIT, None),
    "lender:due": ChartAccount(AccountKind.LIABILITY, Side.CREDIT, None),
    "house:promo_funds": ChartAccount(AccountKind.LIABILITY, Side.CREDIT, None),
    "revenue:mdr": ChartAccount(AccountKind.REVENUE, Side.CREDIT, None),
    "revenue:late_fee": ChartAccount(AccountKind.REVENUE, Side.CREDIT, None),
    "expense:promo": ChartAccount(AccountKind.EXPENSE, Side.DEBIT, None),
    "expense:fraud_loss": ChartAccount(AccountKind.EXPENSE, Side.DEBIT, None),
    "memo:exposure_contra": ChartAccount(AccountKind.MEMO, Side.CREDIT, None),
}

# How long before its entry a journal of some kind may count; one of another kind may not.
BACKDATING: dict[str, timedelta] = {
    "bank.reconciled": timedelta(days=92),  # what the bank moved, on the bank's own day
    "reversal": timedelta(days=31),  # our own mistake, undone as of when it was made
}
