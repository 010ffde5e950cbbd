"""A shopper walks through a store and fills a basket."""

import uuid

from config.kernel import clock, transactions
from merchants.selfscan import queries, rules
from merchants.selfscan.models import SelfscanStore, Trip, TripLine
from merchants.selfscan.values import LIVE, TripState
from wallet import public as wallet


@transactions.atomic_retry
def open_trip(*, store_id: uuid.UUID, shopper_id: uuid.UUID) -> Trip:
    """Begin a trip; one that is under way here is given again.

    Raises:
        StoreUnknown: the store does not sell by scan and go.

    Locks: the store's counter.
    """
    seen = queries.selfscan_store(store_id)
    store = SelfscanStore.objects.select_for_update().get(id=seen.id)
    under_way = Trip.objects.filter(store=store, shopper_id=shopper_id, state__in=LIVE).first()
    if under_way is not None:
        return under_way
    store.trips += 1
    store.save(update_fields=["trips"])
    now = clock.now()
    return Trip.objects.create(
        store=store,
        number=store.trips,
        shopper_id=shopper_id,
        opened_at=now,
        due_at=now + rules.IDLE,
    )


@transactions.atomic_retry
def set_quantity(*, trip_id: uuid.UUID, shopper_id: uuid.UUID, barcode: str, quantity: int) -> Trip:
    """Say how many of a product are in the basket, at the price of now; again changes nothing.

    After checkout it takes the order back first, and the basket is open again.

    Raises:
        TripUnknown, TripStateForbids: there is no such trip, or it is paid.
        BarcodeUnknown, QuantityInvalid, BasketLimit: the line cannot be.
        PaymentAlreadyPaid: it was paid in this very moment.

    Locks: the trip, then the order.
    """
    rules.check_quantity(quantity)
    trip = queries.shoppers_trip(trip_id, shopper_id=shopper_id, lock=True)
    _reopen(trip)
    product = queries.products(trip.store, [barcode])[barcode]
    line = TripLine.objects.filter(trip=trip, product=product).first()
    before = line.quantity if line else 0
    TripLine.objects.update_or_create(
        trip=trip,
        product=product,
        defaults={"quantity": quantity, "price_minor": product.price_minor},
    )
    trip.removals += quantity < before
    trip.due_at = clock.now() + rules.IDLE
    trip.save(update_fields=["removals", "due_at", "state", "payment_id", "total_minor"])
    return trip


@transactions.atomic_retry
def approve_product(*, trip_id: uuid.UUID, owner_id: uuid.UUID, barcode: str) -> Trip:
    """Somebody of the store has looked at whoever buys a restricted product.

    Raises:
        TripUnknown, BarcodeUnknown: there is none in the owner's store.

    Locks: the trip.
    """
    trip = queries.stores_trip(trip_id, owner_id=owner_id)
    if not trip.lines.filter(product__barcode=barcode).update(approved=True):
        raise rules.BarcodeUnknown(field="barcode", barcode=barcode)
    return trip


def _reopen(trip: Trip) -> None:
    """Take an unpaid order back, so that the basket may change."""
    if trip.state == TripState.OPEN:
        return
    rules.check_move(TripState(trip.state), TripState.OPEN)
    if trip.payment_id is not None:
        wallet.close_payment(payment_id=trip.payment_id)
    trip.state, trip.payment_id, trip.total_minor = TripState.OPEN, None, 0
