"""The audit log: append-only, each row chained to the one before."""

from django.db import models

from config.kernel import clock
from config.kernel.append_only import AppendOnly


class AuditEvent(models.Model):
    """Who did what to what, why, and what changed.

    `seq` counts without gaps, so a removed row shows; `hash` covers the row and the
    hash before it, so an edited or re-ordered row shows. Personal values are masked by
    whoever records the event: this table is never purged by person.
    """

    append_only = AppendOnly()

    seq = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=128)
    action = models.CharField(max_length=64)
    target = models.CharField(max_length=128)
    purpose = models.CharField(max_length=256, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    request_id = models.CharField(max_length=64, blank=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("-seq",)
        indexes = (
            models.Index(name="audit_by_target", fields=["target", "-seq"]),
            models.Index(name="audit_by_actor", fields=["actor", "-seq"]),
            models.Index(
                name="audit_by_request",
                fields=["request_id"],
                condition=~models.Q(request_id=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.target}"


class AuditHead(models.Model):
    """The end of the chain; its one row is the lock that puts writers in order."""

    append_only = AppendOnly(columns=("id",))

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    class Meta:
        constraints = (models.CheckConstraint(name="audit_one_head", condition=models.Q(id=1)),)

    def __str__(self) -> str:
        return f"head at {self.seq}"


class AuditSeal(models.Model):
    """Where the rows end that were chained before rows were keyed; signed, made once."""

    append_only = AppendOnly()

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128)

    class Meta:
        constraints = (models.CheckConstraint(name="audit_one_seal", condition=models.Q(id=1)),)

    def __str__(self) -> str:
        return f"sealed at {self.seq}"


class AuditRoot(models.Model):
    """A day's signed root: how long the chain was and where it stood.

    Cutting the chain's tail, which the chain itself cannot show, breaks the last root.
    """

    append_only = AppendOnly()

    date = models.DateField(primary_key=True)
    seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    signed_at = models.DateTimeField(default=clock.now)
    signature = models.CharField(max_length=128)

    class Meta:
        ordering = ("-date",)

    def __str__(self) -> str:
        return f"{self.date} at {self.seq}"
