"""Tables of speakers. Amounts are whole minor units."""

from django.db import models
from django.db.models import Q

from config.kernel import clock
from config.kernel.ids import uuid7
from merchants.speakers.values import Voice, Way


class Speaker(models.Model):
    """A device that its owner bound to one agreement; its key signs what it heard.

    `daily_minor` is the most it may spend a day without the phone; `day_minor` is what it has
    spent of it on `day`, judged and written under the row's lock.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField()
    serial = models.CharField(max_length=64)
    public_key = models.TextField()
    agreement_id = models.UUIDField()
    daily_minor = models.BigIntegerField()
    day = models.DateField(null=True)
    day_minor = models.BigIntegerField(default=0, db_default=0)
    bound_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                name="speaker_bound_once",
                fields=["user_id", "serial"],
                condition=Q(revoked_at__isnull=True),
            ),
            models.CheckConstraint(
                name="speaker_within_day",
                condition=Q(day_minor__gte=0, day_minor__lte=models.F("daily_minor")),
            ),
        )

    def __str__(self) -> str:
        return self.serial


class VoiceOrder(models.Model):
    """What was spoken once. Where it stands follows from the payment of its `reference`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    speaker = models.ForeignKey(Speaker, on_delete=models.PROTECT, related_name="orders")
    payee_id = models.UUIDField()
    request_no = models.CharField(max_length=64)
    reference = models.CharField(max_length=64, unique=True)
    subject = models.CharField(max_length=128)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    voice = models.CharField(max_length=7, choices=[(voice, voice) for voice in Voice])
    way = models.CharField(max_length=9, choices=[(way, way) for way in Way])
    refusal = models.CharField(max_length=64, blank=True)
    spoken_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                name="voice_order_once_a_request", fields=["speaker", "request_no"]
            ),
        )
        indexes = (models.Index(name="voice_order_ends", fields=["expires_at"]),)

    def __str__(self) -> str:
        return self.subject
