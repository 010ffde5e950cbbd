"""Tables of subjects. Nothing here names a person in plain text."""

import uuid

from django.db import models

from config.kernel import clock
from config.kernel.ids import uuid7
from config.kernel.sealed_columns import SealedColumn
from config.kernel.words import in_words
from healthcode.subjects.values import (
    CLAIM_SEAL,
    IDENTITY_SEAL,
    OPEN_STATES,
    GuardianshipState,
    IdentityProof,
    Proof,
    Relation,
    SubjectState,
)


class Subject(models.Model):
    """Whom a code is about.

    `holder_ref` and `pseudonym` are keyed hashes: of the wallet user who holds the code
    and of the identity document. Neither can be turned back, and without the
    installation's key neither can be guessed. The identity itself is sealed.

    `alias` is what logs, approvals and events call the subject: drawn by lot, so that nothing
    in what outlives a person leads back to a row, and no id of theirs is left.

    Only a proven identity has a pseudonym, by which reports find the person. One that is
    merely claimed is kept as `claim_ref`: it sees no evidence and keeps nobody out.
    """

    audited_by = "alias"
    sealed_columns = (SealedColumn("sealed_identity", IDENTITY_SEAL),)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    alias = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    holder_ref = models.CharField(max_length=64, unique=True, null=True)
    pseudonym = models.CharField(max_length=64, unique=True, null=True)
    claim_ref = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    identity_proof = models.CharField(
        max_length=10, choices=[(p.value, p.name) for p in IdentityProof], blank=True
    )
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
                    claim_ref="",
                ),
            ),
            models.CheckConstraint(
                name="health_pseudonym_is_proven",
                condition=models.Q(pseudonym__isnull=True) | ~models.Q(identity_proof=""),
            ),
        )

    def __str__(self) -> str:
        return in_words(f"person {self.short}")

    @property
    def short(self) -> str:
        """Enough of the alias to tell two people apart in a table."""
        return str(self.alias)[-8:]


class Programme(models.Model):
    """The one row that says that the programme has ended, when, and what was signed for it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    ended_at = models.DateTimeField()
    report = models.JSONField()

    class Meta:
        db_table = "health_programme"
        constraints = (
            models.CheckConstraint(name="health_one_programme", condition=models.Q(id=1)),
        )

    def __str__(self) -> str:
        return f"ended {self.ended_at:%Y-%m-%d}"


class Device(models.Model):
    """A phone's public key. Codes bound to it can be shown by that phone alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="devices")
    public_key = models.BinaryField(help_text="P-256 point, compressed, 33 bytes")
    label = models.CharField(max_length=40, blank=True)
    held_by = models.ForeignKey(
        Subject,
        on_delete=models.CASCADE,
        null=True,
        related_name="devices_for_others",
        help_text="the guardian whose phone it is; empty for one's own",
    )
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
    """Who may act for whom, on whose word, until when.

    Two operators stand behind an active one, and the dependent too where they hold a code
    of their own. Until it is decided, whom it is about is a sealed claim: asking for the
    guardianship of a stranger makes no subject of them.
    """

    sealed_columns = (SealedColumn("sealed_claim", CLAIM_SEAL),)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    guardian = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="wards")
    dependent = models.ForeignKey(
        Subject, on_delete=models.CASCADE, related_name="guardians", null=True
    )
    relation = models.CharField(max_length=8, choices=[(r.value, r.name) for r in Relation])
    proof = models.CharField(
        max_length=20, choices=[(p.value, p.name) for p in Proof], blank=True, default=""
    )
    claim_ref = models.CharField(max_length=64, blank=True, editable=False)
    sealed_claim = models.BinaryField(null=True, editable=False)
    state = models.CharField(
        max_length=16,
        choices=[(s.value, s.name) for s in GuardianshipState],
        default=GuardianshipState.REQUESTED,
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    due_at = models.DateTimeField(null=True, db_index=True)
    valid_until = models.DateTimeField()
    proposed_by = models.CharField(max_length=150, blank=True)
    approved_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.CharField(max_length=160, blank=True)

    class Meta:
        db_table = "health_guardianship"
        permissions = (("approve_guardianship", "Can approve a guardianship"),)
        constraints = (
            models.UniqueConstraint(
                name="health_one_open_guardianship_a_pair",
                fields=["guardian", "dependent"],
                condition=models.Q(state__in=OPEN_STATES),
            ),
            models.UniqueConstraint(
                name="health_one_claim_a_guardian",
                fields=["guardian", "claim_ref"],
                condition=models.Q(state="REQUESTED"),
            ),
            models.CheckConstraint(
                name="health_nobody_guards_themselves",
                condition=~models.Q(guardian=models.F("dependent")),
            ),
            models.CheckConstraint(
                name="health_guardianship_by_two",
                condition=~models.Q(state__in=["ACTIVE", "AWAITING_CONSENT"])
                | (
                    models.Q(dependent__isnull=False, sealed_claim__isnull=True)
                    & ~models.Q(approved_by="")
                    & ~models.Q(approved_by=models.F("proposed_by"))
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.relation} {self.state} until {self.valid_until:%Y-%m-%d}"
