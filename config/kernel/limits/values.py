"""What a limit is. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from config.kernel.errors import SaomaError


class Period(StrEnum):
    """Over what a limit counts. Day and year are the house's (setting TIME_ZONE).

    EACH: every single movement for itself, nothing is counted. STANDING: what stands open
    at one moment; it shrinks when that is settled. WINDOW: a span that begins with the
    first one counted.
    """

    EACH = "EACH"
    WINDOW = "WINDOW"
    DAY = "DAY"
    YEAR = "YEAR"
    LIFE = "LIFE"
    STANDING = "STANDING"


@dataclass(frozen=True, slots=True)
class Limit:
    """One promise of the product: nobody goes past this, however many callers there are.

    Args:
        name: `slice.what_period`, unique and stable.
        whose: what the sum is kept by: person, user, merchant, agreement, payee, address…
        period: over what it counts.
        lock: the row that is locked while it is judged and counted.
        refuse: makes the refusal; called with the rest (never below 0) and with facts. None
            where what goes beyond is not refused but done in another way.
        setting: the setting that gives the ceiling; "" where the ceiling stands elsewhere
            (a tier, an agreement, a constant).
        off_at_zero: whether 0 in the setting leaves the limit off; else it allows nothing.
        ceiling: the ceiling where it is a constant.
        counter: the column of the locked row that holds the sum, where it is one.
        window: how long a WINDOW lasts.
        refund_restores: whether money given back makes room again, in the same period only.
    """

    name: str
    whose: str
    period: Period
    lock: str
    refuse: Callable[..., SaomaError] | None
    setting: str = ""
    off_at_zero: bool = False
    ceiling: int | None = None
    counter: str = ""
    window: timedelta | None = None
    refund_restores: bool = False
