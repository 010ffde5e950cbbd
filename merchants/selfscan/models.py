"""Tables of scan and go. Amounts are whole minor units of yuan.

Columns and constraints only.
"""

from django.db import models
from django.db.models import Q

from config.kernel import clock, columns
from config.kernel.ids import uuid7
from merchants.onboarding.models import Store
from merchants.selfscan.values import LIVE, TripState


class SelfscanStore(models.Model):
    """A store that sells by scan and go, for which app, and how it draws audits.

    `trips` counts its trips: a trip's number is what the lottery draws by.
    """

    store = models.OneToOneField(Store, on_delete=models.PROTECT, related_name="selfscan")
    app_number = models.CharField(max_length=16)
    audit_seed = models.BigIntegerField(default=0)
    base_bps = models.PositiveIntegerField(default=500)
    new_shopper_bps = models.PositiveIntegerField(default=1_000)
    removed_bps = models.PositiveIntegerField(default=500)
    shrink_bps = models.PositiveIntegerField(default=1_000)
    trips = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"scan and go at {self.store}"


class Product(models.Model):
    """What a store sells; `restricted` goods need somebody of the store before the payment."""

    store = models.ForeignKey(SelfscanStore, on_delete=models.PROTECT, related_name="products")
    barcode = models.CharField(max_length=32)
    name = models.CharField(max_length=64)
    price_minor = models.BigIntegerField()
    restricted = models.BooleanField(default=False)
    shrinks = models.BooleanField(default=False)

    class Meta:
        ordering = ("barcode",)
        constraints = (
            models.UniqueConstraint(name="product_barcode_once", fields=["store", "barcode"]),
            models.CheckConstraint(name="product_costs", condition=Q(price_minor__gt=0)),
        )

    def __str__(self) -> str:
        return self.barcode


class Trip(models.Model):
    """One shopper's way through one store; at most one of theirs is under way there.

    `due_at` is when an idle trip is abandoned or its exit code ends. `attempt` numbers the
    orders: changing a basket after checkout closes the order and makes another.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    store = models.ForeignKey(SelfscanStore, on_delete=models.PROTECT, related_name="journeys")
    number = models.PositiveBigIntegerField()
    shopper_id = models.UUIDField()
    state = columns.state(TripState.OPEN, 14)
    attempt = models.PositiveIntegerField(default=0)
    removals = models.PositiveIntegerField(default=0)
    total_minor = models.BigIntegerField(default=0)
    payment_id = models.UUIDField(null=True)
    difference_minor = models.BigIntegerField(default=0)
    difference_payment_id = models.UUIDField(null=True)
    drawn = models.BooleanField(default=False)
    exit_code_hash = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        constraints = (
            models.UniqueConstraint(name="trip_numbered_once", fields=["store", "number"]),
            models.UniqueConstraint(
                name="trip_one_under_way",
                fields=["store", "shopper_id"],
                condition=Q(state__in=sorted(LIVE)),
            ),
            models.UniqueConstraint(
                name="trip_exit_code_once",
                fields=["exit_code_hash"],
                condition=~Q(exit_code_hash=""),
            ),
        )
        indexes = (
            models.Index(name="trip_due", fields=["due_at"], condition=Q(due_at__isnull=False)),
            models.Index(name="trip_shopper", fields=["shopper_id"]),
            models.Index(
                name="trip_abandoned",
                fields=["ended_at"],
                condition=Q(state=TripState.ABANDONED.value),
            ),
        )

    def __str__(self) -> str:
        return f"trip {self.number}"


class TripLine(models.Model):
    """A product in a basket, at the price its shopper saw; at checkout, the price paid."""

    trip = models.ForeignKey(Trip, on_delete=models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    counted = models.PositiveIntegerField(null=True)
    price_minor = models.BigIntegerField()
    approved = models.BooleanField(default=False)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(name="trip_line_once", fields=["trip", "product"]),)

    def __str__(self) -> str:
        return f"{self.quantity} {self.product_id}"
