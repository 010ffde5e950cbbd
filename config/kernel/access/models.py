"""Wrong sign-ins of operators, counted; their sessions and second factors."""

from django.conf import settings
from django.db import models

from config.kernel import clock
from config.kernel.access.values import FACTOR_SEAL, SessionEnd, TryBy
from config.kernel.ids import uuid7
from config.kernel.sealed_columns import SealedColumn


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


class OperatorSession(models.Model):
    """A signed-in browser of an operator.

    `key_digest` is SHA-256 of the session's key: the key itself, which would open the panel,
    is not here. Moments are the system's, not the world's clock.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="operator_sessions"
    )
    key_digest = models.CharField(max_length=64, unique=True)
    address = models.CharField(max_length=64)
    browser = models.CharField(max_length=200, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(
        max_length=10, blank=True, choices=[(how.value, how.value) for how in SessionEnd]
    )

    class Meta:
        ordering = ("-began_at", "-id")
        default_permissions = ("view",)
        indexes = (models.Index(name="access_sessions", fields=["operator", "-began_at"]),)

    def __str__(self) -> str:
        return f"session of operator {self.operator_id}"


class SavedView(models.Model):
    """How an operator likes to see a list of the panel: its filters and order, under a name.

    `list` is the table as Django spells it in small letters; words searched for are not kept.
    """

    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    list = models.CharField(max_length=100)
    name = models.CharField(max_length=64)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        ordering = ("name",)
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                name="access_saved_view_once", fields=["operator", "list", "name"]
            ),
        )

    def __str__(self) -> str:
        return self.name


class SecondFactor(models.Model):
    """An operator's authenticator.

    `sealed_secret` rests under the master key. `last_step` is the time step (of 30 s) of the last
    code that was taken: an older code is used up. Triggers refuse every other change but by the
    operator themselves or an approved reset.
    """

    sealed_columns = (SealedColumn("sealed_secret", FACTOR_SEAL),)

    operator = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="second_factor"
    )
    sealed_secret = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)

    class Meta:
        # Nobody looks at or edits these rows.
        default_permissions = ()

    def __str__(self) -> str:
        return f"second factor of operator {self.operator_id}"


class RecoveryCode(models.Model):
    """A code for the day on which the authenticator is lost; good once."""

    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="recovery_codes"
    )
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(name="access_recovery_once", fields=["operator", "digest"]),
        )

    def __str__(self) -> str:
        return f"recovery code of operator {self.operator_id}"
