"""Terminals, enrolments, sessions and tokens. No image, no template, no measure of a face."""

from django.db import models
from django.db.models import Q

from config.kernel import clock
from config.kernel.ids import uuid7
from merchants.faces.values import EnrolmentState, TerminalState
from merchants.onboarding.models import Store


class FaceTerminal(models.Model):
    """A device in a store whose word about a person is believed once it is certified.

    `serial` is the maker's number for it, `public_key` verifies what it signs.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    store = models.ForeignKey(Store, on_delete=models.PROTECT, related_name="face_terminals")
    serial = models.CharField(max_length=64, unique=True)
    vendor = models.CharField(max_length=64)
    public_key = models.TextField()
    state = models.CharField(
        max_length=9,
        choices=[(state.value, state.value.capitalize()) for state in TerminalState],
        default=TerminalState.PENDING.value,
    )
    created_at = models.DateTimeField(default=clock.now)
    state_changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        permissions = (("certify_faceterminal", "Can certify and revoke face terminals"),)

    def __str__(self) -> str:
        return self.serial


class FaceEnrolment(models.Model):
    """A person's permission to be recognised; `subject` is all that vendors know of them."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField()
    subject = models.CharField(max_length=32, unique=True)
    state = models.CharField(
        max_length=9,
        choices=[(state.value, state.value.capitalize()) for state in EnrolmentState],
        default=EnrolmentState.ACTIVE.value,
    )
    enrolled_at = models.DateTimeField(default=clock.now)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                name="face_enrolled_once",
                fields=["user_id"],
                condition=Q(state=EnrolmentState.ACTIVE.value),
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.id}"


class FaceSession(models.Model):
    """One look at one person, begun by a merchant's app for a terminal of its store."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=32, unique=True)
    nonce = models.CharField(max_length=32)
    terminal = models.ForeignKey(FaceTerminal, on_delete=models.PROTECT, related_name="sessions")
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"session {self.id}"


class FaceToken(models.Model):
    """What a session came to: good for a minute, at one merchant, for one order.

    Kept as a hash. `on_phone` is set where the look was good enough to know the person and
    not good enough to take their money.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    token_hash = models.CharField(max_length=64, unique=True)
    session = models.OneToOneField(FaceSession, on_delete=models.PROTECT, related_name="token")
    enrolment = models.ForeignKey(FaceEnrolment, on_delete=models.PROTECT, related_name="tokens")
    on_phone = models.BooleanField(default=False)
    issued_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="face_token_used_for_something",
                condition=Q(used_at__isnull=True, reference="")
                | (Q(used_at__isnull=False) & ~Q(reference="")),
            ),
        )

    def __str__(self) -> str:
        return f"token {self.id}"
