"""Words of funds. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class TransferKind(StrEnum):
    """Where a transfer goes: into a wallet (or another merchant's balance), or to a card."""

    WALLET = "WALLET"
    BANK_CARD = "BANK_CARD"


class PayeeNamedBy(StrEnum):
    """What the payee is named by."""

    NUMBER = "NUMBER"
    LOGIN = "LOGIN"
    CARD = "CARD"


class TransferState(StrEnum):
    """Where a transfer stands.

    One to a wallet is SUCCEEDED as soon as it is made. One to a card is PROCESSING until
    the bank has spoken; FAILED never reached the card, RETURNED did and came back.
    """

    PROCESSING = "PROCESSING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    RETURNED = "RETURNED"


TRANSITIONS: Mapping[TransferState, frozenset[TransferState]] = {
    TransferState.PROCESSING: frozenset({TransferState.SUCCEEDED, TransferState.FAILED}),
    TransferState.SUCCEEDED: frozenset({TransferState.RETURNED}),
    TransferState.FAILED: frozenset(),
    TransferState.RETURNED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Payee:
    """Whom a transfer is for, as the merchant named them.

    `identity` is a 16-digit number, a login or a card number; `name` is checked where it
    is given; `bank` is the card's.
    """

    named_by: PayeeNamedBy
    identity: str
    name: str = ""
    bank: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What a merchant asks to be sent; `reference` is its own number, unique for ever.

    `amount_minor` is in minor units of the merchant's currency. `product` and `scene` are
    the merchant's own words for what it uses, kept unread.
    """

    reference: str
    kind: TransferKind
    payee: Payee
    amount_minor: int
    title: str = ""
    remark: str = ""
    app_number: str = ""
    product: str = ""
    scene: str = ""
    origin: str = ""


class BatchState(StrEnum):
    """Where a batch of transfers stands: to be paid by the merchant's owner, being sent, all
    dealt with, or stopped before.
    """

    WAITING = "WAITING"
    SENDING = "SENDING"
    DONE = "DONE"
    CLOSED = "CLOSED"


class LineState(StrEnum):
    """Where one line of a batch stands; a card's line is SENT and its transfer tells more."""

    WAITING = "WAITING"
    SENT = "SENT"
    FAILED = "FAILED"
    CLOSED = "CLOSED"


@dataclass(frozen=True, slots=True)
class Batch:
    """Many transfers asked for at once, under one number of the merchant's."""

    reference: str
    orders: tuple[Order, ...]
    total_minor: int
    title: str = ""
    app_number: str = ""
    product: str = ""
    scene: str = ""
    origin: str = ""
