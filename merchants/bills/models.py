"""The table of bills that are made: what was said of a time that is over is said for ever."""

from django.db import models

from config.kernel import clock
from config.kernel.ids import uuid7
from merchants.bills.values import BillKind
from merchants.onboarding.models import Merchant


class StoredBill(models.Model):
    """One bill of a day or a month that is over, as it was first handed out (a zip)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in BillKind])
    label = models.CharField(max_length=8)
    content = models.BinaryField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-label", "merchant", "kind")
        constraints = (
            models.UniqueConstraint(name="stored_bill_once", fields=["merchant", "kind", "label"]),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"
