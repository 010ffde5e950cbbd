"""Audit a basket: store staff compare a bag with what was scanned."""

import uuid
from collections.abc import Mapping

from config.kernel import clock, transactions
from config.kernel.errors import required
from merchants.acceptance.usecases.refund import refund_trade
from merchants.selfscan import queries, rules
from merchants.selfscan.models import Trip, TripLine
from merchants.selfscan.usecases.check_out import order
from merchants.selfscan.values import TripState
from wallet import public as wallet


@transactions.atomic_retry
def audit_basket(*, trip_id: uuid.UUID, owner_id: uuid.UUID, counted: Mapping[str, int]) -> Trip:
    """Compare what was counted with what was paid, once.

    Where it is the same the trip may leave. Where more is in the bag, the shopper is asked
    to pay the difference (`pay_trip`) by a payment of its own; where less is, the difference
    is refunded at once.

    Args:
        trip_id: a trip through the owner's store, which its gate has sent here.
        owner_id: the merchant's owner.
        counted: how many of each barcode are in the bag; what is not named is none.

    Raises:
        TripUnknown, TripStateForbids: there is none, or it waits for no audit.
        BarcodeUnknown, QuantityInvalid, BasketLimit: something counted cannot be.
        and what `create_order` or `refund_trade` refuse.

    Locks: the trip, then as those.
    """
    for quantity in counted.values():
        rules.check_quantity(quantity)
    trip = queries.stores_trip(trip_id, owner_id=owner_id)
    if trip.state in {TripState.AUDIT_OK, TripState.AUDIT_DIFF, TripState.ADJUSTED}:
        return trip
    rules.check_move(TripState(trip.state), TripState.AUDIT_OK)
    products = queries.products(trip.store, counted)
    prices = {barcode: product.price_minor for barcode, product in products.items()}
    lines = queries.basket(trip)
    trip.difference_minor = rules.difference(lines, prices, counted)
    same = {line.barcode: line.quantity for line in lines} == {
        b: q for b, q in counted.items() if q
    }
    for barcode, product in products.items():
        TripLine.objects.update_or_create(
            trip=trip,
            product=product,
            defaults={"counted": counted[barcode]},
            create_defaults={
                "counted": counted[barcode],
                "quantity": 0,
                "price_minor": product.price_minor,
            },
        )
    _settle(trip, same=same)
    trip.save(update_fields=["difference_minor", "difference_payment_id", "state", "due_at"])
    return trip


def _settle(trip: Trip, *, same: bool) -> None:
    trip.due_at = clock.now() + rules.EXIT_CODE_LIFE
    if same:
        trip.state = TripState.AUDIT_OK
    elif trip.difference_minor > 0:
        trip.state, trip.due_at = TripState.AUDIT_DIFF, None
        trip.difference_payment_id = order(trip, trip.difference_minor, suffix="AUDIT")
    else:
        trip.state = TripState.ADJUSTED
        if trip.difference_minor < 0:
            _give_back(trip, -trip.difference_minor)


def _give_back(trip: Trip, amount_minor: int) -> None:
    paid = wallet.payment(required(trip.payment_id, "an audited trip was paid"))
    refund_trade(
        seller=queries.seller(trip.store),
        number=paid.number,
        amount_minor=amount_minor,
        request_no=f"{paid.reference[:52]}-AUDIT",
        reason="Paid for and not in the bag",
        operator="selfscan",
    )
