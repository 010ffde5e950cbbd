"""Alarms, and who has looked at them."""

from django.db import models

from config.kernel import clock
from config.kernel.ids import uuid7


class Alarm(models.Model):
    """Something every operator is told of: an approval that failed, broken glass.

    `facts` name requests and operators, never a customer or a subject.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=64)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)
    seen_by = models.CharField(max_length=150, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-at", "-id")
        indexes = (
            models.Index(
                name="alarms_unseen", fields=["at"], condition=models.Q(seen_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return self.kind
