"""Certificates this installation has issued; the root's private key is sealed."""

from django.db import models
from django.db.models import Q

from config.kernel import clock
from config.kernel.append_only import AppendOnly
from config.kernel.ids import uuid7
from config.kernel.sealed_columns import SealedColumn
from merchants.certificates.values import ROOT_SEAL, CertificateKind
from merchants.onboarding.models import App


class Certificate(models.Model):
    """One certificate, never changed and never deleted.

    `sn` is what clients call it by, `fingerprint` the SHA-256 of its public key. Whether an
    app's certificate is good follows from its key: while the app's key is accepted and the
    certificate's time is not over. Only a root has `sealed_private_key`.
    """

    append_only = AppendOnly(
        columns=(
            *("id", "kind", "app_id", "sn", "serial", "fingerprint", "pem"),
            *("not_before", "not_after", "created_at"),
        )
    )
    sealed_columns = (SealedColumn("sealed_private_key", ROOT_SEAL),)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(
        max_length=7, choices=[(kind.value, kind.value) for kind in CertificateKind]
    )
    app = models.ForeignKey(
        App, on_delete=models.PROTECT, null=True, blank=True, related_name="certificates"
    )
    sn = models.CharField("serial name", max_length=32, unique=True)
    serial = models.CharField(max_length=50)
    fingerprint = models.CharField(max_length=64, db_index=True)
    pem = models.TextField()
    sealed_private_key = models.BinaryField(default=b"", blank=True)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(
                name="certificate_of_an_app_names_it",
                condition=Q(kind=CertificateKind.APP.value, app__isnull=False)
                | (~Q(kind=CertificateKind.APP.value) & Q(app__isnull=True)),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.sn}"
