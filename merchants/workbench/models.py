"""Tables of the workbench."""

from django.db import models
from django.db.models import Q

from config.kernel import clock
from config.kernel.ids import uuid7
from merchants.onboarding.models import App, Merchant
from merchants.workbench.values import ALWAYS_PERCENT, LONGEST_DELAY_MS, FaultKind, Protocol


class GatewayCall(models.Model):
    """One call of the gateway as it came in and went out, for the app's developer to read.

    Kept for days and not for ever; nothing but the console rests on it. `app_number` is what
    the call said, known or not.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    trace_id = models.CharField(max_length=32)
    app_number = models.CharField(max_length=32, blank=True)
    protocol = models.CharField(max_length=2, choices=[(p.value, p.value) for p in Protocol])
    method = models.CharField(max_length=128, blank=True)
    order_number = models.CharField(max_length=64, blank=True)
    verb = models.CharField(max_length=8)
    target = models.TextField()
    authorization = models.TextField(blank=True)
    content_type = models.CharField(max_length=128, blank=True)
    body = models.TextField(blank=True)
    status = models.PositiveSmallIntegerField("HTTP status")
    code = models.CharField(max_length=64, blank=True)
    sub_code = models.CharField(max_length=64, blank=True)
    answer = models.TextField(blank=True)
    duration_us = models.PositiveIntegerField()
    faults = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(name="call_of_app", fields=["app_number", "-id"]),
            models.Index(name="call_by_trace", fields=["trace_id"]),
            models.Index(name="call_by_time", fields=["at"]),
        )

    def __str__(self) -> str:
        return f"{self.method} {self.trace_id}"


class FaultSwitch(models.Model):
    """A fault that is switched on for an app.

    It strikes `percent` of the calls it could strike, chosen by `seed`, so that the same
    seed gives everybody the same faults; `left` is how many times it still does, or None
    for as long as it is on. `drawn` counts the calls it has been asked about.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    app = models.ForeignKey(App, on_delete=models.CASCADE, related_name="faults")
    kind = models.CharField(max_length=16, choices=[(kind.value, kind.value) for kind in FaultKind])
    percent = models.PositiveSmallIntegerField(default=ALWAYS_PERCENT)
    left = models.PositiveIntegerField(null=True, blank=True)
    delay_ms = models.PositiveIntegerField(default=0)
    seed = models.PositiveIntegerField(default=42)
    drawn = models.PositiveIntegerField(default=0)
    switched_on_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("app", "kind")
        constraints = (
            models.UniqueConstraint(name="fault_once_an_app", fields=["app", "kind"]),
            models.CheckConstraint(
                name="fault_percent_in_bounds",
                condition=Q(percent__gte=1, percent__lte=ALWAYS_PERCENT),
            ),
            models.CheckConstraint(
                name="fault_delay_in_bounds", condition=Q(delay_ms__lte=LONGEST_DELAY_MS)
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.percent} %"


class Equipment(models.Model):
    """A till or terminal that reports how it does, as it said last.

    `reported_at` is the equipment's own time; a report that was made earlier than the one
    that is kept changes nothing. `trades` and `exceptions` are the last report's own lists.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    merchant = models.ForeignKey(Merchant, on_delete=models.PROTECT, related_name="equipment")
    number = models.CharField(max_length=32)
    product = models.CharField(max_length=8)
    kind = models.CharField(max_length=8)
    status = models.CharField(max_length=2)
    store = models.CharField(max_length=32, blank=True)
    network = models.CharField(max_length=16, blank=True)
    trades = models.JSONField(default=list)
    exceptions = models.JSONField(default=list)
    reported_at = models.DateTimeField()
    heard_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name_plural = "equipment"
        ordering = ("merchant", "number")
        constraints = (
            models.UniqueConstraint(name="equipment_once", fields=["merchant", "number"]),
        )

    def __str__(self) -> str:
        return self.number
