"""Rules of payments: what may follow what, how much, and what a repeated request means.

Pure: no database, no clock, no settings. Amounts are whole minor units (fen for CNY).
"""

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from config.kernel import texts
from config.kernel.errors import (
    Conflict,
    Gone,
    InvalidRequest,
    NotFound,
    NotPermitted,
    RateLimited,
    Refused,
)
from config.kernel.limits.rules import declare
from config.kernel.limits.values import Limit, Period
from wallet import business_days
from wallet.accounts.rules import USAGE_ROW
from wallet.payments.values import CURRENCY, Order, PaymentStatus, PayRequest, PresentedKind

# The life of a payment. ARCHITECTURE.md's diagram is drawn from this table.
MOVES: Mapping[PaymentStatus, frozenset[PaymentStatus]] = {
    PaymentStatus.PENDING: frozenset({PaymentStatus.PAID, PaymentStatus.CLOSED}),
    PaymentStatus.PAID: frozenset({PaymentStatus.CLOSED, PaymentStatus.FINISHED}),
    PaymentStatus.CLOSED: frozenset(),
    PaymentStatus.FINISHED: frozenset(),
}

MINIMUM_MINOR = 1
MAXIMUM_MINOR = 100_000_000_00
REFERENCE_MAXIMUM = 64
DESCRIPTION_MAXIMUM = 256
PAYEE_NAME_MAXIMUM = 128
NARRATIVE_MAXIMUM = 200
ALIAS_BATCH = 10
CODE_STRIKES = 3
COOL_DOWN_TRIES = 10
COOL_DOWN = timedelta(seconds=60)


class PaymentUnknown(NotFound):
    """There is no such payment, or it is somebody else's."""

    code = "payment_not_found"
    message = "There is no such payment."


class TransferUnknown(NotFound):
    """There is no such transfer, or it is somebody else's."""

    code = "transfer_not_found"
    message = "There is no such transfer."


class PayeeUnknown(NotFound):
    """Nobody with that phone number can be paid."""

    code = "payee_not_found"
    message = "No wallet account goes by that phone number."


class AmountOutOfRange(InvalidRequest):
    """The amount is below one minor unit or above the largest payment."""

    code = "amount_out_of_range"
    message = "The amount must lie between 0.01 and 100000000.00."


class CurrencyUnsupported(InvalidRequest):
    """The wallet holds no such currency."""

    code = "currency_unsupported"
    message = "Payments are made in CNY."


class ReferenceInvalid(InvalidRequest):
    """The payee's order number is empty or too long."""

    code = "reference_invalid"
    message = "An order number has 1 to 64 characters."


class TextInvalid(InvalidRequest):
    """A text is too long, or holds what cannot be stored or shown."""

    code = "text_invalid"
    message = "This text is too long or holds characters that cannot be shown."


class CodeInvalid(Refused):
    """The code is unknown, burned, or its password is wrong: one answer for all."""

    code = "code_invalid"
    message = "This payment code is not valid; ask the payer for a new one."


class CodeExpired(Gone):
    """The code was right a moment ago."""

    code = "code_expired"
    message = "This payment code is too old; ask the payer for a new one."


class CodeUsed(Refused):
    """The code has been spent on another order."""

    code = "code_used"
    message = "This payment code has been used; ask the payer for a new one."


class PayeeCoolingDown(RateLimited):
    """The payee has sent too many bad codes in a minute."""

    code = "payee_cooling_down"
    message = "Too many bad payment codes; wait a minute."


class PayeeIsPayer(Refused):
    """Nobody can pay themselves."""

    code = "payee_is_payer"
    message = "Payer and payee are the same."


class LimitExceeded(Refused):
    """A daily limit of this way of paying is used up; `remaining_minor` is left."""

    code = "limit_exceeded"
    message = "This payment goes past a daily limit."


class PinRequired(Refused):
    """The payer must confirm with the payment PIN."""

    code = "pin_required"
    message = "Confirm this payment with your payment PIN."


class PaymentConflict(Conflict):
    """The order number belongs to a payment of other content; `status` says how it stands."""

    code = "payment_conflict"
    message = "This order number has been used for another payment."


class PaymentAlreadyPaid(Conflict):
    """The order has been paid, with another code or by another call."""

    code = "payment_already_paid"
    message = "This order has been paid."


class PaymentContested(Conflict):
    """Its payer says that it is not owed; until that is decided it cannot be paid."""

    code = "payment_contested"
    message = "This payment is contested. Wait for the decision, or take it back."


class PaymentClosed(Conflict):
    """The payment has been closed."""

    code = "payment_closed"
    message = "This payment is closed."


class PaymentFinished(Conflict):
    """The time for refunds is over."""

    code = "payment_finished"
    message = "This payment is finished; it cannot be refunded any more."


class PaymentNotPaid(Conflict):
    """What is asked for needs a paid payment."""

    code = "payment_not_paid"
    message = "This payment has not been paid."


