"""Tables of transit. Amounts are whole minor units of yuan; columns and constraints only."""

from django.db import models
from django.db.models import Q

from config.kernel import clock, columns
from config.kernel.ids import uuid7
from merchants.onboarding.models import Merchant
from merchants.transit.values import (
    Direction,
    RideState,
    TapState,
    TransitCertificateState,
)


class TransitOperator(models.Model):
    """A merchant that carries people, for which app it is paid, and its fares."""

    merchant = models.OneToOneField(Merchant, on_delete=models.PROTECT, related_name="transit")
    app_number = models.CharField(max_length=16)
    base_minor = models.BigIntegerField()
    stop_minor = models.BigIntegerField()
    maximum_minor = models.BigIntegerField()

    def __str__(self) -> str:
        return f"transit of {self.merchant}"


class TransitGate(models.Model):
    """A gate at a station; `stop` is the station's place on the line."""

    serial = models.CharField(max_length=64, unique=True)
    operator = models.ForeignKey(TransitOperator, on_delete=models.PROTECT, related_name="gates")
    station = models.CharField(max_length=64)
    stop = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("serial",)

    def __str__(self) -> str:
        return self.serial


class TransitCertificate(models.Model):
    """Our word, for a day and up to a cap, that whoever holds the key may ride."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField()
    public_key = models.BinaryField()
    cap_minor = models.BigIntegerField()
    state = columns.state(TransitCertificateState.ACTIVE, 7)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-not_before", "-id")
        indexes = (models.Index(name="transit_certificate_user", fields=["user_id"]),)

    def __str__(self) -> str:
        return f"certificate {self.id}"


class Tap(models.Model):
    """What a gate saw; `due_at` is when it is single-sided if its other half has not come."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    gate = models.ForeignKey(TransitGate, on_delete=models.PROTECT, related_name="taps")
    sequence = models.PositiveBigIntegerField()
    certificate = models.ForeignKey(
        TransitCertificate, null=True, on_delete=models.PROTECT, related_name="taps"
    )
    digest = models.CharField(max_length=64)
    direction = models.CharField(max_length=5, choices=[(d, d) for d in Direction])
    state = models.CharField(max_length=7, choices=[(s, s) for s in TapState])
    fault = models.CharField(max_length=32, blank=True)
    tapped_at = models.DateTimeField()
    uploaded_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("tapped_at", "id")
        constraints = (models.UniqueConstraint(name="tap_once", fields=["gate", "sequence"]),)
        indexes = (
            models.Index(name="tap_due", fields=["due_at"], condition=Q(due_at__isnull=False)),
            models.Index(
                name="tap_refused",
                fields=["uploaded_at"],
                condition=Q(state=TapState.REFUSED.value),
            ),
        )

    def __str__(self) -> str:
        return f"{self.direction} {self.gate_id} {self.sequence}"


class Ride(models.Model):
    """One fare; `due_at` is when it is charged, or tried again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    certificate = models.ForeignKey(
        TransitCertificate, on_delete=models.PROTECT, related_name="rides"
    )
    operator = models.ForeignKey(TransitOperator, on_delete=models.PROTECT, related_name="rides")
    entry = models.OneToOneField(Tap, null=True, on_delete=models.PROTECT, related_name="+")
    exit = models.OneToOneField(Tap, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=12, choices=[(s, s) for s in RideState])
    fare_minor = models.BigIntegerField()
    payment_id = models.UUIDField(null=True)
    due_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-created_at", "-id")
        indexes = (
            models.Index(name="ride_due", fields=["due_at"], condition=Q(due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"ride {self.id}"
