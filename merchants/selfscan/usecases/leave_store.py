"""Leave the store: an exit code, the gate that reads it, and what ends in time."""

import secrets
import uuid
from datetime import datetime

from config.kernel import clock, transactions
from config.kernel.claims import claim, in_batches
from merchants.selfscan import queries, rules
from merchants.selfscan.models import Trip
from merchants.selfscan.usecases.check_out import note_payment
from merchants.selfscan.values import CARRIES_CODE, MAY_LEAVE, GateReason, TripState
from wallet import public as wallet

CODE_BYTES = 15
BATCH = 100


@transactions.atomic_retry
def issue_exit_code(*, trip_id: uuid.UUID, shopper_id: uuid.UUID) -> str:
    """Give a code for the gate, good once and for ten minutes; another replaces it.

    The first one draws whether the basket is looked into.

    Raises:
        TripUnknown, TripUnpaid, TripStateForbids: there is no such trip, it is not paid, or
            it is over.

    Locks: the trip.
    """
    trip = queries.shoppers_trip(trip_id, shopper_id=shopper_id, lock=True)
    note_payment(trip)
    if trip.state in {TripState.OPEN, TripState.CHECKOUT}:
        raise rules.TripUnpaid()
    if trip.state == TripState.PAID:
        trip.drawn = rules.is_drawn(
            queries.policy_of(trip.store),
            queries.basket(trip),
            trip_number=trip.number,
            first_trip=not queries.has_left_before(trip),
            removals=trip.removals,
        )
        trip.state = TripState.EXIT_ISSUED
    elif trip.state not in CARRIES_CODE:
        raise rules.TripStateForbids(state=trip.state)
    code = secrets.token_urlsafe(CODE_BYTES)
    trip.exit_code_hash = rules.fingerprint(code)
    trip.due_at = clock.now() + rules.EXIT_CODE_LIFE
    trip.save(update_fields=["state", "drawn", "exit_code_hash", "due_at"])
    return code


@transactions.atomic_retry
def verify_exit(*, store_id: uuid.UUID, owner_id: uuid.UUID, code: str) -> GateReason:
    """Say whether a gate opens for a code; it opens once.

    A denial is an answer, not an error: the gate shows why. The first scan of a trip that
    was drawn sends its shopper to somebody of the store.

    Raises:
        StoreUnknown: the gate's store does not sell by scan and go.

    Locks: the trip.
    """
    store = queries.selfscan_store(store_id, owner_id=owner_id)
    rows = Trip.objects.select_for_update(of=("self",))
    trip = rows.filter(store=store, exit_code_hash=rules.fingerprint(code)).first()
    if trip is None:
        return GateReason.CODE_UNKNOWN
    note_payment(trip)
    now = clock.now()
    reason = _reason(trip, now)
    if reason is GateReason.OPEN:
        trip.state, trip.due_at, trip.ended_at = TripState.EXITED, None, now
    elif reason is GateReason.AUDIT_REQUIRED and trip.state == TripState.EXIT_ISSUED:
        trip.state, trip.due_at = TripState.AUDIT_REQUIRED, None
    trip.save(update_fields=["state", "due_at", "ended_at"])
    return reason


def end_overdue(*, now: datetime) -> int:
    """Abandon idle trips with their orders, and end old exit codes; gives how many."""
    return in_batches(_end_batch, now)


def _reason(trip: Trip, now: datetime) -> GateReason:
    if trip.state == TripState.EXITED:
        return GateReason.CODE_USED
    if not queries.is_paid(trip.payment_id):
        return GateReason.UNPAID
    if trip.state not in MAY_LEAVE or (trip.drawn and trip.state == TripState.EXIT_ISSUED):
        return GateReason.AUDIT_REQUIRED
    if trip.due_at is None or now >= trip.due_at:
        return GateReason.CODE_EXPIRED
    return GateReason.OPEN


@transactions.atomic_retry
def _end_batch(now: datetime) -> int:
    batch = claim(queries.due(now), BATCH)
    for trip in batch:
        note_payment(trip)
        if trip.state == TripState.CHECKOUT and trip.payment_id is not None:
            wallet.close_payment(payment_id=trip.payment_id)
        if trip.state in {TripState.OPEN, TripState.CHECKOUT}:
            trip.state, trip.ended_at = TripState.ABANDONED, now
        trip.due_at = None
        trip.save(update_fields=["state", "due_at", "ended_at"])
    return len(batch)
