"""Tables of sharing. Amounts are whole minor units of yuan; columns and constraints only."""

from django.db import models
from django.db.models import F, Q

from config.kernel import clock, columns
from config.kernel.ids import uuid7
from wallet.sharing.values import PacketState, SplitState


class SplitBill(models.Model):
    """A bill that one has paid and others pay back; `key` is the requester's own."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    requester_id = models.UUIDField()
    key = models.CharField(max_length=255)
    title = models.CharField(max_length=64, blank=True)
    total_minor = models.BigIntegerField()
    state = columns.state(SplitState.OPEN, 9)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="split_bill_once", fields=["requester_id", "key"]),
        )

    def __str__(self) -> str:
        return f"split {self.id}"


class SplitShare(models.Model):
    """One person's share; the requester's is paid from the start."""

    split = models.ForeignKey(SplitBill, on_delete=models.PROTECT, related_name="shares")
    user_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(name="split_bill_share_once", fields=["split", "user_id"]),
            models.CheckConstraint(
                name="split_bill_share_above_zero", condition=Q(amount_minor__gt=0)
            ),
        )

    def __str__(self) -> str:
        return f"share of {self.split_id}"


class RedPacket(models.Model):
    """Money in an account of its own, for whoever claims a share first; `due_at` ends it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    sender_id = models.UUIDField()
    key = models.CharField(max_length=255)
    account_id = models.UUIDField()
    total_minor = models.BigIntegerField()
    shares = models.PositiveSmallIntegerField()
    claimed = models.PositiveSmallIntegerField(default=0)
    state = columns.state(PacketState.CLAIMING, 8)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="red_packet_once", fields=["sender_id", "key"]),
            models.CheckConstraint(name="red_packet_within", condition=Q(claimed__lte=F("shares"))),
        )
        indexes = (
            models.Index(
                name="red_packet_due", fields=["due_at"], condition=Q(due_at__isnull=False)
            ),
        )

    def __str__(self) -> str:
        return f"packet {self.id}"


class PacketClaim(models.Model):
    """What one person got out of one packet."""

    packet = models.ForeignKey(RedPacket, on_delete=models.PROTECT, related_name="claims")
    user_id = models.UUIDField()
    amount_minor = models.BigIntegerField()
    claimed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(name="packet_claim_once", fields=["packet", "user_id"]),
        )

    def __str__(self) -> str:
        return f"claim of {self.packet_id}"
