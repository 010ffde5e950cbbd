"""Rules of agreements: which terms may be agreed, when and how much may be taken. Pure.

Amounts are whole minor units. A period's debit is due on a calendar day of the payee's
zone. Days above 28 are not agreed upon, so every month has the day.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from config.kernel.errors import Conflict, InvalidRequest, NotFound, Refused
from config.kernel.limits.rules import declare, judge
from config.kernel.limits.values import Limit, Period
from wallet.agreements.values import AgreementStatus, DeductionStatus, PeriodType, Terms, Usage

# The life of an agreement. wallet/README.md's diagram is drawn from this table.
MOVES: Mapping[AgreementStatus, frozenset[AgreementStatus]] = {
    AgreementStatus.TEMP: frozenset(
        {AgreementStatus.NORMAL, AgreementStatus.UNSIGNED, AgreementStatus.EXPIRED}
    ),
    AgreementStatus.NORMAL: frozenset(
        {AgreementStatus.SUSPENDED, AgreementStatus.UNSIGNED, AgreementStatus.EXPIRED}
    ),
    AgreementStatus.SUSPENDED: frozenset(
        {AgreementStatus.NORMAL, AgreementStatus.UNSIGNED, AgreementStatus.EXPIRED}
    ),
    AgreementStatus.UNSIGNED: frozenset(),
    AgreementStatus.EXPIRED: frozenset(),
}
LIVE: Final = frozenset({AgreementStatus.NORMAL, AgreementStatus.SUSPENDED})
OPEN: Final = frozenset({DeductionStatus.PENDING, DeductionStatus.RETRYING})

OFFER_LIFE: Final = timedelta(days=1)
SHORTEST_DAYS: Final = 7
LONGEST_DAYS: Final = 3_650
LONGEST_MONTHS: Final = 120
LAST_DAY: Final = 28
MAXIMUM_MINOR: Final = 100_000_000_00
# Debits by plan: at this hour of the due day, told of so long before (planned an hour
# earlier still, so that a late worker shortens nobody's notice), tried again so.
EXECUTED_AT: Final = time(10, 0)
NOTICE: Final = timedelta(hours=24)
LEAD: Final = timedelta(hours=1)
RETRIES: Final = (timedelta(days=1), timedelta(days=3), timedelta(days=7))


class AgreementUnknown(NotFound):
    """There is no such agreement, or it is somebody else's."""

    code = "agreement_not_found"
    message = "There is no such agreement."


class AgreementAmbiguous(InvalidRequest):
    """Several agreements in force fit what is named; only a number tells them apart."""

    code = "agreement_ambiguous"
    message = "Several agreements in force fit; name its number."


class TermsInvalid(InvalidRequest):
    """The terms are not ones that may be agreed; `field` names the wrong one."""

    code = "terms_invalid"
    message = "These terms cannot be agreed."


class AgreementConflict(Conflict):
    """The payee's number stands for an agreement of other content."""

    code = "agreement_conflict"
    message = "This agreement number has been used for other terms."


class AgreementSigned(Conflict):
    """The agreement is in force already, or one of the same kind is."""

    code = "agreement_signed"
    message = "There is an agreement in force already."


class AgreementTaken(Conflict):
    """Another payer has signed it."""

    code = "agreement_taken"
    message = "Somebody else has signed this agreement."


class AgreementEnded(Conflict):
    """The agreement has been unsigned or has run out."""

    code = "agreement_ended"
    message = "This agreement has ended."


class AgreementNotInForce(Conflict):
    """The agreement is not signed yet, or suspended; `status` says which."""

    code = "agreement_not_in_force"
    message = "This agreement is not in force."


class ChallengeMismatch(Conflict):
    """What is consented to is not what the agreement says now."""

    code = "challenge_mismatch"
    message = "The terms are not the ones that were shown; read them again."


class DateNotMatched(Refused):
    """No debit is due yet; `next_on` is the day of the next."""

    code = "debit_not_due"
    message = "The next debit is not due yet."


class SingleExceeded(Refused):
    """The debit is above what one debit may take."""

    code = "single_limit_exceeded"
    message = "This debit is above the agreed limit of one debit."


class TotalExceeded(Refused):
    """All debits together would be above the agreed total; `remaining_minor` is left."""

    code = "total_limit_exceeded"
    message = "This debit goes past the agreed total."


