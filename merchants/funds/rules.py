"""Rules of transfers from a merchant's balance. Pure."""

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Final

from config.kernel.errors import Conflict, InvalidRequest, NotFound, Refused
from config.kernel.limits.rules import declare, judge
from config.kernel.limits.values import Limit, Period
from config.kernel.names import fits_name
from merchants.funds.values import (
    TRANSITIONS,
    Batch,
    BatchState,
    Order,
    TransferKind,
    TransferState,
)

MINIMUM_MINOR = 10
LONGEST_REFERENCE = 64
MOST_LINES = 1000
BATCH_WAITS = timedelta(days=1)
BATCH_WAITS_AT_MOST = timedelta(days=15)
RECEIPT_AFTER = timedelta(seconds=1)
_NUMBER_MIDDLE = "11007000"


class TransferConflict(Conflict):
    """The merchant's number stands for another transfer."""

    code = "transfer_conflict"
    message = "This number was used for another transfer."


class TransferUnknown(NotFound):
    """The merchant has made no such transfer."""

    code = "transfer_not_found"
    message = "There is no such transfer."


class PayeeUnknown(NotFound):
    """Nobody can be paid under that name."""

    code = "transfer_payee_unknown"
    message = "There is no such payee."


class PayeeNameDiffers(Refused):
    """The payee's name is not the one that the merchant gave."""

    code = "transfer_payee_name_differs"
    message = "The payee has another name."


class PayeeIsPayer(Refused):
    """A merchant cannot send money to itself or its owner."""

    code = "transfer_payee_is_payer"
    message = "Payer and payee are the same."


class BalanceShort(Refused):
    """The merchant's balance does not cover the amount."""

    code = "balance_insufficient"
    message = "The merchant's balance does not cover the amount."


class AmountTooSmall(InvalidRequest):
    """The amount is below the least that can be sent."""

    code = "transfer_too_small"
    message = "The least amount of a transfer is 0.10."


class AmountTooLarge(Refused):
    """The amount is above what one transfer may carry."""

    code = "transfer_too_large"
    message = "The amount is above the maximum of one transfer."


class DayLimitPassed(Refused):
    """The merchant would send more on one day than it may."""

    code = "transfer_day_limit"
    message = "The merchant's limit of the day would be passed."


class BatchUnknown(NotFound):
    """The merchant has made no such batch."""

    code = "transfer_batch_not_found"
    message = "There is no such batch."


class BatchEnded(Conflict):
    """Every line of the batch is dealt with, so nothing is left to stop."""

    code = "transfer_batch_ended"
    message = "This batch has ended."


class ReceiptUnknown(NotFound):
    """The merchant has asked for no such receipt."""

    code = "receipt_not_found"
    message = "There is no such receipt."


class ReceiptNotDue(Conflict):
    """Money that has not arrived has no receipt."""

    code = "receipt_not_due"
    message = "The transfer has not arrived."


class TransferStateForbids(Conflict):
    """The transfer does not stand where this step begins."""

    code = "invalid_state"
    message = "The transfer's state does not allow this."


SENT_DAY: Final = declare(
    Limit(
        name="funds.sent_day",
        whose="merchant",
        period=Period.DAY,
        lock="onboarding_merchant",
        refuse=lambda rest: DayLimitPassed(remaining_minor=rest),
        setting="SAOMA_TRANSFER_DAILY_MINOR",
        off_at_zero=True,
    )
)


def check_amount(amount_minor: int, *, maximum_minor: int) -> None:
    """Check what one transfer carries, in minor units.

    Raises:
        AmountTooSmall, AmountTooLarge: it is out of range.
    """
    if amount_minor < MINIMUM_MINOR:
        raise AmountTooSmall(field="amount", minimum_minor=MINIMUM_MINOR)
    if amount_minor > maximum_minor:
        raise AmountTooLarge(field="amount", maximum_minor=maximum_minor)


