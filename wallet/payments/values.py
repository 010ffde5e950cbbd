"""Values of payments: states, kinds, and what use cases hand back. Pure."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple, TypeAlias

CURRENCY = "CNY"
ZONE = "Asia/Shanghai"
# Used and expired codes are kept for a while: a repeated request finds its answer, and
# a number is not lent again while somebody may still remember it.
CODE_RETENTION = timedelta(days=2)
# Each payment leaves a code: one statement an hour deletes them, not one a second.
CODES_TOGETHER = timedelta(hours=1)


class PaymentStatus(StrEnum):
    """Where a payment stands. A payment refunded in full is CLOSED."""

    PENDING = "PENDING"
    PAID = "PAID"
    CLOSED = "CLOSED"
    FINISHED = "FINISHED"


class Method(StrEnum):
    """How payer and payee met: the payee scanned, the payer scanned, or an order was made.

    DEBIT: the payer had agreed beforehand and was not asked again.
    """

    CODE = "CODE"
    DEBIT = "DEBIT"
    ORDER = "ORDER"
    SCAN = "SCAN"


class PayeeKind(StrEnum):
    """Who is paid."""

    MERCHANT = "MERCHANT"
    USER = "USER"


class PresentedKind(StrEnum):
    """What the two sides showed each other; static codes carry a lower limit."""

    STATIC = "STATIC"
    DYNAMIC = "DYNAMIC"


class CloseReason(StrEnum):
    """Why a payment is CLOSED."""

    EXPIRED = "EXPIRED"
    CANCELLED = "CANCELLED"
    CLOSED_BY_PAYEE = "CLOSED_BY_PAYEE"
    REFUSED_BY_PAYER = "REFUSED_BY_PAYER"
    REFUNDED = "REFUNDED"


class CodeState(StrEnum):
    """Life of a payment code. Only ISSUED can be claimed, and once."""

    ISSUED = "ISSUED"
    CLAIMED = "CLAIMED"
    BURNED = "BURNED"


class CodeFreshness(StrEnum):
    """Whether a code's password is right now, was a moment ago, or is wrong."""

    RIGHT = "RIGHT"
    EXPIRED = "EXPIRED"
    WRONG = "WRONG"


class PayResult(StrEnum):
    """What a call to pay did."""

    PAID = "PAID"
    AWAITING_PAYER = "AWAITING_PAYER"
    REPLAYED = "REPLAYED"


class CancelAction(StrEnum):
    """What a cancellation did: closed an unpaid payment, gave the money back, or nothing."""

    CLOSE = "CLOSE"
    REFUND = "REFUND"
    NONE = "NONE"


class RefundStatus(StrEnum):
    """State of a refund; one from wallet to wallet succeeds at once."""

    SUCCEEDED = "SUCCEEDED"


class ConfirmationKind(StrEnum):
    """What a payer can be asked to agree to on the phone."""

    PAYMENT = "PAYMENT"
    HOLD = "HOLD"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """All that a payer agrees to in one confirmation, as it stands when they do.

    `id` is the payment's or the authorisation's, `number` the payment's or the freeze's; the
    amount is in minor units of `currency`.
    """

    kind: ConfirmationKind
    id: uuid.UUID
    number: str
    payee_id: uuid.UUID
    payee_name: str
    amount_minor: int
    currency: str


# Stands for the PIN in one confirmation: called with what is confirmed, under its lock and in
# the transaction that moves the money; raises where it does not hold for exactly that.
Proof = Callable[[Confirmation], None]


class Order(NamedTuple):
    """What makes two requests with one order number the same request."""

    payee_account_id: uuid.UUID
    amount_minor: int
    currency: str
    description: str


class Payer(NamedTuple):
    """How a payer is shown to a payee: the 16 digits of the wallet user, and the phone."""

    user_number: str
    phone: str


@dataclass(frozen=True, slots=True)
class PaidSale:
    """What those who follow a merchant's sales need of one that is paid."""

    payment_id: uuid.UUID
    payee_id: uuid.UUID
    payee_account_id: uuid.UUID
    currency: str
    paid_at: datetime


# The payee's own texts that the payer is shown beside the description, as `details` name them.
PAYER_TEXTS: Final = ("body",)


