"""Rules of authorisations: the split, the trust figure, what may follow what. Pure.

Amounts are whole minor units. Trust is made of nothing but how somebody has kept their
word in this wallet: no health, no place, no friends can be named here.
"""

import uuid
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from config.kernel.errors import Conflict, Gone, InvalidRequest, NotFound, Refused
from config.kernel.limits.rules import declare, rest
from config.kernel.limits.values import Limit, Period
from wallet.accounts.rules import USAGE_ROW
from wallet.authorisations.values import (
    AuthorisationStatus,
    Factor,
    OperationKind,
    Record,
    Split,
    Trust,
    TrustConsent,
)

PAY_LIFE: Final = timedelta(minutes=15)
PAY_SHORTEST: Final = timedelta(minutes=1)
PAY_LONGEST: Final = timedelta(days=15)
GRACE: Final = timedelta(days=3)
DUNNING_EVERY: Final = timedelta(days=1)
LATE_FOR: Final = timedelta(days=730)

# Request numbers of the releases that we make ourselves; a payee's own hold no colon.
COMPLETE: Final = "complete:"
CANCEL: Final = "cancel:"
EXPIRY: Final = "expiry:"

TRUST_START: Final = 540
TRUST_LOWEST: Final = 350
TRUST_HIGHEST: Final = 850
WAIVER_TRUST: Final = 600
PAID_POINTS, PAID_COUNTED = 5, 20
KEPT_POINTS, KEPT_COUNTED = 20, 10
LATE_POINTS = -60
OPEN_POINTS = -100

# What goes beyond it is set aside instead of refused.
WAIVER: Final = declare(
    Limit(
        name="authorisations.waiver",
        whose="person",
        period=Period.STANDING,
        lock=USAGE_ROW,
        refuse=None,
        setting="SAOMA_WAIVER_LIMIT_MINOR",
    )
)

_KIND_DIGITS: Final[Mapping[OperationKind, str]] = {
    OperationKind.FREEZE: "31",
    OperationKind.UNFREEZE: "32",
    OperationKind.PAY: "33",
}


class AuthorisationUnknown(NotFound):
    """There is no such authorisation, or it is somebody else's."""

    code = "authorisation_not_found"
    message = "There is no such authorisation."


class OperationUnknown(NotFound):
    """The authorisation has no such operation."""

    code = "operation_not_found"
    message = "The authorisation has no such operation."


class AuthorisationConflict(Conflict):
    """The number belongs to an authorisation or operation of other content."""

    code = "authorisation_conflict"
    message = "This number has been used for something else."


class AuthorisationNotGiven(Conflict):
    """The payer has not agreed yet."""

    code = "authorisation_not_given"
    message = "The payer has not agreed to this authorisation."


class AuthorisationFinished(Conflict):
    """All of it has been captured or given back."""

    code = "authorisation_finished"
    message = "This authorisation is finished."


class AuthorisationClosed(Conflict):
    """It was cancelled, given back, or its time is over."""

    code = "authorisation_closed"
    message = "This authorisation is closed."


class AuthorisationExpired(Gone):
    """The payer did not agree in time."""

    code = "authorisation_expired"
    message = "The time to agree to this authorisation is over."


class AuthorisationExceeded(Refused):
    """More is asked than is left; `remaining_minor` is left."""

    code = "authorisation_exceeded"
    message = "This is more than the authorisation has left."


class HoldSpent(Conflict):
    """Part of the freeze has been captured: release the rest instead."""

    code = "freeze_spent"
    message = "A freeze that has been captured from cannot be cancelled."


class PayerDiffers(Conflict):
    """Another payer has this authorisation."""

    code = "payer_differs"
    message = "This authorisation is another payer's."


class ProductMismatch(Conflict):
    """It was authorised as another product than it is captured as."""

    code = "product_mismatch"
    message = "The authorisation was made as another product."


class PayTimeInvalid(InvalidRequest):
    """The time to agree is not between one minute and fifteen days."""

    code = "pay_time_invalid"
    message = "The payer has between one minute and fifteen days to agree."


class ArrearsUnknown(NotFound):
    """There are no such arrears, or they are somebody else's."""

    code = "arrears_not_found"
    message = "There are no such arrears."


class ArrearsNotLate(Conflict):
    """The arrears cost no points for lateness: there is no mark to dispute."""

    code = "arrears_not_late"
    message = "Only arrears that are marked late can be disputed."


class TrustDisputeTaken(Conflict):
    """The mark was disputed before, with other grounds."""

    code = "trust_dispute_taken"
    message = "This mark has been disputed before."


class TrustDisputeUnknown(NotFound):
    """There is no such dispute."""

    code = "trust_dispute_not_found"
    message = "There is no such dispute."


