"""Tables of decisions."""

import uuid
from datetime import timedelta

from django.db import models

from config.kernel import clock
from config.kernel.append_only import AppendOnly
from config.kernel.ids import uuid7
from config.kernel.sealed_columns import SealedColumn
from healthcode.decisions.authority import Passage
from healthcode.decisions.values import (
    GENESIS,
    MAX_BATCH,
    QUARANTINE_SEAL,
    STUB_SEAL,
    Dimension,
    ListKind,
    NoticeKind,
    OverrideReason,
    SourceKind,
    Trigger,
)
from healthcode.evidence.models import Evidence
from healthcode.rules.values import Colour
from healthcode.subjects.models import Subject

COLOURS = [(colour.value, colour.name) for colour in Colour]
MAX_OVERRIDE = timedelta(hours=72)


class Override(models.Model):
    """A colour set by two people, for a while, on one of few grounds.

    Where it is one of several asked for at once, a third person has approved. The
    database itself knows who is not whom, how many at once, and that it ends in time.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="overrides")
    colour = models.CharField(max_length=8, choices=COLOURS)
    reason = models.CharField(
        max_length=24, choices=[(reason.value, reason.name) for reason in OverrideReason]
    )
    legal_basis = models.CharField(max_length=256)
    evidence = models.JSONField(default=list)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="before its time, by a correction")
    maker = models.CharField(max_length=150)
    checker = models.CharField(max_length=150)
    third = models.CharField(max_length=150, blank=True)
    batch_size = models.PositiveSmallIntegerField(default=1)
    approval_id = models.UUIDField()

    class Meta:
        db_table = "health_override"
        constraints = (
            models.CheckConstraint(
                name="health_override_by_two", condition=~models.Q(maker=models.F("checker"))
            ),
            models.CheckConstraint(
                name="health_override_of_many_by_three",
                condition=models.Q(batch_size=1)
                | ~models.Q(third="")
                & ~models.Q(third=models.F("maker"))
                & ~models.Q(third=models.F("checker")),
            ),
            models.CheckConstraint(
                name="health_override_batch_cap",
                condition=models.Q(batch_size__gte=1, batch_size__lte=MAX_BATCH),
            ),
            models.UniqueConstraint(name="health_override_once", fields=["approval_id", "subject"]),
            models.CheckConstraint(
                name="health_override_ends",
                condition=models.Q(
                    ends_at__gt=models.F("starts_at"),
                    ends_at__lte=models.F("starts_at") + MAX_OVERRIDE,
                ),
            ),
            models.CheckConstraint(
                name="health_override_colour", condition=~models.Q(colour="UNKNOWN")
            ),
        )

    def __str__(self) -> str:
        return f"{self.colour} until {self.ends_at:%Y-%m-%d %H:%M}"


class Decision(models.Model):
    """A colour decided at one moment, why, and until when.

    Rows of a subject are chained by keyed hash: an edited, removed or re-ordered one shows.
    `indeterminate` means that a rule failed and the colour before was kept.
    """

    append_only = AppendOnly(deletes=True)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="decisions")
    seq = models.PositiveIntegerField()
    colour = models.CharField(max_length=8, choices=COLOURS)
    reasons = models.JSONField(default=list)
    advisories = models.JSONField(default=list)
    rule_set = models.CharField(max_length=64)
    rule_set_hash = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    trigger = models.CharField(max_length=16, choices=[(t.value, t.name) for t in Trigger])
    override = models.ForeignKey(Override, on_delete=models.PROTECT, null=True)
    indeterminate = models.BooleanField(default=False)
    # Rows of the first form could lack a reason where the colour was by hand or unknown;
    # those of the first two are chained without the installation's key.
    schema_version = models.PositiveSmallIntegerField(default=3)
    prev_hash = models.CharField(max_length=64, default=GENESIS)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "health_decision"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(name="health_decision_seq", fields=["subject", "seq"]),
            models.CheckConstraint(
                name="health_decision_has_a_reason",
                condition=~models.Q(reasons=[])
                | models.Q(schema_version=1)
                & (models.Q(colour="UNKNOWN") | models.Q(override__isnull=False)),
            ),
        )
        indexes = (models.Index(name="health_decision_by_time", fields=["computed_at"]),)

    def __str__(self) -> str:
        return f"{self.colour} {self.computed_at:%Y-%m-%d %H:%M}"


class PersonList(models.Model):
    """A list of people taken as evidence: by three, for a case, for a while, in public.

    The people are not kept here: each has a piece of evidence that names the list, and
    that is taken back when the list ends.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=24, choices=[(k.value, k.name) for k in ListKind])
    case_reference = models.CharField(max_length=64)
    purpose = models.CharField(max_length=256)
    people = models.PositiveIntegerField()
    imported_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    expired_at = models.DateTimeField(null=True)
    maker = models.CharField(max_length=150)
    checkers = models.JSONField(default=list)
    approval_id = models.UUIDField(unique=True)

    class Meta:
        db_table = "health_person_list"
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                name="health_list_ends",
                condition=models.Q(expires_at__gt=models.F("imported_at")),
            ),
            models.CheckConstraint(
                name="health_list_of_a_case",
                condition=~models.Q(case_reference="") & ~models.Q(purpose=""),
            ),
        )

    def __str__(self) -> str:
        return f"{self.people} people, {self.case_reference}"


