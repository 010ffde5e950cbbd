"""Rules of funding: the order of sources, the lender's terms, the fund's yield. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from config.kernel.errors import Conflict, InvalidRequest, NotPermitted, Refused
from wallet.funding.values import Part, Source

# The lender's and the fund's terms, which are theirs and change with a release.
LEAST_TIER = 2
LINE_LIMIT_MINOR = 1_000_00
BILL_DAY = 1
DUE_AFTER = timedelta(days=10)
LATE_FEE_MINOR = 5_00
YIELD_BPS = 200
_YEAR_BPS = 365 * 10_000
# When a day is settled with fund and lender, by the house's clock.
SETTLE_HOUR = 3
SOURCES = (Source.SAVINGS, Source.CREDIT)


class SourcesInvalid(InvalidRequest):
    """The order names a source twice, or one that does not exist."""

    code = "funding_order_invalid"
    message = "Name SAVINGS and CREDIT at most once each; the balance always comes first."


class AmountInvalid(InvalidRequest):
    """An amount is at least 0.01."""

    code = "funding_amount_invalid"
    message = "The amount is at least 0.01."


class LineRefused(NotPermitted):
    """The lender lends to proven adults who owe nothing elsewhere here."""

    code = "credit_refused"
    message = "The lender does not open a line for this customer."


class NoLine(Conflict):
    """The customer has no pay-later line."""

    code = "credit_line_missing"
    message = "There is no pay-later line."


class RepayTooMuch(Refused):
    """More is repaid than is owed; `owed_minor` says how much that is."""

    code = "repayment_exceeds_debt"
    message = "Repay at most what is owed."


class ConsentNeeded(NotPermitted):
    """Offers are shown to those who have agreed to them, and to nobody else."""

    code = "marketing_consent_needed"
    message = "There are no offers without your consent to them."


class KeyConflict(Conflict):
    """The idempotency key was used for another amount."""

    code = "funding_key_conflict"
    message = "This key was used for another amount."


def check_order(sources: Sequence[str]) -> None:
    """Check a payer's order of sources.

    Raises:
        SourcesInvalid: a source is no source, or named twice.
    """
    if len(set(sources)) != len(sources) or set(sources) - {source.value for source in SOURCES}:
        raise SourcesInvalid(field="sources")


def check_amount(amount_minor: int) -> None:
    """Check an amount in minor units.

    Raises:
        AmountInvalid: it is not above zero.
    """
    if amount_minor <= 0:
        raise AmountInvalid(field="amount")


def parts(
    amount_minor: int, room_minor: Mapping[Source, int], order: Sequence[Source]
) -> list[Part]:
    """Divide a payment among sources in order; less than the whole where they do not suffice."""
    rest_minor, divided = amount_minor, []
    for source in order:
        part_minor = min(rest_minor, max(0, room_minor.get(source, 0)))
        if part_minor:
            divided.append(Part(source, part_minor))
            rest_minor -= part_minor
    return divided


def day_yield(balance_minor: int) -> int:
    """A day's yield on somebody's savings, rounded down to the fen."""
    return max(0, balance_minor) * YIELD_BPS // _YEAR_BPS


def pool_yield(balance_minor: int) -> int:
    """A day's yield on all savings together, rounded half up to the fen."""
    return (2 * max(0, balance_minor) * YIELD_BPS + _YEAR_BPS) // (2 * _YEAR_BPS)


def next_bill_at(now: datetime, zone: ZoneInfo) -> datetime:
    """The first moment of the next bill day."""
    local = now.astimezone(zone)
    year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)
    return datetime(year, month, BILL_DAY, tzinfo=zone)


def settles_at(day: date, zone: ZoneInfo) -> datetime:
    """When a house day is settled with fund and lender: early on the next one."""
    following = day + timedelta(days=1)
    return datetime(following.year, following.month, following.day, SETTLE_HOUR, tzinfo=zone)