class PayerMismatch(Conflict):
    """The order is for another payer."""

    code = "payer_mismatch"
    message = "This payment is another payer's."


class CancelNotAllowed(Conflict):
    """Part of the payment has been refunded: refund the rest instead."""

    code = "cancel_not_allowed"
    message = "A payment that has been refunded in part cannot be cancelled."


class RefundExceedsPaid(Refused):
    """More would go back than came; `remaining_minor` can still be refunded."""

    code = "refund_exceeds_paid"
    message = "The refunds would exceed what was paid."


class RefundConflict(Conflict):
    """The refund request number has been used for another amount."""

    code = "refund_conflict"
    message = "This refund request number has been used for another amount."


class PayeeFundsShort(Refused):
    """The payee's accounts do not cover the refund."""

    code = "payee_insufficient_funds"
    message = "The payee's balance does not cover this refund."


class TransferConflict(Conflict):
    """The transfer's key has been used for other content."""

    code = "transfer_conflict"
    message = "This key has been used for another transfer."


class DeviceNotOwned(NotPermitted):
    """The device is unknown, revoked or another user's."""

    code = "device_not_permitted"
    message = "This device cannot make payment codes."


def _pin_required(rest_minor: int, **facts: object) -> PinRequired:
    return PinRequired(field="pin")


def _limit_exceeded(rest_minor: int, presented: PresentedKind) -> LimitExceeded:
    return LimitExceeded(field="amount", remaining_minor=rest_minor, presented=presented.value)


# The limits of a payer's day (PBoC Yinfa [2017] 296), one sum a person.
NO_PIN_DAY: Final = declare(
    Limit(
        name="payments.no_pin_day",
        whose="person",
        period=Period.DAY,
        lock=USAGE_ROW,
        refuse=_pin_required,
        setting="SAOMA_DAILY_NO_PIN_MINOR",
        off_at_zero=True,
        counter="day_no_pin_minor",
    )
)
OFFLINE_DAY: Final = declare(
    Limit(
        name="payments.offline_day",
        whose="person",
        period=Period.DAY,
        lock=USAGE_ROW,
        refuse=_pin_required,
        setting="SAOMA_OFFLINE_DAILY_MINOR",
        off_at_zero=True,
        counter="day_offline_minor",
    )
)
PIN_DAY: Final = declare(
    Limit(
        name="payments.pin_day",
        whose="person",
        period=Period.DAY,
        lock=USAGE_ROW,
        refuse=partial(_limit_exceeded, presented=PresentedKind.DYNAMIC),
        setting="SAOMA_DAILY_PIN_MINOR",
        off_at_zero=True,
        counter="day_pin_minor",
    )
)
STATIC_DAY: Final = declare(
    Limit(
        name="payments.static_day",
        whose="person",
        period=Period.DAY,
        lock=USAGE_ROW,
        refuse=partial(_limit_exceeded, presented=PresentedKind.STATIC),
        setting="SAOMA_STATIC_DAILY_MINOR",
        off_at_zero=True,
        counter="day_static_minor",
    )
)
NO_PIN_EACH: Final = declare(
    Limit(
        name="payments.no_pin_each",
        whose="payment",
        period=Period.EACH,
        lock="",
        refuse=_pin_required,
        setting="SAOMA_NO_PIN_LIMIT_MINOR",
    )
)
OFFLINE_EACH: Final = declare(
    Limit(
        name="payments.offline_each",
        whose="payment",
        period=Period.EACH,
        lock="",
        refuse=_pin_required,
        setting="SAOMA_OFFLINE_LIMIT_MINOR",
    )
)
BAD_CODES: Final = declare(
    Limit(
        name="payments.bad_codes",
        whose="payee",
        period=Period.WINDOW,
        lock="payments_badcodecount",
        refuse=lambda rest, **facts: PayeeCoolingDown(**facts),
        ceiling=COOL_DOWN_TRIES,
        counter="count",
        window=COOL_DOWN,
    )
)


@dataclass(frozen=True, slots=True)
class PayerAuth:
    """How the payer agreed: with the PIN or without, by a device out of touch or not.

    `agreed`: beforehand, by an agreement or a freeze that was judged then; the limits of
    the day do not apply again.
    """

    with_pin: bool
    offline: bool = False
    agreed: bool = False


def day_limits(auth: PayerAuth, presented: PresentedKind) -> tuple[Limit, ...]:
    """The limits of the day that a way of paying counts against."""
    if auth.agreed:
        return ()
    printed = (STATIC_DAY,) if presented is PresentedKind.STATIC else ()
    if auth.with_pin:
        return (*printed, PIN_DAY)
    return (*printed, NO_PIN_DAY, OFFLINE_DAY) if auth.offline else (*printed, NO_PIN_DAY)


