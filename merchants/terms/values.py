"""Words of settlement terms. Pure."""

from dataclasses import dataclass
from enum import StrEnum


class Schedule(StrEnum):
    """When what is settled is paid out."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"  # on one day of the week
    MONTHLY = "MONTHLY"  # on one day of the month
    ON_DEMAND = "ON_DEMAND"  # when the merchant asks


@dataclass(frozen=True, slots=True)
class FeeTerms:
    """What a merchant pays for one payment, in minor units beside the rate.

    The rate in basis points and the fixed part together, at least the minimum and at most the
    maximum. `kept_on_refund`: a refund brings nothing of it back.
    """

    fee_bps: int
    minimum_minor: int = 0
    maximum_minor: int | None = None
    fixed_minor: int = 0
    kept_on_refund: bool = False


@dataclass(frozen=True, slots=True)
class PayoutTerms:
    """When, from how much on, and how much of it a settled day is paid out.

    T+`delay_days` counts working days of `calendar` (a country's code; empty: each day is one).
    `schedule_day` is 1 (Monday) to 7 for WEEKLY, 1 to 28 for MONTHLY. Less than `minimum_minor`
    waits for more. `reserve_bps` of what is payable is held back for `reserve_days` days.
    """

    delay_days: int = 0
    calendar: str = ""
    schedule: Schedule = Schedule.DAILY
    schedule_day: int | None = None
    minimum_minor: int = 0
    reserve_bps: int = 0
    reserve_days: int = 0
