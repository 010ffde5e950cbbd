"""Tables of passkeys and of what they sign. Columns and constraints only."""

from django.db import models
from django.db.models import Q

from config.kernel import clock, columns
from config.kernel.ids import uuid7
from wallet.passkeys.values import PasskeyState
from wallet.payments.values import ConfirmationKind


class Passkey(models.Model):
    """One key on one device. A pending one is an offer that ends at `expires_at`.

    `challenge` is what its registration signs, `credential` the device's own name for it;
    both base64url. Nothing of the person's body is kept: the device checks that itself.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField()
    label = models.CharField(max_length=64, blank=True)
    state = columns.state(PasskeyState.PENDING, 9)
    challenge = models.CharField(max_length=64)
    credential = models.CharField(max_length=1400, null=True)
    public_key = models.BinaryField(default=bytes)
    sign_count = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="passkey_one_per_credential", fields=["credential"]),
            models.UniqueConstraint(
                name="passkey_one_pending",
                fields=["user_id"],
                condition=Q(state=PasskeyState.PENDING.value),
            ),
            models.CheckConstraint(
                name="passkey_state_known", condition=Q(state__in=[s.value for s in PasskeyState])
            ),
            models.CheckConstraint(
                name="passkey_active_has_key",
                condition=Q(credential__isnull=False)
                | Q(state__in=[PasskeyState.PENDING.value, PasskeyState.REVOKED.value]),
            ),
        )
        indexes = (
            models.Index(name="passkey_of_user", fields=["user_id", "-created_at"]),
            models.Index(
                name="passkey_pending_ends",
                fields=["expires_at"],
                condition=Q(state=PasskeyState.PENDING.value),
            ),
        )

    def __str__(self) -> str:
        return f"passkey {self.id}"


class PasskeyChallenge(models.Model):
    """What a person is shown and signs, once: the transaction's text and its nonce.

    `key` is the person's own; a used one names the passkey that signed, and stays as proof.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField()
    key = models.CharField(max_length=255)
    kind = models.CharField(max_length=7, choices=[(k, k) for k in ConfirmationKind])
    subject_id = models.UUIDField()
    nonce = models.CharField(max_length=43)
    transaction = models.TextField()
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    passkey = models.ForeignKey(Passkey, on_delete=models.PROTECT, null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="passkey_challenge_once", fields=["user_id", "key"]),
            models.CheckConstraint(
                name="passkey_challenge_used_by",
                condition=Q(used_at__isnull=True, passkey__isnull=True)
                | Q(used_at__isnull=False, passkey__isnull=False),
            ),
        )
        indexes = (
            models.Index(
                name="passkey_challenge_unused",
                fields=["expires_at"],
                condition=Q(used_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"challenge {self.id}"
