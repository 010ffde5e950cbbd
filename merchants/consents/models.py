"""Grants, the codes that lead to tokens, the tokens, and where codes may be sent.

Codes and tokens are kept as SHA-256; what they open can be seen by whoever shows them,
and by nobody who reads these tables.
"""

from django.db import models
from django.db.models import Q

from config.kernel import clock
from config.kernel.ids import uuid7
from merchants.consents.values import CertificationState, GrantKind
from merchants.onboarding.models import App


class Grant(models.Model):
    """One person's or merchant's permission for one app.

    `user_id` is the citizen, or the merchant's owner. `open_id` is what the app knows the
    citizen by: another app gets another. `subject_app` is the merchant's app that is acted
    for. `purpose` is what a citizen's history may be read for, in the words they agreed to.
    Giving it again after a revocation revives the row: the app sees the same number.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=8, choices=[(kind.value, kind.value) for kind in GrantKind])
    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="grants")
    user_id = models.UUIDField(db_index=True)
    subject_app = models.ForeignKey(
        App, on_delete=models.PROTECT, null=True, blank=True, related_name="mandates"
    )
    open_id = models.CharField(max_length=64, blank=True)
    scopes = models.CharField(max_length=64, blank=True)
    purpose = models.CharField(max_length=128, blank=True, default="", db_default="")
    granted_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                name="grant_of_citizen_once",
                fields=["app", "user_id"],
                condition=Q(kind=GrantKind.CITIZEN.value),
            ),
            models.UniqueConstraint(
                name="grant_of_merchant_once",
                fields=["app", "subject_app"],
                condition=Q(kind=GrantKind.MERCHANT.value),
            ),
            models.UniqueConstraint(
                name="grant_open_id_once", fields=["open_id"], condition=~Q(open_id="")
            ),
            models.CheckConstraint(
                name="grant_has_its_subject",
                condition=Q(kind=GrantKind.CITIZEN.value, subject_app__isnull=True)
                | Q(kind=GrantKind.MERCHANT.value, subject_app__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.app_id}"


class GrantCode(models.Model):
    """A code on its way through the browser: once, for minutes, for tokens."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="codes")
    code_hash = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"code {self.id}"


class GrantToken(models.Model):
    """An access token and the refresh token that comes with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="tokens")
    code = models.ForeignKey(GrantCode, on_delete=models.PROTECT, related_name="tokens")
    access_hash = models.CharField(max_length=64, unique=True)
    refresh_hash = models.CharField(max_length=64, unique=True)
    scopes = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    refresh_expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"token {self.id}"


class ReturnAddress(models.Model):
    """Where an app's codes may be sent: scheme, host, port and path, whatever the query."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="return_addresses")
    url = models.CharField(max_length=255)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(name="return_address_once", fields=["app", "url"]),)

    def __str__(self) -> str:
        return self.url


class ShownOpenId(models.Model):
    """An app's own id of a person, as it was once told in an answer or a notification.

    The id follows from the two by a key and cannot be turned back; this row can.
    """

    open_id = models.CharField(max_length=64, primary_key=True)
    app_number = models.CharField(max_length=16)
    user_id = models.UUIDField()
    shown_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="shown_open_id_once", fields=["app_number", "user_id"]),
        )

    def __str__(self) -> str:
        return self.open_id


class Certification(models.Model):
    """An app's question whether somebody is who they say: answered yes or no, once.

    `certify_id` is the capability of its page. Of the identity number the keyed digest is
    kept, and of the name nothing once the question is answered.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    app = models.ForeignKey(App, on_delete=models.PROTECT, related_name="certifications")
    reference = models.CharField(max_length=64)
    certify_id = models.CharField(max_length=36, unique=True)
    kind = models.CharField(max_length=32)
    name = models.CharField(max_length=128, blank=True)
    facts_digest = models.CharField(max_length=64)
    identity_digest = models.CharField(max_length=64)
    return_url = models.CharField(max_length=512, blank=True)
    state = models.CharField(
        max_length=7,
        default=CertificationState.WAITING,
        choices=[(state.value, state.value) for state in CertificationState],
    )
    user_id = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(name="certification_once", fields=["app", "reference"]),
            models.CheckConstraint(
                name="certification_ended_has_time",
                condition=Q(state=CertificationState.WAITING.value, ended_at__isnull=True)
                | (~Q(state=CertificationState.WAITING.value) & Q(ended_at__isnull=False, name="")),
            ),
        )

    def __str__(self) -> str:
        return self.certify_id
