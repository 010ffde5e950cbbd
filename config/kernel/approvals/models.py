"""Requests for a second pair of eyes, and the votes on them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext

from config.kernel import clock
from config.kernel.append_only import AppendOnly
from config.kernel.approvals import registry
from config.kernel.approvals.values import SponsorAct, Status
from config.kernel.ids import uuid7


class ApprovalRequest(models.Model):
    """One operator's wish that something be done, and what became of it.

    `state` is what the maker saw, `state_hash` its fingerprint and `target_version` how
    often the target had been changed by then: if it has changed since, the request is
    stale and nothing is done. `effect` is what was foretold, `result` what came of it. A
    request is executed at most once. Triggers hold all this whatever path writes the row.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    action = models.CharField(max_length=64)
    parameters = models.JSONField(default=dict)
    target = models.CharField(max_length=128, default="")
    target_version = models.PositiveBigIntegerField(default=0)
    state = models.JSONField(default=dict)
    state_hash = models.CharField(max_length=64)
    effect = models.JSONField(default=dict)
    reason = models.TextField()
    maker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="approval_requests",
    )
    checkers_needed = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(
        max_length=10,
        default=Status.PENDING.value,
        choices=[(s.value, s.value) for s in Status],
    )
    requested_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    executed_at = models.DateTimeField(null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)
    failure_code = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-requested_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="approvals_known_status", condition=Q(status__in=[s.value for s in Status])
            ),
            models.CheckConstraint(
                name="approvals_reason_is_given",
                condition=GreaterThanOrEqual(Length("reason"), 10),
            ),
            models.CheckConstraint(
                name="approvals_someone_checks", condition=Q(checkers_needed__gte=1)
            ),
            # A vote repeats the maker; this pair is what its foreign key points at.
            models.UniqueConstraint(name="approvals_one_maker", fields=["id", "maker"]),
            # Two open requests on one thing would each be judged on the other's leavings.
            models.UniqueConstraint(
                name="approvals_one_pending",
                fields=["action", "target"],
                condition=Q(status=Status.PENDING.value) & ~Q(target=""),
            ),
        )
        indexes = (
            models.Index(
                name="approvals_waiting",
                fields=["expires_at"],
                condition=Q(status=Status.PENDING.value),
            ),
            models.Index(
                name="approvals_to_execute",
                fields=["decided_at"],
                condition=Q(status=Status.APPROVED.value),
            ),
            models.Index(name="approvals_by_date", fields=["requested_at"]),
        )

    def __str__(self) -> str:
        try:
            title = registry.action_named(self.action).title
        except registry.UnknownAction:
            title = self.action
        return f"{gettext(title)}: {gettext(self.status)}"


class ApprovalVote(models.Model):
    """One checker's yes or no. The database itself refuses the maker's."""

    request = models.ForeignKey(ApprovalRequest, on_delete=models.PROTECT, related_name="votes")
    maker = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    checker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="approval_votes",
    )
    approves = models.BooleanField()
    comment = models.TextField(blank=True)
    voted_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("voted_at", "id")
        constraints = (
            models.UniqueConstraint(name="approvals_one_vote_each", fields=["request", "checker"]),
            models.CheckConstraint(name="approvals_two_people", condition=~Q(maker=F("checker"))),
        )

    def __str__(self) -> str:
        return f"{self.checker_id} {'approves' if self.approves else 'rejects'}"


class TargetVersion(models.Model):
    """How often the target of requests has been changed."""

    target = models.CharField(max_length=128, primary_key=True)
    version = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.target} {self.version}"


class ThresholdVersion(models.Model):
    """What a threshold is from a moment on, by which approved request; append-only."""

    name = models.CharField(max_length=64)
    value = models.BigIntegerField()
    request = models.OneToOneField(
        ApprovalRequest, on_delete=models.PROTECT, related_name="threshold"
    )
    set_at = models.DateTimeField(default=clock.now)

    append_only = AppendOnly()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(name="approvals_threshold", fields=["name", "-id"]),)

    def __str__(self) -> str:
        return f"{self.name} {self.value}"


class OperatorSponsor(models.Model):
    """One operator made another or gave them rights; append-only."""

    operator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sponsors"
    )
    sponsor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    act = models.CharField(max_length=8, choices=[(act.value, act.value) for act in SponsorAct])
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (models.Index(name="approvals_sponsored", fields=["operator", "sponsor"]),)

    def __str__(self) -> str:
        return f"{self.operator_id} by {self.sponsor_id}"
