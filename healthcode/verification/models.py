"""Tables of venues, terminals and what they saw."""

from django.db import models

from config.kernel import clock
from config.kernel.ids import uuid7
from healthcode.subjects.models import Subject
from healthcode.verification.values import Direction, LookKind, Method, Verdict


class VenuePolicy(models.Model):
    """What a kind of venue lets in: a thing apart from the colour."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=64, unique=True)
    admits = models.JSONField(default=list, help_text='colours, as ["GREEN"]; none = nobody')
    max_test_age_h = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        db_table = "health_venue_policy"
        verbose_name_plural = "venue policies"

    def __str__(self) -> str:
        return self.name


class Venue(models.Model):
    """A place with a gate, and the code on its wall."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=64)
    region = models.CharField(max_length=6)
    address = models.CharField(max_length=128, blank=True)
    policy = models.ForeignKey(VenuePolicy, on_delete=models.PROTECT)
    code_version = models.PositiveIntegerField(default=1, editable=False)
    code_nonce = models.CharField(max_length=16, editable=False)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        db_table = "health_venue"

    def __str__(self) -> str:
        return self.name


class Terminal(models.Model):
    """A registered device at a venue that may verify codes. Its secret is kept as a hash."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="terminals")
    label = models.CharField(max_length=40)
    secret_hash = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "health_terminal"

    def __str__(self) -> str:
        return f"{self.label} at {self.venue_id}"


class Verification(models.Model):
    """A code that was looked at. The subject is forgotten after a day, the row later."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(db_index=True)
    terminal = models.ForeignKey(Terminal, on_delete=models.PROTECT, null=True)
    verdict = models.CharField(max_length=12, choices=[(v.value, v.name) for v in Verdict])
    reason = models.CharField(max_length=40, blank=True)
    colour = models.CharField(max_length=8, blank=True)
    offline = models.BooleanField(default=False)
    subject = models.ForeignKey(Subject, on_delete=models.SET_NULL, null=True)
    forget_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        db_table = "health_verification"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.verdict} {self.at:%Y-%m-%d %H:%M}"


class CheckIn(models.Model):
    """Somebody came or went. One made by oneself proves nothing and colours nobody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="checkins")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="checkins")
    at = models.DateTimeField()
    direction = models.CharField(max_length=3, choices=[(d.value, d.name) for d in Direction])
    method = models.CharField(max_length=8, choices=[(m.value, m.name) for m in Method])
    colour = models.CharField(max_length=8)
    delete_after = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "health_checkin"
        ordering = ("-id",)
        indexes = (models.Index(name="health_checkin_at", fields=["venue", "at"]),)

    def __str__(self) -> str:
        return f"{self.direction} {self.at:%Y-%m-%d %H:%M}"


class Look(models.Model):
    """An entry of a person's own access log: who looked at my code, and what came of it.

    `facts` holds the reasons behind a refusal: told to the person, never to the gate.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="looks")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=[(k.value, k.name) for k in LookKind])
    by = models.CharField(max_length=128)
    outcome = models.CharField(max_length=12)
    colour = models.CharField(max_length=8, blank=True)
    facts = models.JSONField(default=dict)
    delete_after = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "health_look"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.kind} by {self.by}"
