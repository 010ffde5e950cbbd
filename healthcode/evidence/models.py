"""Tables of evidence. Written once; what turns out wrong is retracted by a further row."""

from django.db import models

from config.kernel import clock
from config.kernel.append_only import AppendOnly
from config.kernel.ids import uuid7
from config.kernel.words import in_words
from healthcode.evidence.values import EvidenceKind, RiskLevel, Source, Status
from healthcode.subjects.models import Subject


def kind_choices() -> list[tuple[str, str]]:
    """The kinds there are; a function, so that a new one changes no table and no migration."""
    return [(kind.value, kind.name) for kind in EvidenceKind]


class Evidence(models.Model):
    """One thing known of a subject.

    `source` and `source_ref` name it once and for all: a report sent twice is one row. A
    row with `retracts` takes another one back and says nothing itself.
    """

    append_only = AppendOnly(deletes=True)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=24, choices=kind_choices)
    source = models.CharField(max_length=12, choices=[(s.value, s.name) for s in Source])
    source_ref = models.CharField(max_length=128)
    status = models.CharField(max_length=9, choices=[(s.value, s.name) for s in Status])
    observed_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now, editable=False)
    payload = models.JSONField(default=dict)
    schema_version = models.PositiveSmallIntegerField(default=1)
    retracts = models.OneToOneField("self", on_delete=models.PROTECT, null=True)
    delete_after = models.DateTimeField(db_index=True)
    # Empty on rows from before rows were sealed; the register covers those too.
    seal = models.CharField(max_length=64, default="", editable=False)

    class Meta:
        db_table = "health_evidence"
        verbose_name_plural = "pieces of evidence"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(name="health_evidence_once", fields=["source", "source_ref"]),
            models.CheckConstraint(
                name="health_retraction_names_its_target",
                condition=models.Q(status="retracted", retracts__isnull=False)
                | (~models.Q(status="retracted") & models.Q(retracts__isnull=True)),
            ),
        )
        indexes = (models.Index(name="health_evidence_of", fields=["subject", "observed_at"]),)

    def __str__(self) -> str:
        return in_words(f"{self.kind} of {self.observed_at:%Y-%m-%d}")


class RiskArea(models.Model):
    """A region at risk, and for how long."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    region = models.CharField(max_length=6, db_index=True, help_text="GB/T 2260 code")
    level = models.CharField(max_length=8, choices=[(r.value, r.name) for r in RiskLevel])
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    declared_by = models.CharField(max_length=128)
    approved_by = models.CharField(max_length=160, blank=True, default="", db_default="")

    class Meta:
        db_table = "health_risk_area"
        constraints = (
            models.CheckConstraint(
                name="health_risk_area_has_a_length",
                condition=models.Q(valid_until__isnull=True)
                | models.Q(valid_until__gt=models.F("valid_from")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.region} {self.level}"


class Register(models.Model):
    """What a part of the people's evidence and chains adds up to, under a key.

    A row more, less or other than was written changes the sum; who cannot make the keyed
    hash cannot correct it. How far each part has come stands outside the database too.
    """

    part = models.PositiveSmallIntegerField(primary_key=True)
    version = models.PositiveBigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    total = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "health_register"

    def __str__(self) -> str:
        return f"part {self.part}, version {self.version}"