class PaymentsExceeded(Refused):
    """As many debits as agreed have been taken."""

    code = "payments_limit_exceeded"
    message = "As many debits as agreed have been taken."


class NoPeriod(Refused):
    """The agreement has no period, so there is no day to move."""

    code = "agreement_without_period"
    message = "This agreement has no dates to move."


class PostponeInvalid(InvalidRequest):
    """The new day lies before the present one, is a 29th to 31st, or comes too late."""

    code = "postpone_invalid"
    message = "A debit can only be moved to a later day of 1 to 28 that the agreement covers."


AGREEMENT_ROW: Final = "agreements_agreement"
# The ceilings are the agreement's own terms.
SINGLE: Final = declare(
    Limit(
        name="agreements.single",
        whose="debit",
        period=Period.EACH,
        lock=AGREEMENT_ROW,
        refuse=lambda rest: SingleExceeded(field="amount", limit_minor=rest),
    )
)
TOTAL: Final = declare(
    Limit(
        name="agreements.total",
        whose="agreement",
        period=Period.LIFE,
        lock=AGREEMENT_ROW,
        refuse=lambda rest: TotalExceeded(field="amount", remaining_minor=rest),
        counter="debited_minor",
    )
)
PAYMENTS: Final = declare(
    Limit(
        name="agreements.payments",
        whose="agreement",
        period=Period.LIFE,
        lock=AGREEMENT_ROW,
        refuse=lambda rest, **facts: PaymentsExceeded(**facts),
        counter="debits",
    )
)


def check_move(present: AgreementStatus, target: AgreementStatus) -> None:
    """Check that a status may follow another.

    Raises:
        AgreementEnded: it has ended.
        AgreementNotInForce: it is not where the target can be reached from.
    """
    if target in MOVES[present]:
        return
    if not MOVES[present]:
        raise AgreementEnded(status=present.value)
    raise AgreementNotInForce(status=present.value)


def check_terms(terms: Terms, *, at: datetime) -> None:
    """Check that terms may be agreed.

    Raises:
        TermsInvalid: `field` names the first wrong one.
    """
    for name in ("single_minor", "total_minor", "total_payments"):
        cap = getattr(terms, name)
        if cap is not None and not 1 <= cap <= MAXIMUM_MINOR:
            raise TermsInvalid(field=name)
    if terms.valid_until is not None and terms.valid_until <= at:
        raise TermsInvalid(field="valid_until")
    if terms.period_type is None:
        if terms.period is not None or terms.first_on is not None:
            raise TermsInvalid(field="period_type")
        return
    _check_period(terms)


def _check_period(terms: Terms) -> None:
    days = terms.period_type is PeriodType.DAY
    shortest, longest = (SHORTEST_DAYS, LONGEST_DAYS) if days else (1, LONGEST_MONTHS)
    if terms.period is None or not shortest <= terms.period <= longest:
        raise TermsInvalid(field="period")
    if terms.first_on is None or (not days and terms.first_on.day > LAST_DAY):
        raise TermsInvalid(field="first_on")
    if terms.single_minor is None:
        raise TermsInvalid(field="single_minor")


def challenge(
    *, number: str, payee_name: str, external_no: str, currency: str, terms: Terms
) -> str:
    """Give the digest of all that the payer is shown; consent to it is consent to that."""
    facts = {
        "number": number,
        "payee": payee_name,
        "external_no": external_no,
        "currency": currency,
        **terms_text(terms),
    }
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def terms_text(terms: Terms) -> dict[str, object]:
    """Write terms as JSON values, for digests and records."""
    return {
        "period_type": None if terms.period_type is None else terms.period_type.value,
        "period": terms.period,
        "first_on": None if terms.first_on is None else terms.first_on.isoformat(),
        "single_minor": terms.single_minor,
        "total_minor": terms.total_minor,
        "total_payments": terms.total_payments,
        "valid_until": None if terms.valid_until is None else terms.valid_until.isoformat(),
    }


def comparable(terms: Terms) -> tuple[object, ...]:
    """What must be equal for two offers to be the same.

    An end is left out: a payee who says "two months" says another moment each time.
    """
    return (
        terms.period_type,
        terms.period,
        terms.first_on,
        terms.single_minor,
        terms.total_minor,
        terms.total_payments,
    )


def following(terms: Terms, on: date) -> date:
    """The due day one period after another.

    Raises:
        NoPeriod: the terms have none.
    """
    if terms.period_type is None or terms.period is None:
        raise NoPeriod()
    if terms.period_type is PeriodType.DAY:
        return on + timedelta(days=terms.period)
    years, month = divmod(on.month - 1 + terms.period, 12)
    return on.replace(year=on.year + years, month=month + 1)


