"""Tables of appeals."""

from django.db import models

from config.kernel import clock
from config.kernel.ids import uuid7
from healthcode.appeals.values import WORDS, AppealState
from healthcode.decisions.models import Decision
from healthcode.evidence.models import Evidence
from healthcode.subjects.models import Subject


class Appeal(models.Model):
    """A person's objection to how they stand, and what came of it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="appeals")
    decision = models.ForeignKey(Decision, on_delete=models.SET_NULL, null=True)
    evidence = models.ForeignKey(Evidence, on_delete=models.SET_NULL, null=True)
    grounds = models.TextField(max_length=2000)
    state = models.CharField(
        max_length=12, choices=[(s.value, WORDS[s]) for s in AppealState], default=AppealState.OPEN
    )
    filed_at = models.DateTimeField(default=clock.now, editable=False)
    due_at = models.DateTimeField(db_index=True)
    overdue = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)
    outcome_text = models.TextField(max_length=2000, blank=True)
    maker = models.CharField(max_length=150, blank=True)
    checker = models.CharField(max_length=150, blank=True)

    class Meta:
        db_table = "health_appeal"
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                name="health_one_open_appeal",
                fields=["subject"],
                condition=models.Q(state__in=["OPEN", "UNDER_REVIEW"]),
            ),
            models.CheckConstraint(
                name="health_appeal_decided_by_two",
                condition=models.Q(decided_at__isnull=True) | ~models.Q(maker=models.F("checker")),
            ),
        )

    def __str__(self) -> str:
        return f"{WORDS[self.state]} {self.filed_at:%Y-%m-%d}"
