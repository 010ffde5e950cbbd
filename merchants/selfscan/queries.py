"""Questions about scan and go."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from config.kernel.due_times import Earliest
from config.kernel.errors import required
from config.kernel.rows import first_or
from merchants.onboarding.queries import app_credentials
from merchants.onboarding.values import AppCredentials
from merchants.selfscan import rules
from merchants.selfscan.models import Product, SelfscanStore, Trip
from merchants.selfscan.values import AuditPolicy, BasketLine, TripState
from wallet import public as wallet


def selfscan_store(store_id: uuid.UUID, *, owner_id: uuid.UUID | None = None) -> SelfscanStore:
    """A store that sells by scan and go; with an owner, only one of theirs.

    Raises:
        StoreUnknown: it does not.
    """
    rows = SelfscanStore.objects.select_related("store__merchant").filter(store_id=store_id)
    if owner_id is not None:
        rows = rows.filter(store__merchant__owner_id=owner_id)
    return first_or(rows, rules.StoreUnknown())


def trips_of(caller_id: uuid.UUID) -> QuerySet[Trip]:
    """A shopper's own trips, and those through an owner's stores; newest first."""
    rows = Trip.objects.select_related("store__store__merchant")
    return rows.filter(Q(shopper_id=caller_id) | Q(store__store__merchant__owner_id=caller_id))


def shoppers_trip(trip_id: uuid.UUID, *, shopper_id: uuid.UUID, lock: bool = False) -> Trip:
    """A shopper's trip, locked if asked for.

    Raises:
        TripUnknown: there is none of theirs.
    """
    return _one(Trip.objects.filter(id=trip_id, shopper_id=shopper_id), lock=lock)


def stores_trip(trip_id: uuid.UUID, *, owner_id: uuid.UUID) -> Trip:
    """A trip through an owner's store, locked.

    Raises:
        TripUnknown: there is none of theirs.
    """
    rows = Trip.objects.filter(id=trip_id, store__store__merchant__owner_id=owner_id)
    return _one(rows, lock=True)


def _one(rows: QuerySet[Trip], *, lock: bool) -> Trip:
    return first_or(rows.select_for_update(of=("self",)) if lock else rows, rules.TripUnknown())


def products(store: SelfscanStore, barcodes: Iterable[str]) -> dict[str, Product]:
    """A store's products by their barcodes.

    Raises:
        BarcodeUnknown: it sells nothing with one of them.
    """
    codes = set(barcodes)
    rows = {row.barcode: row for row in Product.objects.filter(store=store, barcode__in=codes)}
    for barcode in sorted(codes - set(rows)):
        raise rules.BarcodeUnknown(field="barcode", barcode=barcode)
    return rows


def basket(trip: Trip) -> list[BasketLine]:
    """What is in a trip's basket, at the prices its shopper saw and those of now."""
    return [
        BasketLine(
            barcode=line.product.barcode,
            quantity=line.quantity,
            seen_minor=line.price_minor,
            price_minor=line.product.price_minor,
            restricted=line.product.restricted,
            approved=line.approved,
            shrinks=line.product.shrinks,
        )
        for line in trip.lines.select_related("product").filter(quantity__gt=0)
    ]


def policy_of(store: SelfscanStore) -> AuditPolicy:
    """How a store draws audits."""
    return AuditPolicy(
        store.audit_seed,
        store.base_bps,
        store.new_shopper_bps,
        store.removed_bps,
        store.shrink_bps,
    )


def has_left_before(trip: Trip) -> bool:
    """Whether the shopper has ended a trip through this store before."""
    rows = Trip.objects.filter(store_id=trip.store_id, shopper_id=trip.shopper_id)
    return rows.filter(state=TripState.EXITED).exists()


def seller(store: SelfscanStore) -> AppCredentials:
    """For whom a store's baskets are paid."""
    return required(app_credentials(store.app_number), "a store's app was checked when it was set")


def is_paid(payment_id: uuid.UUID | None) -> bool:
    """Whether an order's money is the merchant's now: paid, and not given back whole."""
    if payment_id is None:
        return False
    paid = {wallet.PaymentStatus.PAID, wallet.PaymentStatus.FINISHED}
    return wallet.payment(payment_id).status in paid


# When the next trip is abandoned or the next exit code ends.
next_due = Earliest(lambda: Trip.objects.filter(due_at__isnull=False), "due_at")


def due(now: datetime) -> QuerySet[Trip]:
    """Trips whose time is over."""
    return Trip.objects.filter(due_at__lte=now).order_by("due_at", "id")