def due_day(terms: Terms, next_on: date, *, today: date) -> date:
    """The period that a debit of today belongs to: the latest that has come.

    Periods in which nothing was taken are gone: they do not add up.

    Raises:
        DateNotMatched: the next one has not come.
    """
    if today < next_on:
        raise DateNotMatched(next_on=next_on.isoformat())
    due = next_on
    while (after := following(terms, due)) <= today:
        due = after
    return due


def check_status(status: AgreementStatus) -> None:
    """Check that debits may be taken at all.

    Raises:
        AgreementEnded, AgreementNotInForce: they may not.
    """
    if status is AgreementStatus.NORMAL:
        return
    if not MOVES[status]:
        raise AgreementEnded(status=status.value)
    raise AgreementNotInForce(status=status.value)


def check_caps(terms: Terms, usage: Usage, *, amount_minor: int) -> None:
    """Check a debit against what has been agreed and taken.

    Raises:
        SingleExceeded, TotalExceeded, PaymentsExceeded: a cap is passed.
    """
    judge(SINGLE, used=0, amount=amount_minor, ceiling=terms.single_minor)
    most = terms.total_payments
    judge(PAYMENTS, used=usage.debits, amount=1, ceiling=most, limit=most)
    judge(TOTAL, used=usage.debited_minor, amount=amount_minor, ceiling=terms.total_minor)


def check_debit(terms: Terms, usage: Usage, *, amount_minor: int, today: date) -> date | None:
    """Check a debit of today; gives the due day of its period, None without periods.

    Raises:
        SingleExceeded, TotalExceeded, PaymentsExceeded, DateNotMatched: it may not be taken.
    """
    check_caps(terms, usage, amount_minor=amount_minor)
    return None if usage.next_on is None else due_day(terms, usage.next_on, today=today)


def check_narrower(current: Terms, usage: Usage, proposed: Terms) -> None:
    """Check that terms take nothing that was not agreed to, and cover what has been taken.

    A cap that was agreed to stays in force where none is wanted in its place: it must be named.

    Raises:
        TermsInvalid: `field` names the first that is wider.
    """
    for name in ("single_minor", "total_minor", "total_payments"):
        agreed, limits = getattr(current, name), getattr(proposed, name)
        if agreed is not None and (limits is None or limits > agreed):
            raise TermsInvalid(field=name)
    usage_by_cap = {"total_minor": usage.debited_minor, "total_payments": usage.debits}
    for name, used in usage_by_cap.items():
        limits = getattr(proposed, name)
        if limits is not None and limits < used:
            raise TermsInvalid(field=name)


def check_postpone(terms: Terms, next_on: date | None, *, to: date, last: date | None) -> bool:
    """Check that the next debit may move to a day; False if it is there already.

    Args:
        terms: of the agreement.
        next_on: where the next debit stands.
        to: where it is to go.
        last: the last day the agreement covers; None for no end.

    Raises:
        NoPeriod: there is nothing to move.
        PostponeInvalid: earlier, on a 29th to 31st, or past the agreement's end.
    """
    if next_on is None:
        raise NoPeriod()
    if to == next_on:
        return False
    monthly_gap = terms.period_type is PeriodType.MONTH and to.day > LAST_DAY
    if to < next_on or monthly_gap or (last is not None and to > last):
        raise PostponeInvalid(field="to", next_on=next_on.isoformat())
    return True


def execution_at(on: date, zone: str) -> datetime:
    """The moment at which a plan's debit of a day is made."""
    return datetime.combine(on, EXECUTED_AT, tzinfo=ZoneInfo(zone))


def notice_at(on: date, zone: str) -> datetime:
    """The moment at which the payer is told of a plan's debit of a day."""
    return execution_at(on, zone) - NOTICE - LEAD


def retry_at(first_due_at: datetime, attempts: int) -> datetime | None:
    """When a failed debit is tried again after so many attempts; None after the last."""
    return first_due_at + RETRIES[attempts - 1] if attempts <= len(RETRIES) else None


def agreement_number(agreement_int: int, *, on: date) -> str:
    """Make the 20-digit number people read out: date and twelve digits of the id."""
    return f"{on:%Y%m%d}{agreement_int % 10**12:012d}"