def check_covered(amount_minor: int, *, balance_minor: int, owed_minor: int) -> None:
    """Check that a balance covers a transfer; all in minor units.

    Args:
        amount_minor: the transfer.
        balance_minor: what the balance holds once the merchant's debt has been taken.
        owed_minor: what is left of that debt.

    Raises:
        BalanceShort: it does not, or something is still owed.
    """
    if owed_minor or amount_minor > balance_minor:
        raise BalanceShort(field="amount", available_minor=balance_minor, owed_minor=owed_minor)


def check_batch(batch: Batch, *, count: int | None, total_minor: int | None) -> None:
    """Check a batch against what the merchant says of it.

    Args:
        batch: its lines.
        count: how many it says there are; None where it does not say.
        total_minor: what it says they come to.

    Raises:
        InvalidRequest: there are none or too many, a number stands twice, or a sum differs.
    """
    if not 0 < len(batch.orders) <= MOST_LINES:
        raise InvalidRequest(field="trans_order_list", most=MOST_LINES)
    if len({order.reference for order in batch.orders}) < len(batch.orders):
        raise InvalidRequest(field="out_biz_no")
    if count is not None and count != len(batch.orders):
        raise InvalidRequest(field="total_count")
    if total_minor is not None and total_minor != batch.total_minor:
        raise InvalidRequest(field="total_trans_amount")


def check_waits(state: BatchState, expires_at: datetime | None, *, now: datetime) -> None:
    """Check that a batch can still be paid.

    Raises:
        BatchEnded: it was closed, or its time is over.
    """
    if state is not BatchState.WAITING or has_lapsed(state, expires_at, now=now):
        raise BatchEnded()


def has_lapsed(state: BatchState, expires_at: datetime | None, *, now: datetime) -> bool:
    """Whether a batch was not paid in its time."""
    return state is BatchState.WAITING and expires_at is not None and expires_at <= now


def digest(batch: Batch) -> str:
    """What makes two batches the same: all their lines, in order."""
    lines = [
        (order.reference, *map(str, content(order)), order.payee.name, order.title, order.remark)
        for order in batch.orders
    ]
    return hashlib.sha256(json.dumps(lines, ensure_ascii=False).encode()).hexdigest()


def check_day(*, sent_minor: int, amount_minor: int, limit_minor: int) -> None:
    """Check a day's sum, in minor units, read under the merchant's lock; a limit of 0 is none.

    Raises:
        DayLimitPassed: the transfer would pass it.
    """
    judge(SENT_DAY, used=sent_minor, amount=amount_minor, ceiling=limit_minor or None)


def check_name(name: str, legal_name: str) -> None:
    """Check the payee's name against the verified one; none given is not checked.

    What the payee calls itself is never asked: it may be changed to anything.

    Raises:
        PayeeNameDiffers: it is another.
    """
    if name.strip() and not fits_name(name, legal_name):
        raise PayeeNameDiffers(field="name")


def check_same(earlier: tuple[object, ...], order: tuple[object, ...]) -> None:
    """Check that a repeated number asks for the same transfer.

    Raises:
        TransferConflict: it does not.
    """
    if earlier != order:
        raise TransferConflict(field="reference")


def content(order: Order) -> tuple[object, ...]:
    """What makes two orders the same transfer."""
    payee = order.payee
    return (order.kind, order.amount_minor, payee.named_by, payee.identity)


def check_transition(state: str, to: TransferState) -> TransferState:
    """Give the next state.

    Raises:
        TransferStateForbids: the table of transitions does not lead there.
    """
    if to not in TRANSITIONS[TransferState(state)]:
        raise TransferStateForbids(state=state, wanted=to.value)
    return to


def first_state(kind: TransferKind) -> TransferState:
    """Where a transfer begins: a wallet has it at once, a card when the bank says so."""
    return TransferState.SUCCEEDED if kind is TransferKind.WALLET else TransferState.PROCESSING


def number(on: date, random_digits: str) -> str:
    """A transfer's number: 32 digits, its date first.

    Args:
        on: the merchant's day.
        random_digits: sixteen digits that nobody can guess.
    """
    return f"{on:%Y%m%d}{_NUMBER_MIDDLE}{random_digits}"
