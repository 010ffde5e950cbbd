"""Pay for a basket."""

import uuid

from config.kernel import clock, transactions
from merchants.acceptance.usecases.create import create_order
from merchants.acceptance.values import Sale
from merchants.selfscan import queries, rules
from merchants.selfscan.models import Trip
from merchants.selfscan.values import TripState
from wallet import public as wallet


@transactions.atomic_retry
def check_out(*, trip_id: uuid.UUID, shopper_id: uuid.UUID, confirmed_minor: int) -> Trip:
    """Make the order of a basket at today's prices, once its shopper has confirmed the total.

    Again gives the same order.

    Args:
        trip_id: the shopper's trip.
        shopper_id: who pays.
        confirmed_minor: the total the shopper has seen, in minor units.

    Raises:
        TripUnknown, TripStateForbids: there is none, or it is paid.
        BasketRequoted: it costs otherwise now; nothing is ordered.
        BasketEmpty, BasketLimit, StaffNeeded: the basket cannot be paid.
        and what `create_order` refuses.

    Locks: the trip.
    """
    trip = queries.shoppers_trip(trip_id, shopper_id=shopper_id, lock=True)
    if trip.state == TripState.CHECKOUT and trip.total_minor == confirmed_minor:
        return trip
    rules.check_move(TripState(trip.state), TripState.CHECKOUT)
    lines = queries.basket(trip)
    rules.check_basket(lines, confirmed_minor=confirmed_minor)
    for line in trip.lines.select_related("product"):
        line.price_minor = line.product.price_minor
        line.save(update_fields=["price_minor"])
    trip.attempt += 1
    trip.total_minor = confirmed_minor
    trip.payment_id = order(trip, confirmed_minor, suffix=str(trip.attempt))
    trip.state, trip.due_at = TripState.CHECKOUT, clock.now() + rules.PAY_WITHIN
    trip.save(update_fields=["attempt", "total_minor", "payment_id", "state", "due_at"])
    return trip


def pay_trip(*, trip_id: uuid.UUID, shopper_id: uuid.UUID, pin: str | None = None) -> Trip:
    """Pay what a trip waits for: its basket, or what an audit found. Again changes nothing.

    Call it outside a transaction: PIN strikes must survive a refusal.

    Raises:
        TripUnknown, TripStateForbids: there is none, or there is nothing to pay.
        and what `wallet.confirm_payment` refuses.

    Locks: as `wallet.confirm_payment`, then the trip.
    """
    trip = queries.shoppers_trip(trip_id, shopper_id=shopper_id)
    waits = trip.difference_payment_id or trip.payment_id
    if waits is None:
        raise rules.TripStateForbids(state=trip.state)
    wallet.confirm_payment(payment_id=waits, payer_id=shopper_id, pin=pin)
    return _note_paid(trip_id, shopper_id)


@transactions.atomic_retry
def _note_paid(trip_id: uuid.UUID, shopper_id: uuid.UUID) -> Trip:
    trip = queries.shoppers_trip(trip_id, shopper_id=shopper_id, lock=True)
    note_payment(trip)
    return trip


def note_payment(trip: Trip) -> None:
    """Move a locked trip on where its order was paid, on whichever way.

    No event wakes it: whoever asks for a code, or scans one, looks first.
    """
    transactions.require()
    if trip.state == TripState.CHECKOUT and queries.is_paid(trip.payment_id):
        trip.state, trip.due_at = TripState.PAID, None
    elif trip.state == TripState.AUDIT_DIFF and queries.is_paid(trip.difference_payment_id):
        trip.state, trip.due_at = TripState.ADJUSTED, clock.now() + rules.EXIT_CODE_LIFE
    else:
        return
    trip.save(update_fields=["state", "due_at"])


def order(trip: Trip, amount_minor: int, *, suffix: str) -> uuid.UUID:
    """Make an order to the trip's shopper; gives the payment's id."""
    store = trip.store
    sale = Sale(
        seller=queries.seller(store),
        reference=f"SCAN{trip.id.hex}-{suffix}",
        subject=f"{store.store.name}, {trip.number}",
        amount_minor=amount_minor,
        expires_at=clock.now() + rules.PAY_WITHIN,
        store_code=store.store.code,
        notify_url=queries.seller(store).notify_url,
    )
    outcome: wallet.CreateOutcome = create_order(sale=sale, payer_id=trip.shopper_id)
    return outcome.payment.id
