"""Rule sets that were written after the product shipped, and how they came into force."""

from django.db import models

from config.kernel import clock
from config.kernel.ids import uuid7


class RuleSetVersion(models.Model):
    """A rule set as data: drafted, tested, approved by two, in force from a moment on.

    The content of a published one never changes: a change is a new version.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.CharField(max_length=64, unique=True)
    region = models.CharField(max_length=6)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    drafted_by = models.CharField(max_length=150)
    drafted_at = models.DateTimeField(default=clock.now)
    valid_from = models.DateTimeField(null=True, db_index=True)
    approved_by = models.JSONField(default=list)
    retired_at = models.DateTimeField(null=True)
    shadow = models.JSONField(null=True)

    class Meta:
        db_table = "health_rule_set"
        constraints = (
            models.CheckConstraint(
                name="health_rule_set_in_force_was_approved",
                condition=models.Q(valid_from__isnull=True) | ~models.Q(approved_by=[]),
            ),
        )

    def __str__(self) -> str:
        return self.version
