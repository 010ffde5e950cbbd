"""Tables of authorisations, their operations, and arrears.

Columns and constraints only. As in payments, rows name users and ledger accounts by id.
"""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from config.kernel import clock, columns
from config.kernel.ids import uuid7
from wallet.authorisations.values import (
    ArrearsState,
    AuthorisationStatus,
    EndReason,
    OperationKind,
    OperationStatus,
    TrustConsent,
    TrustDisputeState,
)


class Authorisation(models.Model):
    """A payer's promise to a payee, known to the payee by `reference`.

    `frozen_*` are everything ever frozen, by part; `held_minor` and `waived_minor` are
    what is left of it. A waived part is no money of the payer's: it is our word, kept in
    the books as a memo.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=28)
    status = columns.state(AuthorisationStatus.INIT, 10)
    payer_id = models.UUIDField(null=True, db_index=True)
    payee_id = models.UUIDField()
    payee_account_id = models.UUIDField()
    payee_owner_id = models.UUIDField(null=True)
    payee_name = models.CharField(max_length=128, blank=True)
    payee_zone = models.CharField(max_length=40)
    reference = models.CharField(max_length=64)
    title = models.CharField(max_length=256)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    frozen_funds_minor = models.BigIntegerField(default=0)
    frozen_credit_minor = models.BigIntegerField(default=0)
    held_minor = models.BigIntegerField(default=0)
    waived_minor = models.BigIntegerField(default=0)
    captured_minor = models.BigIntegerField(default=0)
    captured_funds_minor = models.BigIntegerField(default=0)
    released_minor = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    authorised_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    close_reason = models.CharField(max_length=16, blank=True, choices=[(r, r) for r in EndReason])
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    unit = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="authorisation_one_per_number", fields=["number"]),
            models.UniqueConstraint(
                name="authorisation_one_per_reference", fields=["payee_id", "reference"]
            ),
            models.CheckConstraint(
                name="authorisation_adds_up",
                condition=Q(
                    held_minor__gte=0,
                    waived_minor__gte=0,
                    captured_minor__gte=0,
                    released_minor__gte=0,
                    amount_minor__gt=0,
                    frozen_funds_minor=F("held_minor")
                    + F("waived_minor")
                    + F("captured_minor")
                    + F("released_minor")
                    - F("frozen_credit_minor"),
                ),
            ),
            models.CheckConstraint(
                name="authorisation_ended_holds_nothing",
                condition=Q(status=AuthorisationStatus.AUTHORISED.value)
                | Q(held_minor=0, waived_minor=0),
            ),
        )
        indexes = (
            models.Index(
                name="authorisation_expiry",
                fields=["expires_at"],
                condition=Q(status=AuthorisationStatus.AUTHORISED.value),
            ),
        )

    def __str__(self) -> str:
        return self.number


class Operation(models.Model):
    """One freeze, release or capture; a row for each of the payee's requests.

    A freeze may wait for its payer: then it has an end, and where it was offered as a
    code, the `token` in it. `hold_id` is the ledger's hold of its funds.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=28)
    authorisation = models.ForeignKey(
        Authorisation, on_delete=models.PROTECT, related_name="operations"
    )
    kind = models.CharField(max_length=8, choices=[(k, k) for k in OperationKind])
    status = models.CharField(max_length=8, choices=[(s, s) for s in OperationStatus])
    request_no = models.CharField(max_length=64)
    amount_minor = models.BigIntegerField()
    funds_minor = models.BigIntegerField(default=0)
    credit_minor = models.BigIntegerField(default=0)
    waiver = models.BooleanField(default=False)
    cancelled = models.BooleanField(default=False)
    remark = models.CharField(max_length=256, blank=True)
    token = models.CharField(max_length=26, blank=True)
    code_id = models.UUIDField(null=True)
    hold_id = models.UUIDField(null=True)
    payment_id = models.UUIDField(null=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        ordering = ("created_at", "id")
        constraints = (
            models.UniqueConstraint(name="operation_one_per_number", fields=["number"]),
            models.UniqueConstraint(
                name="operation_one_per_request", fields=["authorisation", "kind", "request_no"]
            ),
            models.UniqueConstraint(
                name="operation_one_waits",
                fields=["authorisation"],
                condition=Q(status=OperationStatus.INIT.value),
            ),
            models.UniqueConstraint(
                name="operation_one_per_token", fields=["token"], condition=~Q(token="")
            ),
            models.CheckConstraint(name="operation_above_zero", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="operation_adds_up",
                condition=~Q(status=OperationStatus.SUCCESS.value)
                | Q(amount_minor=F("funds_minor") + F("credit_minor")),
            ),
        )
        indexes = (
            models.Index(
                name="operation_expiry",
                fields=["expires_at"],
                condition=Q(status=OperationStatus.INIT.value),
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.request_no}"


class Arrears(models.Model):
    """What a payer owes us for a capture that we stood in for.

    `due_at` is when grace ends or the next dunning falls; none once it is cleared.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    payer_id = models.UUIDField(db_index=True)
    payment_id = models.UUIDField(unique=True)
    payment_number = models.CharField(max_length=28)
    payee_name = models.CharField(max_length=128, blank=True)
    amount_minor = models.BigIntegerField()
    collected_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    state = columns.state(ArrearsState.OPEN, 8)
    reminders = models.PositiveSmallIntegerField(default=0)
    late = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True)
    cleared_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("created_at", "id")
        verbose_name_plural = "arrears"
        constraints = (
            models.CheckConstraint(
                name="arrears_within_amount",
                condition=Q(collected_minor__gte=0, collected_minor__lte=F("amount_minor")),
            ),
            models.CheckConstraint(
                name="arrears_cleared_is_paid",
                condition=Q(
                    state=ArrearsState.CLEARED.value,
                    collected_minor=F("amount_minor"),
                    due_at__isnull=True,
                )
                | ~Q(state=ArrearsState.CLEARED.value)
                & Q(collected_minor__lt=F("amount_minor"), due_at__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="arrears_due", fields=["due_at"], condition=Q(due_at__isnull=False)),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.payment_number}"


class TrustDispute(models.Model):
    """What somebody says against arrears that count as late in their trust; one for each.

    The debt itself is not touched: it is owed and collected as before.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField(db_index=True)
    arrears = models.OneToOneField(Arrears, on_delete=models.PROTECT, related_name="trust_dispute")
    grounds = models.CharField(max_length=500)
    state = columns.state(TrustDisputeState.OPEN, 9)
    finding = models.CharField(max_length=500, blank=True)
    opened_at = models.DateTimeField(default=clock.now)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-opened_at", "-id")
        constraints = (
            models.CheckConstraint(
                name="trust_dispute_decided_has_time",
                condition=Q(state=TrustDisputeState.OPEN.value, decided_at__isnull=True)
                | ~Q(state=TrustDisputeState.OPEN.value) & Q(decided_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.state} {self.arrears_id}"


class TrustChoice(models.Model):
    """What a user said about waivers on their payment-trust figure; no row is yes."""

    user_id = models.UUIDField(primary_key=True)
    consent = columns.state(TrustConsent.GIVEN, 9)
    changed_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.consent