def check_uncontested(contested_at: datetime | None) -> None:
    """Check that nobody waits for a decision about an unpaid payment.

    Raises:
        PaymentContested: its payer does.
    """
    if contested_at is not None:
        raise PaymentContested()


def check_move(present: PaymentStatus, target: PaymentStatus) -> None:
    """Check that a status may follow another.

    Raises:
        PaymentClosed, PaymentFinished, PaymentAlreadyPaid: the present status stands
            against it.
        PaymentNotPaid: an unpaid payment cannot be finished.
    """
    if target in MOVES[present]:
        return
    refusals = {
        PaymentStatus.CLOSED: PaymentClosed,
        PaymentStatus.FINISHED: PaymentFinished,
        PaymentStatus.PAID: PaymentAlreadyPaid,
        PaymentStatus.PENDING: PaymentNotPaid,
    }
    raise refusals[present](status=present.value)


def check_order(*, reference: str, amount_minor: int, currency: str, description: str = "") -> None:
    """Check what every payment needs.

    Raises:
        AmountOutOfRange, CurrencyUnsupported, ReferenceInvalid, TextInvalid: named by the
            field.
    """
    if not MINIMUM_MINOR <= amount_minor <= MAXIMUM_MINOR:
        raise AmountOutOfRange(field="amount")
    if currency != CURRENCY:
        raise CurrencyUnsupported(field="currency")
    if not 1 <= len(reference) <= REFERENCE_MAXIMUM or not _is_storable(reference):
        raise ReferenceInvalid(field="reference")
    check_text(description, field="description", longest=DESCRIPTION_MAXIMUM)


def check_request(request: PayRequest) -> None:
    """Check what a payee asks for; see `check_order`."""
    check_order(
        reference=request.reference,
        amount_minor=request.amount_minor,
        currency=request.currency,
        description=request.description,
    )


def check_text(text: str, *, field: str, longest: int, lines: bool = True) -> None:
    """Check that a text can be stored and shown as it is.

    Raises:
        TextInvalid: it is longer than `longest`, or has a fault (`config.kernel.texts`).
    """
    if len(text) > longest or texts.fault(text, lines=lines) is not None:
        raise TextInvalid(field=field)


def _is_storable(text: str) -> bool:
    if text.isascii():
        return "\0" not in text
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


def details_text(details: Mapping[str, object]) -> str:
    """Write a payee's extras as JSON text.

    Raises:
        TextInvalid: a text in them holds NUL or half a surrogate pair.
    """
    if not details:
        return "{}"
    text = _encode(details)
    if _NUL.search(text) or not _is_storable(text):
        raise TextInvalid(field="details")
    return text


def check_same_order(earlier: Order, order: Order, *, status: PaymentStatus) -> None:
    """Check that a repeated order number asks for the same thing.

    Raises:
        PaymentConflict: payee's account, amount, currency or description differ.
    """
    if earlier != order:
        raise PaymentConflict(field="reference", status=status.value)


def check_refund(*, amount_minor: int, paid_minor: int, refunded_minor: int) -> None:
    """Check that a refund stays within what was paid.

    Raises:
        AmountOutOfRange: it is below one minor unit.
        RefundExceedsPaid: with earlier refunds it is more than was paid.
    """
    if amount_minor < MINIMUM_MINOR:
        raise AmountOutOfRange(field="amount")
    if refunded_minor + amount_minor > paid_minor:
        raise RefundExceedsPaid(field="amount", remaining_minor=paid_minor - refunded_minor)


def is_offline(*, last_seen_at: datetime | None, at: datetime, offline_after: timedelta) -> bool:
    """Whether a device has not been heard of for so long that its codes count as offline."""
    return last_seen_at is None or at - last_seen_at > offline_after


def business_date(at: datetime, zone: str, cutoff_hour: int = 0) -> date:
    """The payee's day that a moment counts for (IANA zone name, local hour of its cut-off)."""
    return business_days.business_date(at, zone=zone, cutoff_hour=cutoff_hour)


def payment_number(payment_id: uuid.UUID, *, on: date, unit: int) -> str:
    """Make the 28-digit number people read out: date, 22, unit, sixteen digits of the id."""
    return f"{on:%Y%m%d}22{unit:02d}{payment_id.int % 10**16:016d}"


def split_refund(amount_minor: int, available_minor: list[int]) -> list[int]:
    """Take a refund from accounts in order; the last one is asked for all that is left.

    Args:
        amount_minor: at least 1.
        available_minor: what each account but the last holds; negatives count as nothing.
    """
    shares = []
    rest_minor = amount_minor
    for held_minor in available_minor:
        share = min(max(held_minor, 0), rest_minor)
        shares.append(share)
        rest_minor -= share
    return [*shares, rest_minor]


# NUL as JSON writes it: backslashes before it that stand for themselves come in pairs.
_NUL = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
# Made once: json.dumps makes a new encoder for each call with arguments of its own.
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
