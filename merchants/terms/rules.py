"""Rules of settlement terms: fees, the day of a payout, and what terms there can be. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta

from config.kernel.errors import Conflict, InvalidRequest, NotFound
from merchants.terms.calendars import countries, working_day_after, working_day_from
from merchants.terms.values import FeeTerms, PayoutTerms, Schedule
from wallet import money

LONGEST_DELAY = 30
LONGEST_RESERVE = 365
HIGHEST_BPS = 10_000
HIGHEST_MINOR = 100_000_000_00
SCHEDULE_DAYS: Mapping[Schedule, int] = {Schedule.WEEKLY: 7, Schedule.MONTHLY: 28}
METHODS = frozenset({"", "CODE", "SCAN", "ORDER", "DEBIT"})


class TermsInvalid(InvalidRequest):
    """Terms that there cannot be; `field` and `expected` say which and why."""

    code = "settlement_terms_invalid"
    message = "These settlement terms are not possible."


class TermsBackdated(InvalidRequest):
    """Terms begin with a day that is still to come: settled days keep theirs."""

    code = "settlement_terms_backdated"
    message = "Terms begin tomorrow at the earliest."


class HoldPlaced(Conflict):
    """The merchant's payouts are on hold already."""

    code = "payout_hold_placed"
    message = "The merchant's payouts are on hold already."


class HoldNotFound(NotFound):
    """The merchant's payouts are not on hold."""

    code = "payout_hold_not_found"
    message = "The merchant's payouts are not on hold."


class AccountChangeWaiting(Conflict):
    """Another change of the bank account is still in its cooling period."""

    code = "bank_account_change_waiting"
    message = "Another change of the bank account has not taken effect yet."


class AccountChangeNotFound(NotFound):
    """No change of the bank account waits."""

    code = "bank_account_change_not_found"
    message = "No change of the bank account waits."


def payment_fee(amount_minor: int, terms: FeeTerms) -> int:
    """The fee of one payment in minor units: ROUND_HALF_UP, never more than the amount."""
    fee_minor = max(money.bps(amount_minor, terms.fee_bps) + terms.fixed_minor, terms.minimum_minor)
    if terms.maximum_minor is not None:
        fee_minor = min(fee_minor, terms.maximum_minor)
    return min(fee_minor, amount_minor)


def fee_left(*, paid_minor: int, refunded_minor: int, terms: FeeTerms) -> int:
    """What a trade costs as it stands: its fee less what refunds bring back, in minor units."""
    fee_minor = payment_fee(paid_minor, terms)
    if terms.kept_on_refund:
        return fee_minor
    return fee_minor - money.share(fee_minor, [refunded_minor, paid_minor - refunded_minor])[0]


def payout_date(
    business_date: date, terms: PayoutTerms, overrides: Mapping[date, bool]
) -> date | None:
    """The day on which a business day is paid out; None where the merchant has to ask.

    With T+0 and DAILY it is the business day itself: as soon as it is settled, working day or
    not. All other days are working days.
    """
    if terms.schedule is Schedule.ON_DEMAND:
        return None
    first = working_day_after(terms.calendar, business_date, terms.delay_days, overrides)
    if terms.schedule is Schedule.DAILY:
        return first
    weekday_or_day = terms.schedule_day or 1
    while (
        first.isoweekday() if terms.schedule is Schedule.WEEKLY else first.day
    ) != weekday_or_day:
        first += timedelta(days=1)
    return working_day_from(terms.calendar, first, overrides)


def check_payout_terms(terms: PayoutTerms) -> None:
    """Check terms before they are asked for and before they are written.

    Raises:
        TermsInvalid: naming the field.
    """
    _within("delay_days", terms.delay_days, LONGEST_DELAY)
    _within("minimum_minor", terms.minimum_minor, HIGHEST_MINOR)
    _within("reserve_bps", terms.reserve_bps, HIGHEST_BPS)
    _within("reserve_days", terms.reserve_days, LONGEST_RESERVE)
    if terms.calendar and terms.calendar not in countries():
        raise TermsInvalid(field="calendar", expected="a country's code of two letters")
    if (terms.reserve_bps > 0) != (terms.reserve_days > 0):
        raise TermsInvalid(field="reserve_days", expected="a rate and days, or neither")
    longest = SCHEDULE_DAYS.get(terms.schedule)
    if longest is None:
        if terms.schedule_day is not None:
            raise TermsInvalid(field="schedule_day", expected="none with this schedule")
    elif terms.schedule_day is None or not 1 <= terms.schedule_day <= longest:
        raise TermsInvalid(field="schedule_day", expected=f"1 to {longest}")


def check_fee_terms(method: str, terms: FeeTerms) -> None:
    """Check a fee before it is asked for and before it is written.

    Raises:
        TermsInvalid: naming the field.
    """
    if method not in METHODS:
        raise TermsInvalid(field="method", expected=", ".join(sorted(METHODS - {""})))
    _within("fee_bps", terms.fee_bps, HIGHEST_BPS)
    _within("fixed_minor", terms.fixed_minor, HIGHEST_MINOR)
    _within("minimum_minor", terms.minimum_minor, HIGHEST_MINOR)
    if terms.maximum_minor is not None and not (
        terms.minimum_minor <= terms.maximum_minor <= HIGHEST_MINOR
    ):
        raise TermsInvalid(field="maximum_minor", expected="at least the minimum")


def check_valid_from(valid_from: date, *, today: date) -> None:
    """Check that terms begin with a business day that has not begun.

    Raises:
        TermsBackdated: it has.
    """
    if valid_from <= today:
        raise TermsBackdated(field="valid_from", earliest=(today + timedelta(days=1)).isoformat())


def _within(field: str, value: int, highest: int) -> None:
    if not 0 <= value <= highest:
        raise TermsInvalid(field=field, expected=f"0 to {highest}")
