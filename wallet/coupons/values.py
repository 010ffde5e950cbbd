"""Values of coupons. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class CouponState(StrEnum):
    """A coupon is spent once; refunded whole, its part is the house's again."""

    ISSUED = "ISSUED"
    REDEEMED = "REDEEMED"
    EXPIRED = "EXPIRED"
    REFUNDED = "REFUNDED"


@dataclass(frozen=True, slots=True)
class Terms:
    """A campaign's terms: what one coupon pays, from which price on, and beside which others.

    `budget_minor` is what the house brings for all coupons together; a coupon that stacks
    goes together with others that do.
    """

    code: str
    name: str
    amount_minor: int
    from_minor: int
    budget_minor: int
    stacks: bool
    ends_at: datetime
