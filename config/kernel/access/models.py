"""Wrong sign-ins of operators, counted."""

from django.db import models

from config.kernel import clock
from config.kernel.access.values import TryBy


class SignInTries(models.Model):
    """Tries in a row that were not followed by the right password."""

    by = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in TryBy])
    subject = models.CharField(max_length=150)
    tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(name="access_tries_once", fields=["by", "subject"]),)
        # Nobody looks at or edits these rows.
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.by} {self.subject}: {self.tries}"