class DayCount(models.Model):
    """How often something happened on one day: all that is kept of old decisions."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    dimension = models.CharField(max_length=8, choices=[(d.value, d.name) for d in Dimension])
    name = models.CharField(max_length=150)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "health_day_count"
        constraints = (
            models.UniqueConstraint(
                name="health_one_count_a_day", fields=["day", "dimension", "name"]
            ),
        )

    def __str__(self) -> str:
        return f"{self.day} {self.name}: {self.count}"


class Tally(models.Model):
    """Up to which moment decisions were counted, and old ones and events purged: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    counted_until = models.DateTimeField(null=True)
    purged_at = models.DateTimeField(null=True)
    events_purged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "health_tally"
        constraints = (models.CheckConstraint(name="health_one_tally", condition=models.Q(id=1)),)

    def __str__(self) -> str:
        return f"counted until {self.counted_until}"


class Hold(models.Model):
    """Evidence that is kept past its day, because taking it away would change a colour."""

    evidence = models.OneToOneField(
        Evidence, on_delete=models.CASCADE, primary_key=True, related_name="hold"
    )
    look_again_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "health_evidence_hold"

    def __str__(self) -> str:
        return f"{self.evidence_id} until {self.look_again_at}"


class Head(models.Model):
    """How a subject stands now, and when that has to be looked at again.

    `first_seq` is the oldest decision that is kept: earlier ones went by retention.
    """

    audited_by = "subject__alias"

    subject = models.OneToOneField(Subject, on_delete=models.PROTECT, primary_key=True)
    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="+")
    first_seq = models.PositiveIntegerField(default=1)
    recolour_at = models.DateTimeField(null=True, db_index=True)
    checkin_due_at = models.DateTimeField(null=True, db_index=True)
    clean_running = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "health_decision_head"

    def __str__(self) -> str:
        return f"colour of {self.subject_id}"


class Notice(models.Model):
    """Something a person is told about their code."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=20, choices=[(k.value, k.name) for k in NoticeKind])
    at = models.DateTimeField(default=clock.now)
    facts = models.JSONField(default=dict)

    class Meta:
        db_table = "health_notice"
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.kind


class Alarm(models.Model):
    """Something an operator must look at: a failing rule, too many reds."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=32)
    at = models.DateTimeField(default=clock.now)
    facts = models.JSONField(default=dict)
    seen_by = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = "health_alarm"
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.kind


