"""Tables of tracing."""

from django.db import models

from config.kernel import clock
from config.kernel.ids import uuid7
from healthcode.subjects.models import Subject
from healthcode.tracing.values import TraceState
from healthcode.verification.models import Venue


class TraceCase(models.Model):
    """A search for people who were where an ill person was: asked by one, approved by two."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case_ref = models.CharField(max_length=40, unique=True)
    subject = models.ForeignKey(Subject, on_delete=models.SET_NULL, null=True)
    evidence_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=256)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    people = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=8, choices=[(s.value, s.name) for s in TraceState], default=TraceState.DONE
    )
    maker = models.CharField(max_length=150)
    first_checker = models.CharField(max_length=150)
    second_checker = models.CharField(max_length=150)
    approval_id = models.UUIDField(unique=True)
    made_at = models.DateTimeField(default=clock.now, editable=False)
    due_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "health_trace_case"
        ordering = ("-id",)
        permissions = (("approve_tracecase", "Can approve tracing"),)
        constraints = (
            models.CheckConstraint(
                name="health_trace_by_three",
                condition=~models.Q(maker=models.F("first_checker"))
                & ~models.Q(maker=models.F("second_checker"))
                & ~models.Q(first_checker=models.F("second_checker")),
            ),
            models.CheckConstraint(
                name="health_trace_has_a_window",
                condition=models.Q(begins_at__lt=models.F("ends_at")),
            ),
            models.CheckConstraint(
                name="health_expired_trace_names_nobody",
                condition=~models.Q(state="EXPIRED")
                | models.Q(subject__isnull=True, evidence_id__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.case_ref


class TraceMatch(models.Model):
    """Somebody who was there at the same time, and the evidence made of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    case = models.ForeignKey(TraceCase, on_delete=models.CASCADE, related_name="matches")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE)
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT)
    begins_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    evidence_id = models.UUIDField()
    contact = models.BooleanField(default=False, help_text="confirmed as a close contact")

    class Meta:
        db_table = "health_trace_match"
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                name="health_one_match", fields=["case", "subject", "venue", "begins_at"]
            ),
        )

    def __str__(self) -> str:
        return f"{self.begins_at:%Y-%m-%d %H:%M}"
