"""Counters of limits whose subject has no row that could hold them."""

from django.db import models

from config.kernel import clock


class LimitCount(models.Model):
    """How much of one limit one subject has used since `since`.

    `subject` is a digest where the subject is a phone number or an address: the table
    tells nobody who asked about whom.
    """

    name = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    since = models.DateTimeField(default=clock.now)
    used = models.BigIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="limit_one_count", fields=["name", "subject"]),
            models.CheckConstraint(
                name="limit_count_not_negative", condition=models.Q(used__gte=0)
            ),
        )
        indexes = (models.Index(name="limit_count_since", fields=["since"]),)

    def __str__(self) -> str:
        return f"{self.name} {self.used}"
