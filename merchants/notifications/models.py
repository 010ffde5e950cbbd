"""Notifications to merchants and every attempt to deliver them."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from config.kernel import clock
from config.kernel.ids import uuid7


class NotificationState(StrEnum):
    """Where a notification stands.

    SILENT ones have nobody to be sent to: they are events for the catch-up list alone.
    """

    PENDING = "PENDING"
    RETRYING = "RETRYING"
    DELIVERED = "DELIVERED"
    EXHAUSTED = "EXHAUSTED"
    SILENT = "SILENT"


class Notification(models.Model):
    """One event, to be told to a merchant until the merchant says `success`.

    `event_id` is the outbox event it comes from: one event, one notification.
    `subject_id` is what it is about (a payment, an authorisation, an agreement), whose
    events `sequence` counts; `trade_no` and `out_trade_no` are the numbers that the
    gateway and the merchant know it by.
    `params` is what is sent, but for the time and the signature, which each attempt makes
    anew. `sends` counts the sends of the ladder; a resend by hand is not one of them.
    `due_at` is when it is sent next and, while a worker sends it, when it counts as lost.
    A later one of the same subject waits until it is delivered or given up, unless
    `overtakable`: the lab wants it late. `position` is what readers go on after.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event_id = models.UUIDField(unique=True)
    notify_id = models.CharField(max_length=34, unique=True)
    topic = models.CharField(max_length=64)
    merchant_id = models.UUIDField()
    app_number = models.CharField(max_length=16, blank=True)
    subject_id = models.UUIDField()
    trade_no = models.CharField(max_length=32, blank=True)
    out_trade_no = models.CharField(max_length=64, blank=True)
    sequence = models.PositiveIntegerField()
    url = models.CharField(max_length=256, blank=True)
    charset = models.CharField(max_length=16, default="utf-8")
    sign_type = models.CharField(max_length=4, default="RSA2")
    params = models.JSONField(default=dict)
    state = models.CharField(
        max_length=9, choices=[(state.value, state.capitalize()) for state in NotificationState]
    )
    overtakable = models.BooleanField(default=False)
    position = models.BigIntegerField(null=True, editable=False)
    sends = models.PositiveSmallIntegerField(default=0)
    by_hand = models.BooleanField(default=False)
    occurred_at = models.DateTimeField()
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                name="notification_sequence_once", fields=["subject_id", "sequence"]
            ),
            models.CheckConstraint(
                name="notification_ended_is_not_due",
                condition=Q(due_at__isnull=True)
                | Q(state__in=[NotificationState.PENDING.value, NotificationState.RETRYING.value])
                | Q(by_hand=True),
            ),
        )
        indexes = (
            models.Index(
                name="notifications_due", fields=["due_at"], condition=Q(due_at__isnull=False)
            ),
            models.Index(name="notifications_of_merchant", fields=["merchant_id", "id"]),
            models.Index(name="notification_positions", fields=["merchant_id", "position"]),
            models.Index(
                name="notification_unnumbered", fields=["id"], condition=Q(position__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"{self.topic} {self.out_trade_no}"


class NotificationAttempt(models.Model):
    """One try to deliver a notification; `finished_at` is None while it is under way."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, related_name="attempts"
    )
    number = models.PositiveSmallIntegerField()
    by_hand = models.BooleanField(default=False)
    planned_at = models.DateTimeField()
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)
    duration_ms = models.PositiveIntegerField(null=True, blank=True)
    status = models.PositiveSmallIntegerField("HTTP status", null=True, blank=True)
    answer = models.CharField("first bytes of the answer", max_length=256, blank=True)
    failure = models.CharField(max_length=16, blank=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(
                name="notification_attempt_once", fields=["notification", "number"]
            ),
        )

    def __str__(self) -> str:
        return f"attempt {self.number}"
