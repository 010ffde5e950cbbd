"""Charge rides: with both halves, or the most where one is missing."""

import uuid
from datetime import datetime

from config.kernel import transactions
from config.kernel.claims import claim, in_batches
from config.kernel.errors import Conflict, Locked, NotPermitted, Refused, required
from merchants.acceptance.usecases.pay_into_escrow import pay_request
from merchants.acceptance.values import Sale
from merchants.transit import queries, rules
from merchants.transit.models import Ride, Tap, TransitCertificate
from merchants.transit.values import RideState, TapState
from wallet import public as wallet

BATCH = 50


def run_due(*, now: datetime) -> int:
    """End taps whose other half has not come, and charge what is due; gives how many."""
    return in_batches(lambda at: _single_batch(at) + _charge_batch(at), now)


@transactions.atomic_retry
def _single_batch(now: datetime) -> int:
    """A tap alone costs the most that the operator asks.

    Locks: the taps; their certificates before they change.
    """
    batch = claim(Tap.objects.filter(due_at__lte=now).order_by("due_at", "id"), BATCH)
    for tap in batch:
        certificate = TransitCertificate.objects.select_for_update().get(
            id=required(tap.certificate_id, "an open tap has its certificate")
        )
        tap.refresh_from_db()
        if tap.state != TapState.OPEN:
            continue
        operator = tap.gate.operator
        Ride.objects.create(
            certificate=certificate,
            operator=operator,
            entry=tap if tap.direction == "ENTRY" else None,
            exit=tap if tap.direction == "EXIT" else None,
            state=RideState.SINGLE_SIDED,
            fare_minor=operator.maximum_minor,
            due_at=now,
        )
        tap.state, tap.due_at = TapState.SINGLE, None
        tap.save(update_fields=["state", "due_at"])
    return len(batch)


@transactions.atomic_retry
def _charge_batch(now: datetime) -> int:
    """Charge one ride: the operator is paid in any case; a wallet that may not pay waits a day.

    Locks: the ride, then as `wallet.pay_guaranteed`.
    """
    rows = Ride.objects.select_related("certificate", "operator").filter(due_at__lte=now)
    batch = claim(rows.order_by("due_at", "id"), 1)
    for ride in batch:
        try:
            ride.payment_id = _pay(ride, now)
        except (Refused, Locked, Conflict, NotPermitted):
            ride.due_at = now + rules.RETRY
        else:
            owes = wallet.owes_arrears(ride.certificate.user_id)
            ride.state = RideState.ARREARS if owes else RideState.CHARGED
            ride.due_at = None
        ride.save(update_fields=["payment_id", "state", "due_at"])
    return len(batch)


def _pay(ride: Ride, now: datetime) -> uuid.UUID:
    seller = queries.seller(ride.operator)
    sale = Sale(
        seller=seller,
        reference=f"RIDE{ride.id.hex}",
        subject=ride.operator.merchant.name,
        amount_minor=ride.fare_minor,
        notify_url=seller.notify_url,
    )
    outcome = wallet.pay_guaranteed(
        payer_id=ride.certificate.user_id,
        request=pay_request(sale, now=now),
    )
    return outcome.payment.id
