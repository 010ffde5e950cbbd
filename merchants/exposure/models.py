"""The one table of exposure: debts that are watched as they age."""

from django.db import models

from config.kernel.ids import uuid7
from merchants.onboarding.models import Merchant


class WatchedDebt(models.Model):
    """A merchant that owes us; at `due_at` its debt is looked at again, and alarmed if it is older.

    Written when a debt begins and removed when it is paid.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.OneToOneField(Merchant, on_delete=models.PROTECT, related_name="watched_debt")
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"debt of {self.merchant_id}"
