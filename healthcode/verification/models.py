"""Tables of venues, terminals and what they saw."""

from django.db import models

from config.kernel import clock
from config.kernel.append_only import AppendOnly
from config.kernel.ids import uuid7
from healthcode.decisions.models import SourceRegistration
from healthcode.subjects.models import Subject
from healthcode.verification.values import (
    AccessKind,
    Direction,
    Method,
    Presence,
    TerminalMode,
    Verdict,
)


class VenuePolicy(models.Model):
    """What a kind of venue lets in: a thing apart from the colour.

    The row is the version in force; every version there was is a `PolicyVersion`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=64, unique=True)
    admits = models.JSONField(default=list, help_text='colours, as ["GREEN"]; none = nobody')
    max_test_age_h = models.PositiveSmallIntegerField(null=True, blank=True)
    test_age_by_colour = models.JSONField(
        default=dict, blank=True, help_text='hours for one colour, as {"YELLOW": 24}'
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        db_table = "health_venue_policy"
        verbose_name_plural = "venue policies"

    def __str__(self) -> str:
        return self.name


class PolicyVersion(models.Model):
    """What a policy said from a moment on, and who said so. Never changed."""

    append_only = AppendOnly(deletes=True)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    policy = models.ForeignKey(VenuePolicy, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    terms = models.JSONField()
    valid_from = models.DateTimeField(default=clock.now, editable=False)
    made_by = models.CharField(max_length=160)

    class Meta:
        db_table = "health_policy_version"
        ordering = ("-version",)
        constraints = (
            models.UniqueConstraint(name="health_one_policy_version", fields=["policy", "version"]),
        )

    def __str__(self) -> str:
        return f"version {self.version}"


class Venue(models.Model):
    """A place with a gate, and the code on its wall.

    The code has a version and a random part. A screen may change it every few minutes: then
    the one before is good for a moment longer, for whoever was just about to scan it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=64)
    region = models.CharField(max_length=6)
    address = models.CharField(max_length=128, blank=True)
    policy = models.ForeignKey(VenuePolicy, on_delete=models.PROTECT)
    code_version = models.PositiveIntegerField(default=1, editable=False)
    code_nonce = models.CharField(max_length=16, editable=False)
    former_nonce = models.CharField(max_length=16, blank=True, editable=False)
    former_until = models.DateTimeField(null=True, editable=False)
    rotate_every_min = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="for codes on a screen; empty for posters"
    )
    rotate_at = models.DateTimeField(null=True, editable=False, db_index=True)
    capacity = models.PositiveIntegerField(
        null=True, blank=True, help_text="how many may be inside at once; empty for any number"
    )
    closes_at = models.TimeField(
        null=True, blank=True, help_text="when everybody has left, by the clock on the wall"
    )
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        db_table = "health_venue"

    def __str__(self) -> str:
        return self.name


class Terminal(models.Model):
    """A registered device at a venue that may verify codes.

    It proves itself by a secret, kept as a hash, or by signing with a key of its own. One that
    reads identity cards by their chip proves who stands before it; a number that somebody types
    is a look-up and proves nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="terminals")
    label = models.CharField(max_length=40)
    mode = models.CharField(
        max_length=5,
        choices=[(m.value, m.name) for m in TerminalMode],
        default=TerminalMode.GATE,
    )
    secret_hash = models.CharField(max_length=64, editable=False, blank=True)
    public_key = models.BinaryField(
        null=True, editable=False, help_text="P-256 point, compressed, 33 bytes"
    )
    registration = models.OneToOneField(
        SourceRegistration,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="terminal",
        help_text="that it identifies people by their cards",
    )
    created_at = models.DateTimeField(default=clock.now, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "health_terminal"

    @property
    def reads_cards(self) -> bool:
        """Whether what it reads of identity cards proves who was there."""
        return self.registration is not None and self.registration.withdrawn_at is None

    def __str__(self) -> str:
        return f"{self.label} at {self.venue_id}"


class TerminalInvite(models.Model):
    """A word by which a guard's phone registers itself, once and within minutes."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    venue = models.ForeignKey(Venue, on_delete=models.CASCADE)
    mode = models.CharField(max_length=5, choices=[(m.value, m.name) for m in TerminalMode])
    label = models.CharField(max_length=40)
    word_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.CharField(max_length=160)
    expires_at = models.DateTimeField(db_index=True)
    terminal = models.OneToOneField(Terminal, on_delete=models.CASCADE, null=True)

    class Meta:
        db_table = "health_terminal_invite"

    def __str__(self) -> str:
        return f"{self.label} until {self.expires_at:%Y-%m-%d %H:%M}"


