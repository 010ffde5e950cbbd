"""First answers, kept with the money they moved."""

from django.db import models

from config.kernel import clock
from config.kernel.ids import uuid7


class IdempotencyRecord(models.Model):
    """The first answer to one client's key at one endpoint.

    Written in the transaction of the change itself: either both are there or neither.
    `fingerprint` is the SHA-256 of the canonical body, so that the same key with another
    body is told apart from a repeat.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    owner = models.CharField(max_length=64)
    endpoint = models.CharField(max_length=64)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField(default=clock.now, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                name="idempotency_one_answer", fields=["owner", "endpoint", "key"]
            ),
        )

    def __str__(self) -> str:
        return f"{self.endpoint} {self.key}"
