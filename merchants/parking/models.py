"""Tables of parking. Amounts are whole minor units."""

from django.db import models
from django.db.models import Q

from config.kernel import clock, columns
from config.kernel.ids import uuid7
from merchants.onboarding.models import Merchant
from merchants.parking.values import StayState


class Vehicle(models.Model):
    """A plate that its owner put under an agreement with a merchant; `removed_at` ends it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField(db_index=True)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    plate = models.CharField(max_length=12)
    agreement_id = models.UUIDField()
    registered_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-registered_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="vehicle_one_agreement",
                fields=["plate", "merchant"],
                condition=Q(removed_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.plate


class Stay(models.Model):
    """From a plate's entry to its exit; `refusal` says why the agreement did not pay."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    vehicle = models.ForeignKey(Vehicle, on_delete=models.PROTECT, related_name="stays")
    state = columns.state(StayState.ENTERED, 11)
    amount_minor = models.BigIntegerField(null=True, blank=True)
    payment_id = models.UUIDField(null=True, blank=True)
    refusal = models.CharField(max_length=64, blank=True, db_default="")
    entered_at = models.DateTimeField(default=clock.now)
    exited_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "parking stay"
        ordering = ("-entered_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="stay_one_inside",
                fields=["vehicle"],
                condition=Q(state__in=[StayState.ENTERED.value, StayState.PRICED.value]),
            ),
        )

    def __str__(self) -> str:
        return f"stay {self.id}"
