"""Rules of coupons: a campaign's terms, and which coupons go together. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime

from config.kernel.errors import Conflict, Gone, InvalidRequest, NotFound, Refused
from wallet.coupons.values import Terms

MOST_TOGETHER = 3
NAME_MAXIMUM = 64
_CODE = re.compile(r"[A-Z0-9-]{3,32}")


class CampaignInvalid(InvalidRequest):
    """A campaign's terms contradict each other; `expected` says what holds of the field."""

    code = "campaign_invalid"
    message = "These are no terms of a campaign."


class CampaignExists(Conflict):
    """The code is another campaign's."""

    code = "campaign_exists"
    message = "There is a campaign of this code."


class CampaignUnknown(NotFound):
    """No campaign has this code."""

    code = "campaign_unknown"
    message = "There is no such campaign."


class CampaignOver(Gone):
    """Its time is over, or its budget is given away."""

    code = "campaign_over"
    message = "This campaign is over."


class CouponUnknown(NotFound):
    """The payer has no such coupon."""

    code = "coupon_unknown"
    message = "There is no such coupon."


class CouponSpent(Conflict):
    """The coupon has paid for something already."""

    code = "coupon_spent"
    message = "This coupon is spent."


class CouponExpired(Gone):
    """The coupon's time is over."""

    code = "coupon_expired"
    message = "This coupon's time is over."


class CouponsDoNotStack(Refused):
    """These coupons do not go together; `expected` says which would."""

    code = "coupons_do_not_stack"
    message = "These coupons cannot be used together."


class PriceTooLow(Refused):
    """The price is below what a coupon asks for; `from_minor` says where that begins."""

    code = "coupon_price_too_low"
    message = "The price is too low for these coupons."


def check_terms(terms: Terms, *, now: datetime) -> None:
    """Check a campaign's terms.

    Raises:
        CampaignInvalid: naming the field and what is expected of it.
    """
    expected = {
        "code": (_CODE.fullmatch(terms.code), "3 to 32 capitals, digits and hyphens"),
        "name": (0 < len(terms.name.strip()) <= NAME_MAXIMUM, "1 to 64 characters"),
        "amount_minor": (terms.amount_minor > 0, "above zero"),
        "from_minor": (terms.from_minor > terms.amount_minor, "above the coupon's amount"),
        "budget_minor": (terms.budget_minor >= terms.amount_minor, "one coupon at least"),
        "ends_at": (terms.ends_at > now, "later than now"),
    }
    for field, (holds, words) in expected.items():
        if not holds:
            raise CampaignInvalid(field=field, expected=words)


def check_together(coupons: Sequence[Terms], *, price_minor: int) -> None:
    """Check that some coupons may pay for one thing together.

    One that does not stack is alone. The buyer pays a fen at least, so that there is
    somebody who has bought it.

    Raises:
        CouponsDoNotStack: too many, one of them must be alone, or two are of one campaign.
        PriceTooLow: one of them begins above the price, or together they reach it.
    """
    if len(coupons) > MOST_TOGETHER:
        raise CouponsDoNotStack(field="coupons", expected=f"{MOST_TOGETHER} at most")
    if len(coupons) > 1 and not all(terms.stacks for terms in coupons):
        raise CouponsDoNotStack(field="coupons", expected="one that does not stack, alone")
    if len({terms.code for terms in coupons}) < len(coupons):
        raise CouponsDoNotStack(field="coupons", expected="one of each campaign")
    least_minor = max((terms.from_minor for terms in coupons), default=0)
    together_minor = sum(terms.amount_minor for terms in coupons)
    if price_minor < least_minor or price_minor <= together_minor:
        raise PriceTooLow(field="coupons", from_minor=max(least_minor, together_minor + 1))


def due_back(
    coupons: Sequence[tuple[int, int]], *, price_minor: int, refunded_minor: int
) -> list[int]:
    """How much of a refund goes back to the house, coupon by coupon, the last one first.

    The buyer's own part goes back before it, so that no refund of a part is worth less to
    the buyer than what the shop gives; the last fens of the price were the house's.

    Args:
        coupons: of each, what it paid and what has gone back of it.
        price_minor: what was paid in all.
        refunded_minor: what has been refunded in all, this refund included.
    """
    paid_minor = sum(amount_minor for amount_minor, _ in coupons)
    returned_minor = sum(back_minor for _, back_minor in coupons)
    rest_minor = max(0, refunded_minor - (price_minor - paid_minor)) - returned_minor
    parts = []
    for amount_minor, back_minor in reversed(coupons):
        part_minor = min(rest_minor, amount_minor - back_minor)
        parts.append(part_minor)
        rest_minor -= part_minor
    return parts[::-1]
