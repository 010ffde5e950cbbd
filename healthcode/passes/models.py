"""Tables of passes and the keys that sign them."""

from django.db import models

from config.kernel import clock
from config.kernel.ids import uuid7
from config.kernel.sealed_columns import SealedColumn
from healthcode.decisions.models import Decision, SourceRegistration
from healthcode.passes.values import KEY_SEAL, KeyState, PassKind
from healthcode.subjects.models import Device, Subject


class SigningKey(models.Model):
    """An issuer's P-256 key pair; the private half sealed, and gone once destroyed."""

    sealed_columns = (SealedColumn("sealed_private_key", KEY_SEAL),)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kid = models.CharField(max_length=16, unique=True, help_text="hex of 8 bytes")
    public_jwk = models.JSONField()
    sealed_private_key = models.BinaryField(null=True, editable=False)
    state = models.CharField(max_length=12, choices=[(s.value, s.name) for s in KeyState])
    certificate = models.TextField(blank=True, help_text="of our document signer, base64 DER")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    activated_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "health_signing_key"
        constraints = (
            models.UniqueConstraint(
                name="health_one_active_signing_key",
                fields=["state"],
                condition=models.Q(state="ACTIVE"),
            ),
            models.CheckConstraint(
                name="health_destroyed_key_has_no_private_half",
                condition=~models.Q(state="DESTROYED") | models.Q(sealed_private_key__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kid} {self.state}"


class RootKey(models.Model):
    """A P-256 key that signs trust lists and nothing else: no pass key speaks for itself.

    Each root but the first is vouched for by the one before, so that a verifier that holds any
    of them can follow the chain to the one in force.
    """

    sealed_columns = (SealedColumn("sealed_private_key", KEY_SEAL),)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kid = models.CharField(max_length=43, unique=True, help_text="the key's own thumbprint")
    public_jwk = models.JSONField()
    sealed_private_key = models.BinaryField(null=True, editable=False)
    state = models.CharField(
        max_length=12,
        choices=[(s.value, s.name) for s in (KeyState.ACTIVE, KeyState.DESTROYED)],
        default=KeyState.ACTIVE,
    )
    endorsement = models.TextField(blank=True, help_text="JWS of the root before, about this one")
    created_at = models.DateTimeField(default=clock.now, editable=False)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "health_root_key"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                name="health_one_root_in_force",
                fields=["state"],
                condition=models.Q(state="ACTIVE"),
            ),
            models.CheckConstraint(
                name="health_destroyed_root_signs_nothing",
                condition=models.Q(state="ACTIVE") | models.Q(sealed_private_key__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.kid


class DeniedPass(models.Model):
    """A pass of somebody who was erased: its hash stays on the deny list until its end.

    The id behind the hash is random and kept nowhere, so nothing here is about anybody.
    """

    cti_hash = models.CharField(primary_key=True, max_length=64)
    expires_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "health_denied_pass"

    def __str__(self) -> str:
        return f"until {self.expires_at:%Y-%m-%d %H:%M}"


class CodeGrant(models.Model):
    """A person's leave for an app to call their code, for a purpose and a while."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="grants")
    app = models.CharField(max_length=64)
    purpose = models.CharField(max_length=128)
    granted_at = models.DateTimeField(default=clock.now, editable=False)
    valid_until = models.DateTimeField()

    class Meta:
        db_table = "health_code_grant"

    def __str__(self) -> str:
        return f"{self.app}: {self.purpose}"


class Pass(models.Model):
    """A pass that was issued. Its random id is kept as a hash; the pass itself is not kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    cti_hash = models.CharField(max_length=64, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="passes")
    decision = models.ForeignKey(Decision, on_delete=models.SET_NULL, null=True)
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True)
    grant = models.ForeignKey(CodeGrant, on_delete=models.SET_NULL, null=True)
    kind = models.CharField(max_length=8, choices=[(k.value, k.name) for k in PassKind])
    colour = models.CharField(max_length=8)
    kid = models.CharField(max_length=16)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "health_pass"
        indexes = (models.Index(name="health_pass_of", fields=["subject", "expires_at"]),)

    def __str__(self) -> str:
        return f"{self.kind} pass until {self.expires_at:%Y-%m-%d %H:%M}"


class RegionAgreement(models.Model):
    """Another region whose passes are good here: their keys, and their colours as ours.

    What crosses is what a pass says: a colour and until when. Nothing is asked or told.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    issuer = models.CharField(max_length=32, help_text="as it stands in their passes")
    name = models.CharField(max_length=80)
    jwks = models.JSONField(default=list)
    colours = models.JSONField(default=dict, help_text="their colour to ours")
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField()
    maker = models.CharField(max_length=150)
    checkers = models.JSONField(default=list)
    approval_id = models.UUIDField(unique=True)

    class Meta:
        db_table = "health_region_agreement"
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                name="health_agreement_ends",
                condition=models.Q(valid_until__gte=models.F("valid_from")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.issuer})"


class TrustedIssuer(models.Model):
    """A foreign issuer whose certificates are taken as evidence while its registration stands.

    Exactly one of a certificate (PEM or base64), a JWK set or a DID document is given.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80, unique=True)
    certificate = models.TextField(blank=True)
    jwks = models.JSONField(null=True, blank=True)
    did_document = models.JSONField(null=True, blank=True)
    registration = models.OneToOneField(
        SourceRegistration, on_delete=models.PROTECT, null=True, related_name="issuer"
    )

    class Meta:
        db_table = "health_trusted_issuer"

    def __str__(self) -> str:
        return self.name


class RevocationList(models.Model):
    """Which list of revoked cards of a key counts: the one of the highest number that was taken."""

    id = models.BigAutoField(primary_key=True)
    issuer = models.ForeignKey(TrustedIssuer, on_delete=models.CASCADE, related_name="lists")
    kid = models.CharField(max_length=64)
    counter = models.PositiveBigIntegerField()

    class Meta:
        db_table = "health_revocation_list"
        constraints = (
            models.UniqueConstraint(name="health_one_list_a_key", fields=["issuer", "kid"]),
        )

    def __str__(self) -> str:
        return f"{self.kid} number {self.counter}"


class RevokedCertificate(models.Model):
    """A certificate that its issuer has revoked, as the issuer's list names it.

    `kind` is the kind of hash of an EU batch, or RID for a SMART Health Card; a card issued
    from `before` on is not meant. `kid` is empty where a batch is for any key.
    """

    id = models.BigAutoField(primary_key=True)
    issuer = models.ForeignKey(TrustedIssuer, on_delete=models.CASCADE, related_name="revoked")
    kind = models.CharField(max_length=16)
    kid = models.CharField(max_length=64, blank=True)
    name = models.CharField(max_length=64)
    before = models.PositiveBigIntegerField(null=True)
    expires_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        db_table = "health_revoked_certificate"
        constraints = (
            models.UniqueConstraint(
                name="health_revoked_once", fields=["issuer", "kind", "kid", "name"]
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"