class Verification(models.Model):
    """A code that was checked. The subject is forgotten after a day, the row later."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField(db_index=True)
    terminal = models.ForeignKey(Terminal, on_delete=models.PROTECT, null=True)
    verdict = models.CharField(max_length=16, choices=[(v.value, v.name) for v in Verdict])
    reason = models.CharField(max_length=40, blank=True)
    colour = models.CharField(max_length=8, blank=True)
    offline = models.BooleanField(default=False)
    lookup = models.BooleanField(default=False, help_text="by a typed number, without a code")
    policy_version = models.PositiveIntegerField(null=True)
    subject = models.ForeignKey(Subject, on_delete=models.SET_NULL, null=True)
    forget_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        db_table = "health_verification"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.verdict} {self.at:%Y-%m-%d %H:%M}"


class Shown(models.Model):
    """A show of a pass that some gate has seen: the hash of both, for as long as it is good.

    For installations without Redis; no foreign key, and nothing in it names anybody.
    """

    key = models.CharField(primary_key=True, max_length=64)
    forget_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "health_shown"

    def __str__(self) -> str:
        return f"until {self.forget_at:%H:%M:%S}"


class CheckIn(models.Model):
    """Somebody came or went. One that is merely claimed colours nobody."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="checkins")
    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="checkins")
    at = models.DateTimeField()
    direction = models.CharField(max_length=3, choices=[(d.value, d.name) for d in Direction])
    method = models.CharField(max_length=9, choices=[(m.value, m.name) for m in Method])
    presence = models.CharField(
        max_length=10,
        choices=[(p.value, p.name) for p in Presence],
        default=Presence.CLAIMED,
    )
    colour = models.CharField(max_length=8)
    denied_at = models.DateTimeField(
        null=True, editable=False, help_text="when the person said: I was not there"
    )
    delete_after = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "health_checkin"
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                name="health_own_scan_proves_nothing",
                condition=~models.Q(method__in=["SELF", "COMPANION"])
                | models.Q(presence="CLAIMED"),
            ),
        )
        indexes = (
            models.Index(name="health_checkin_at", fields=["venue", "at"]),
            models.Index(name="health_checkin_by_time", fields=["at"]),
            models.Index(name="health_checkin_of", fields=["subject", "at"]),
        )

    def __str__(self) -> str:
        return f"{self.direction} {self.at:%Y-%m-%d %H:%M}"


class Inside(models.Model):
    """Somebody who is at a venue now; gone when they leave, or at the day's end at last."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="visitors")
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="whereabouts")
    presence = models.CharField(max_length=10, choices=[(p.value, p.name) for p in Presence])
    since = models.DateTimeField()
    forget_at = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "health_inside"
        constraints = (
            models.UniqueConstraint(name="health_inside_once", fields=["venue", "subject"]),
        )

    def __str__(self) -> str:
        return f"since {self.since:%Y-%m-%d %H:%M}"


class AccessLogEntry(models.Model):
    """An entry of a person's own access log: who checked my code, and the result.

    `facts` holds the reasons behind a refusal: told to the person, never to the gate.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.CASCADE, related_name="access_log")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=[(k.value, k.name) for k in AccessKind])
    by = models.CharField(max_length=128)
    outcome = models.CharField(max_length=16)
    colour = models.CharField(max_length=8, blank=True)
    facts = models.JSONField(default=dict)
    delete_after = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "health_look"
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.kind} by {self.by}"