def payer_texts(details: Mapping[str, object]) -> dict[str, str]:
    """What of a sale's details its payer is shown, by name; wherever a payer is asked or told."""
    texts = {name: details.get(name) for name in PAYER_TEXTS}
    return {name: text for name, text in texts.items() if isinstance(text, str) and text}


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment as callers see it, read once and never changed.

    Amounts are in minor units of `currency`. `payer_number` (16 digits) and
    `payer_phone` are empty while nobody has come forward to pay. `details` are the
    payee's own extras, passed through unread but for `payer_texts`.
    """

    id: uuid.UUID
    number: str
    status: PaymentStatus
    method: Method
    payer_id: uuid.UUID | None
    payer_number: str
    payer_phone: str
    payee_id: uuid.UUID
    payee_kind: PayeeKind
    payee_account_id: uuid.UUID
    payee_name: str
    reference: str
    description: str
    amount_minor: int
    currency: str
    refunded_minor: int
    needs_pin: bool
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    closed_at: datetime | None
    close_reason: str
    business_date: date | None
    journal_id: uuid.UUID | None
    details: Mapping[str, object]

    @property
    def order(self) -> Order:
        """What a repeat of the order number must ask for, too."""
        return Order(self.payee_account_id, self.amount_minor, self.currency, self.description)


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRequest:
    """What a payee asks for, as it travels from the front door to the row that is written.

    Attributes:
        payee_id: merchant or wallet user who is paid; owns the order number.
        payee_account_id: ledger account to be credited.
        payee_name: as the payer is to see it.
        reference: the payee's order number, 1 to 64 characters.
        description: what is paid for; part of what makes an order the same order.
        amount_minor: in minor units of `currency` (CNY), at least 1.
        expires_at: when a payment that waits for its payer lapses; aware.
        details: the payee's extras; JSON values only, kept unread but for `payer_texts`.
        payee_kind: whether the payee is a merchant or a wallet user.
        payee_zone: IANA zone whose calendar gives the business date.
        payee_cutoff_hour: local hour at which the payee's business day begins.
        payee_owner_id: wallet user behind a merchant, who may not be the payer.
        payee_since: when the payee joined, for the risk rules.
        payer_number: who must be the one who pays; "" for whoever shows the code.
    """

    payee_id: uuid.UUID
    payee_account_id: uuid.UUID
    payee_name: str
    reference: str
    description: str
    amount_minor: int
    currency: str
    expires_at: datetime
    details: Mapping[str, object]
    payee_kind: PayeeKind = PayeeKind.MERCHANT
    payee_zone: str = ZONE
    payee_cutoff_hour: int = 0
    payee_owner_id: uuid.UUID | None = None
    payee_since: datetime | None = None
    payer_number: str = ""

    @property
    def order(self) -> Order:
        """What a repeat of the order number must ask for, too."""
        return Order(self.payee_account_id, self.amount_minor, self.currency, self.description)


@dataclass(frozen=True, slots=True)
class PayOutcome:
    """The payment, and what this call did to it.

    PAID: money moved now. AWAITING_PAYER: the payer must confirm with the PIN.
    REPLAYED: the same call had been answered before; look at the payment's status.
    """

    payment: PaymentView
    outcome: PayResult


@dataclass(frozen=True, slots=True)
class CreateOutcome:
    """An order for money; `created` is False where the same order was there already."""

    payment: PaymentView
    created: bool


@dataclass(frozen=True, slots=True)
class CancelOutcome:
    """What a cancellation did; `changed` is False where there was nothing left to do."""

    payment: PaymentView
    action: CancelAction
    changed: bool


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund; `amount_minor` is this refund's, in minor units.

    `details` are the payee's extras, passed through unread.
    """

    id: uuid.UUID
    payment_id: uuid.UUID
    request_no: str
    amount_minor: int
    currency: str
    reason: str
    status: RefundStatus
    journal_id: uuid.UUID
    created_at: datetime
    business_date: date
    details: Mapping[str, object] = field(default_factory=dict)


class DepositBackState(StrEnum):
    """Where a refund that goes on to the buyer's bank stands.

    KEPT never left the wallet (there was nothing left to send), RETURNED came back to it.
    """

    SENT = "SENT"
    PAID = "PAID"
    RETURNED = "RETURNED"
    KEPT = "KEPT"


@dataclass(frozen=True, slots=True)
class DepositBackView:
    """A refund on its way to the buyer's bank; `amount_minor` is what was sent there."""

    refund_id: uuid.UUID
    amount_minor: int
    state: DepositBackState
    ended_at: datetime | None


# What one ledger account gives of a refund, in minor units; and who decides that for a
# payment and an amount of it: the parts add up to the amount, or the refund is refused.
Take: TypeAlias = tuple[uuid.UUID, int]
Cover: TypeAlias = Callable[[PaymentView, int], Sequence[Take]]


@dataclass(frozen=True, slots=True)
class RefundOutcome:
    """A refund and its payment after it; `changed` is False for a repeated request."""

    refund: RefundView
    payment: PaymentView
    changed: bool


@dataclass(frozen=True, slots=True)
class AliasGrant:
    """An alias handed to a phone: it may show codes made from it until `expires_at`."""

    alias: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class FreshCode:
    """A whole code for a client without a key: twenty digits, good until `expires_at`."""

    code: str
    expires_at: datetime


class TransferState(StrEnum):
    """The life of a transfer: at once, or delayed; a delayed one may still be called back."""

    DELAYED = "DELAYED"
    SUCCEEDED = "SUCCEEDED"
    CANCELLED = "CANCELLED"
    RETURNED = "RETURNED"


@dataclass(frozen=True, slots=True)
class TransferView:
    """Money sent from one person to another, in minor units; `due_at` while it is delayed."""

    id: uuid.UUID
    number: str
    payer_id: uuid.UUID
    payee_id: uuid.UUID
    payee_name: str
    amount_minor: int
    currency: str
    note: str
    journal_id: uuid.UUID | None
    created_at: datetime
    state: TransferState
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class TransferOutcome:
    """A transfer; `changed` is False where the same key had moved the money before."""

    transfer: TransferView
    changed: bool
