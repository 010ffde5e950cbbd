"""Tables of subjects. Nothing here names a person in plain text."""

from django.db import models

from config.kernel import clock
from config.kernel.ids import uuid7
from healthcode.subjects.values import Relation, SubjectState


class Subject(models.Model):
    """Whom a code is about.

    `holder_ref` and `pseudonym` are keyed hashes: of the wallet user who holds the code
    and of the identity document. Neither can be turned back, and without the
    installation's key neither can be guessed. The identity itself is sealed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    holder_ref = models.CharField(max_length=64, unique=True, null=True)
    pseudonym = models.CharField(max_length=64, unique=True, null=True)
    sealed_identity = models.BinaryField(null=True, editable=False)
    region = models.CharField(max_length=6, default="330100")
    birth_year = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(
        max_length=8, choices=[(s.value, s.name) for s in SubjectState], default=SubjectState.ACTIVE
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "health_subject"
        constraints = (
            models.CheckConstraint(
                name="health_erased_subject_is_empty",
                condition=models.Q(state="ACTIVE")
                | models.Q(
                    holder_ref__isnull=True,
                    pseudonym__isnull=True,
                    sealed_identity__isnull=True,
                    birth_year__isnull=True,
                ),
            ),
        )

    def __str__(self) -> str:
        return f"subject {self.id}"


class Device(models.Model):
    """A phone's public key. Codes bound to it can be shown by that phone alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="devices")
    public_key = models.BinaryField(help_text="P-256 point, compressed, 33 bytes")
    label = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "health_device"
        constraints = (
            models.UniqueConstraint(
                name="health_one_device_a_key", fields=["subject", "public_key"]
            ),
        )

    def __str__(self) -> str:
        return self.label or f"device {self.id}"


class Guardianship(models.Model):
    """Who may act for whom, on whose word, until when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    guardian = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="wards")
    dependent = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="guardians")
    relation = models.CharField(max_length=8, choices=[(r.value, r.name) for r in Relation])
    approved_by = models.CharField(max_length=128)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    valid_until = models.DateTimeField()

    class Meta:
        db_table = "health_guardianship"
        constraints = (
            models.UniqueConstraint(
                name="health_one_guardianship_a_pair", fields=["guardian", "dependent"]
            ),
            models.CheckConstraint(
                name="health_nobody_guards_themselves",
                condition=~models.Q(guardian=models.F("dependent")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.guardian_id} for {self.dependent_id}"