class TrustDisputeDecided(Conflict):
    """Two operators have decided it the other way; that stays."""

    code = "trust_dispute_decided"
    message = "This dispute has been decided."


def dispute_target(dispute_id: uuid.UUID) -> str:
    """A dispute of trust as approvals and the audit log name it."""
    return f"trust_dispute:{dispute_id}"


def check_disputable(*, late: bool) -> None:
    """Check that arrears cost points for being late: what is not marked cannot be disputed.

    Raises:
        ArrearsNotLate: they do not.
    """
    if not late:
        raise ArrearsNotLate(field="arrears_id")


def trust(record: Record, consent: TrustConsent = TrustConsent.GIVEN) -> Trust:
    """Add up a payment-trust figure, every part of it shown.

    Everybody starts at 540. Each of the first 20 payments is worth 5 points, each of the
    first 10 authorisations kept 20; arrears that outlived their grace cost 60 for two
    years, arrears still open 100 each and the waiver with it. Without consent there is no
    waiver, whatever the figure.
    """
    paid, promises = min(record.paid, PAID_COUNTED), min(record.kept, KEPT_COUNTED)
    factors = (
        Factor("start", 1, TRUST_START),
        Factor("payments", paid, PAID_POINTS * paid),
        Factor("authorisations_kept", promises, KEPT_POINTS * promises),
        Factor("arrears_late", record.late, LATE_POINTS * record.late),
        Factor("arrears_open", record.open, OPEN_POINTS * record.open),
    )
    sum_ = sum(factor.points for factor in factors)
    points = min(max(sum_, TRUST_LOWEST), TRUST_HIGHEST)
    earned = points >= WAIVER_TRUST and record.open == 0
    return Trust(points, factors, earned and consent is TrustConsent.GIVEN, consent)


def hold_split(
    amount_minor: int, *, waiver_asked: bool, trust: Trust, exposure_minor: int, limit_minor: int
) -> Split:
    """Split a hold into what is reserved and what is guaranteed.

    Without trust, or with arrears, all of it is reserved: never an error. We guarantee
    one person up to a limit at a time; what goes beyond it is set aside.

    Args:
        amount_minor: what the payee wants to be sure of.
        waiver_asked: whether the payee asked for a waiver.
        trust: the payer's figure.
        exposure_minor: what is guaranteed for them already.
        limit_minor: what is guaranteed for one person at most.
    """
    if not waiver_asked or not trust.may_waive:
        return Split(amount_minor, 0)
    waived = min(amount_minor, rest(used=exposure_minor, ceiling=limit_minor) or 0)
    return Split(amount_minor - waived, waived)


def take(amount_minor: int, *, held_minor: int, waived_minor: int) -> Split:
    """Take an amount from what is left, money set aside first.

    Captures and releases alike: a payer's own money is used, or given back, before our
    word is.

    Raises:
        AuthorisationExceeded: there is less left.
    """
    if amount_minor > held_minor + waived_minor:
        raise AuthorisationExceeded(field="amount", remaining_minor=held_minor + waived_minor)
    funds = min(amount_minor, held_minor)
    return Split(funds, amount_minor - funds)


def check_open(status: AuthorisationStatus) -> None:
    """Check that something may be captured or given back.

    Raises:
        AuthorisationNotGiven, AuthorisationFinished, AuthorisationClosed: it may not.
    """
    if status is AuthorisationStatus.INIT:
        raise AuthorisationNotGiven()
    check_not_ended(status)


def check_not_ended(status: AuthorisationStatus) -> None:
    """Check that an authorisation has not come to an end.

    Raises:
        AuthorisationFinished, AuthorisationClosed: it has.
    """
    if status is AuthorisationStatus.FINISHED:
        raise AuthorisationFinished()
    if status is AuthorisationStatus.CLOSED:
        raise AuthorisationClosed()


def check_pay_time(span: timedelta) -> None:
    """Check how long the payer has to agree.

    Raises:
        PayTimeInvalid: under a minute or over fifteen days.
    """
    if not PAY_SHORTEST <= span <= PAY_LONGEST:
        raise PayTimeInvalid(field="pay_timeout")


def authorisation_number(low: int, *, on: date, unit: int) -> str:
    """Make the 28-digit number of an authorisation: date, 30, unit, sixteen digits."""
    return f"{on:%Y%m%d}30{unit:02d}{low % 10**16:016d}"


def operation_number(low: int, *, on: date, unit: int, kind: OperationKind) -> str:
    """Make the 28-digit number of an operation: date, kind, unit, sixteen digits."""
    return f"{on:%Y%m%d}{_KIND_DIGITS[kind]}{unit:02d}{low % 10**16:016d}"
