"""Tables of risk: decisions and why, cases, rule sets and models, lists, payouts held."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q

from config.kernel import clock, columns
from config.kernel.ids import uuid7
from wallet.risk.values import (
    CaseOutcome,
    CaseState,
    Decision,
    ListedKind,
    ListKind,
    Movement,
    Stage,
)


class RiskCase(models.Model):
    """Something people should look at: one case for one pattern between one payer and payee.

    While it is unresolved, further decisions of the same pattern join it. `due_at` is when
    an analyst must have resolved it; a snoozed case leaves the inbox until then.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    pattern = models.CharField(max_length=160)
    payer_id = models.UUIDField()
    payee_id = models.UUIDField()
    summary = models.CharField(max_length=256)
    state = columns.state(CaseState.OPEN, 8)
    assignee = models.CharField(max_length=150, blank=True)
    outcome = models.CharField(max_length=16, blank=True, choices=[(o, o) for o in CaseOutcome])
    reason = models.CharField(max_length=512, blank=True)
    opened_at = models.DateTimeField(default=clock.now)
    assigned_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    flagged_at = models.DateTimeField(null=True, blank=True, editable=False)
    snoozed_until = models.DateTimeField(null=True, blank=True)

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
        indexes = (
            models.Index(name="case_by_state", fields=["state", "opened_at"]),
            models.Index(
                name="case_unflagged",
                fields=["due_at"],
                condition=Q(due_at__isnull=False, flagged_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return self.summary


class RiskDecision(models.Model):
    """One judgement of one movement: the features seen, the rules that fired, the score.

    `payment_id` is the id of the payment, transfer or withdrawal. `degraded` names what
    could not be used: the model, the counters, a rule. `contributions` are the model's.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payment_id = models.UUIDField()
    movement = columns.state(Movement.CODE, 17)
    stage = models.CharField(max_length=6, choices=[(s, s) for s in Stage])
    decision = models.CharField(max_length=9, choices=[(d, d) for d in Decision])
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    features = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    rule_set = models.CharField(max_length=32)
    degraded = models.JSONField(default=list)
    contributions = models.JSONField(default=dict)
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


class RiskRuleSet(models.Model):
    """A rule set drafted in the panel; content is written once, published by two others."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.CharField(max_length=32, unique=True)
    content = models.JSONField(encoder=DjangoJSONEncoder)
    content_hash = models.CharField(max_length=64)
    drafted_by = models.CharField(max_length=150)
    drafted_at = models.DateTimeField(default=clock.now)
    shadow_since = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.JSONField(default=list)

    class Meta:
        ordering = ("-drafted_at", "-id")

    def __str__(self) -> str:
        return self.version


class RiskModel(models.Model):
    """A trained model as text; which one counts is said by the rule set in force."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    version = models.CharField(max_length=32, unique=True)
    text = models.TextField()
    threshold = models.FloatField()
    figures = models.JSONField(default=dict)
    reference = models.JSONField(default=dict)
    trained_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-trained_at", "-id")

    def __str__(self) -> str:
        return self.version


class ShadowVerdict(models.Model):
    """What a draft rule set or a challenging model would have said of a decision."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    decision = models.ForeignKey(RiskDecision, on_delete=models.CASCADE, related_name="shadows")
    rule_set = models.CharField(max_length=32)
    verdict = models.CharField(max_length=9, choices=[(d, d) for d in Decision])
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="shadow_one_per_set", fields=["decision", "rule_set"]),
        )
        indexes = (models.Index(name="shadow_of_set", fields=["rule_set"]),)

    def __str__(self) -> str:
        return f"{self.rule_set}: {self.verdict}"


class ListEntry(models.Model):
    """A payer, payee or device on a list; it stays on file when it is taken off."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    listed = models.CharField(max_length=6, choices=[(k, k) for k in ListedKind])
    subject_id = models.UUIDField()
    kind = models.CharField(max_length=5, choices=[(k, k) for k in ListKind])
    reason = models.CharField(max_length=512)
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField(default=clock.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-added_at", "-id")
        verbose_name_plural = "list entries"
        constraints = (
            models.UniqueConstraint(
                name="listed_once",
                fields=["listed", "subject_id"],
                condition=Q(removed_at__isnull=True),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.listed} {self.subject_id}"


class PayeeRefund(models.Model):
    """A refund that a payee has made, counted by the rules."""

    refund_id = models.UUIDField(primary_key=True)
    payee_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(name="refund_seen_of_payee", fields=["payee_id", "at"]),)

    def __str__(self) -> str:
        return f"refund by {self.payee_id}"