class SourceRegistration(models.Model):
    """That a laboratory, an issuer or a card reader may be a source, and who decided so.

    The database itself knows that two people stand behind each, three behind an issuer.
    A source whose registration was withdrawn is registered anew, by another row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=12, choices=[(k.value, k.name) for k in SourceKind])
    name = models.CharField(max_length=80)
    maker = models.CharField(max_length=150)
    checker = models.CharField(max_length=150)
    third = models.CharField(max_length=150, blank=True)
    approval_id = models.UUIDField(unique=True)
    registered_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=160, blank=True)

    class Meta:
        db_table = "health_source_registration"
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                name="health_source_by_two",
                condition=~models.Q(maker="")
                & ~models.Q(checker="")
                & ~models.Q(maker=models.F("checker")),
            ),
            models.CheckConstraint(
                name="health_issuer_by_three",
                condition=~models.Q(kind="issuer")
                | ~models.Q(third="")
                & ~models.Q(third=models.F("maker"))
                & ~models.Q(third=models.F("checker")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Laboratory(models.Model):
    """A body that reports results or signs readings off, and the key it signs with.

    It counts while its registration stands.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=80, unique=True)
    public_jwk = models.JSONField(help_text="EC P-256 public key as a JWK")
    kid = models.CharField(max_length=64, unique=True, help_text="the key's RFC 7638 thumbprint")
    by_machine = models.BooleanField(default=False, help_text="its readings are preliminary")
    registration = models.OneToOneField(
        SourceRegistration, on_delete=models.PROTECT, null=True, related_name="laboratory"
    )

    class Meta:
        db_table = "health_laboratory"
        verbose_name_plural = "laboratories"

    def __str__(self) -> str:
        return self.name


class ColourAct(models.Model):
    """Which operators stand behind a piece of evidence or an override of one person.

    None of them may judge that person's objection to it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="colour_acts")
    passage = models.CharField(max_length=20, choices=[(p.value, p.name) for p in Passage])
    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, null=True, related_name="acts")
    override = models.ForeignKey(Override, on_delete=models.CASCADE, null=True, related_name="acts")
    people = models.JSONField(default=list)
    approval_id = models.UUIDField(null=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        db_table = "health_colour_act"

    def __str__(self) -> str:
        return f"{self.passage} {self.at:%Y-%m-%d %H:%M}"


class ErasureStub(models.Model):
    """What is kept of an erased person's red reason until it ends: sealed, by keyed hashes.

    Without it whoever is red would be green in two requests. It names no subject.
    """

    sealed_columns = (SealedColumn("sealed_content", STUB_SEAL),)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    holder_ref = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    pseudonym = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    sealed_content = models.BinaryField(editable=False)
    delete_after = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "health_erasure_stub"

    def __str__(self) -> str:
        return f"until {self.delete_after:%Y-%m-%d}"


class LaboratoryReport(models.Model):
    """The newest version of a report: what orders versions, and nothing about the person."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT)
    number = models.CharField(max_length=40)
    digest = models.CharField(max_length=32)
    status = models.CharField(max_length=16)
    issued_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(default=clock.now)
    delete_after = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "health_laboratory_report"
        constraints = (
            models.UniqueConstraint(
                name="health_one_newest_version", fields=["laboratory", "number"]
            ),
        )

    def __str__(self) -> str:
        return f"{self.number} {self.status}"


class QuarantinedReport(models.Model):
    """A report about somebody we cannot place. Never guessed; the contents are sealed.

    `pseudonym` is the keyed hash of the document it names: whoever registers with that
    document is found by it, and nobody else can tell whom it is about.
    """

    sealed_columns = (SealedColumn("sealed_content", QUARANTINE_SEAL),)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    laboratory = models.ForeignKey(Laboratory, on_delete=models.PROTECT)
    number = models.CharField(max_length=40)
    digest = models.CharField(max_length=32)
    pseudonym = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    sealed_content = models.BinaryField(editable=False)
    received_at = models.DateTimeField(default=clock.now)
    delete_after = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "health_quarantined_report"
        constraints = (
            models.UniqueConstraint(
                name="health_quarantined_once", fields=["laboratory", "number", "digest"]
            ),
        )

    def __str__(self) -> str:
        return f"Report {self.number}"


class PartyKey(models.Model):
    """Whose a public key is: ours, a body's, a gate's, or a phone's while a pass names it.

    A phone is called by the name drawn by lot for its owner, so that nothing here leads to anybody.
    """

    fingerprint = models.CharField(primary_key=True, max_length=64)
    party = models.CharField(max_length=120)
    free_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        db_table = "health_party_key"

    def __str__(self) -> str:
        return self.party
