"""Tables of risk: what was decided about each payment and why, and the cases people work on."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from config.kernel import clock
from config.kernel.ids import uuid7
from wallet.risk.values import CaseOutcome, CaseState, Decision, Stage


class RiskCase(models.Model):
    """Something people should look at: one case for one pattern between one payer and payee.

    While it is unresolved, further decisions of the same pattern join it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pattern = models.CharField(max_length=160)
    payer_id = models.UUIDField()
    payee_id = models.UUIDField()
    summary = models.CharField(max_length=256)
    state = models.CharField(
        max_length=8, default=CaseState.OPEN, choices=[(s, s) for s in CaseState]
    )
    assignee = models.CharField(max_length=150, blank=True)
    outcome = models.CharField(max_length=16, blank=True, choices=[(o, o) for o in CaseOutcome])
    reason = models.CharField(max_length=512, blank=True)
    opened_at = models.DateTimeField(default=clock.now)
    assigned_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        constraints = (
            models.UniqueConstraint(
                name="case_one_open_per_pattern",
                fields=["pattern"],
                condition=~Q(state=CaseState.RESOLVED.value),
            ),
            models.CheckConstraint(
                name="case_resolved_with_outcome",
                condition=(
                    Q(state=CaseState.RESOLVED.value, resolved_at__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(reason="")
                )
                | (~Q(state=CaseState.RESOLVED.value) & Q(outcome="")),
            ),
        )
        indexes = (models.Index(name="case_by_state", fields=["state", "opened_at"]),)

    def __str__(self) -> str:
        return self.summary


class RiskDecision(models.Model):
    """One judgement of one payment: the features seen, the rules that fired, the score."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payment_id = models.UUIDField()
    stage = models.CharField(max_length=6, choices=[(s, s) for s in Stage])
    decision = models.CharField(max_length=9, choices=[(d, d) for d in Decision])
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    features = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    rule_set = models.CharField(max_length=32)
    payer_id = models.UUIDField()
    payee_id = models.UUIDField()
    device_id = models.UUIDField(null=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    decided_at = models.DateTimeField(default=clock.now)
    case = models.ForeignKey(
        RiskCase, on_delete=models.PROTECT, null=True, blank=True, related_name="decisions"
    )

    class Meta:
        ordering = ("-decided_at", "-id")
        constraints = (
            models.UniqueConstraint(name="decision_one_per_stage", fields=["payment_id", "stage"]),
            models.CheckConstraint(name="decision_score_to_100", condition=Q(score__lte=100)),
        )
        indexes = (
            models.Index(name="decision_of_payer", fields=["payer_id", "decided_at"]),
            models.Index(name="decision_of_payee", fields=["payee_id", "decided_at"]),
            models.Index(
                name="decision_of_device",
                fields=["device_id", "decided_at"],
                condition=Q(device_id__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.decision} {self.score}"
