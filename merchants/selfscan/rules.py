"""Rules of scan and go: limits, quotes, the lottery of audits. Pure."""

import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from config.kernel.errors import Conflict, InvalidRequest, NotFound, Refused
from merchants.selfscan.values import MOVES, AuditPolicy, BasketLine, TripState

LINE_MAXIMUM = 50
TOTAL_MAXIMUM_MINOR = 9_999_99
IDLE = timedelta(hours=2)
PAY_WITHIN = timedelta(minutes=15)
EXIT_CODE_LIFE = timedelta(minutes=10)
WHOLE_BPS = 10_000
_BARCODE = re.compile(r"[0-9A-Za-z._-]{1,32}", re.ASCII)


class TripUnknown(NotFound):
    """There is no such trip of the caller's."""

    code = "trip_unknown"
    message = "There is no such trip."


class StoreUnknown(NotFound):
    """The store does not sell by scan and go."""

    code = "selfscan_store_unknown"
    message = "This store does not sell by scan and go."


class BarcodeUnknown(NotFound):
    """The store sells nothing with this barcode."""

    code = "barcode_unknown"
    message = "This store sells nothing with this barcode."


class BarcodeInvalid(InvalidRequest):
    """It is no barcode: 1 to 32 letters, digits, `.`, `_` or `-`."""

    code = "barcode_invalid"
    message = "A barcode has 1 to 32 letters, digits, points, underscores or hyphens."


class TripStateForbids(Conflict):
    """The trip stands elsewhere; `state` says where."""

    code = "trip_state_forbids"
    message = "The trip cannot do that now."


class BasketEmpty(Conflict):
    """There is nothing to pay."""

    code = "basket_empty"
    message = "The basket is empty."


class BasketRequoted(Conflict):
    """A price or the basket changed after the shopper looked; `total_minor` is what it costs."""

    code = "basket_requoted"
    message = "The basket costs something else now: look at it again and confirm the new total."


class BasketLimit(Refused):
    """More than 50 of one product, or more than 9,999.99 in all."""

    code = "basket_limit_exceeded"
    message = "A basket holds at most 50 of one product, and 9999.99 in all."


class StaffNeeded(Refused):
    """A product is restricted by age: somebody of the store has to look first."""

    code = "staff_approval_needed"
    message = "A product in the basket needs somebody of the store first."


class TripUnpaid(Conflict):
    """There is no exit code before the payment."""

    code = "trip_unpaid"
    message = "The basket is not paid."


class QuantityInvalid(InvalidRequest):
    """A quantity is a whole number, not below zero."""

    code = "quantity_invalid"
    message = "A quantity is a whole number from 0."


def check_move(before: TripState, to: TripState) -> None:
    """Check that a trip may go there.

    Raises:
        TripStateForbids: it may not from where it stands.
    """
    if to not in MOVES[before]:
        raise TripStateForbids(state=before.value, target=to.value)


def check_quantity(quantity: int) -> None:
    """Check how many of one product are in a basket.

    Raises:
        QuantityInvalid, BasketLimit: below 0, or above 50.
    """
    if quantity < 0:
        raise QuantityInvalid(field="quantity")
    if quantity > LINE_MAXIMUM:
        raise BasketLimit(field="quantity", maximum=LINE_MAXIMUM)


def total(lines: Sequence[BasketLine]) -> int:
    """What a basket costs at the prices of now, in minor units."""
    return sum(line.price_minor * line.quantity for line in lines)


def check_basket(lines: Sequence[BasketLine], *, confirmed_minor: int) -> None:
    """Check that a basket can be paid, and that it costs what its shopper has confirmed.

    Raises:
        BasketEmpty, BasketLimit, StaffNeeded, BasketRequoted: it cannot, or costs otherwise.
    """
    if not lines:
        raise BasketEmpty()
    total_minor = total(lines)
    if total_minor > TOTAL_MAXIMUM_MINOR:
        raise BasketLimit(field="total", maximum_minor=TOTAL_MAXIMUM_MINOR)
    codes = [line.barcode for line in lines if line.restricted and not line.approved]
    if codes:
        raise StaffNeeded(barcodes=", ".join(codes))
    if total_minor != confirmed_minor:
        raise BasketRequoted(field="total", total_minor=total_minor)


def is_drawn(
    policy: AuditPolicy,
    lines: Sequence[BasketLine],
    *,
    trip_number: int,
    first_trip: bool,
    removals: int,
) -> bool:
    """Whether the lottery draws this basket; the same seed and trip give the same answer.

    More is drawn of first trips, of baskets from which something was taken out again, and
    where goods are in that often go missing.
    """
    rate_bps = policy.base_bps
    rate_bps += policy.new_shopper_bps if first_trip else 0
    rate_bps += policy.removed_bps * min(removals, 4)
    rate_bps += policy.shrink_bps if any(line.shrinks for line in lines) else 0
    draw = random.Random(f"{policy.seed}:{trip_number}")  # noqa: S311 (a lottery to be replayed)
    return draw.randrange(WHOLE_BPS) < rate_bps


def difference(
    lines: Sequence[BasketLine], prices: Mapping[str, int], counted: Mapping[str, int]
) -> int:
    """What was carried and not paid for, in minor units; below zero where too much was paid.

    Args:
        lines: what was paid, at the prices paid.
        prices: what each product counted costs now; a product that was paid keeps its price.
        counted: how many of each are in the bag; a product not named was counted as none.
    """
    paid = {line.barcode: line for line in lines}
    costs = {**prices, **{barcode: line.seen_minor for barcode, line in paid.items()}}
    return sum(
        costs[barcode]
        * (counted.get(barcode, 0) - (paid[barcode].quantity if barcode in paid else 0))
        for barcode in {*paid, *counted}
    )


def fingerprint(code: str) -> str:
    """How an exit code is kept."""
    return hashlib.sha256(code.encode("utf-8", "replace")).hexdigest()


def check_barcode(barcode: str) -> None:
    """Refuse what no scanner reads, before it stands for a product.

    Raises:
        BarcodeInvalid: so it is.
    """
    if _BARCODE.fullmatch(barcode) is None:
        raise BarcodeInvalid(field="barcode")
