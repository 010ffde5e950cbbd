"""Tables of agreements and the deductions made under them. Columns and constraints only."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from config.kernel import clock, columns
from config.kernel.ids import uuid7
from wallet.agreements.values import (
    AgreementStatus,
    DeductionOrigin,
    DeductionStatus,
    Party,
    PeriodType,
)

_SIGNED = [AgreementStatus.NORMAL.value, AgreementStatus.SUSPENDED.value]
_TRYING = [DeductionStatus.PENDING.value, DeductionStatus.RETRYING.value]


class Agreement(models.Model):
    """A payer's consent to debits by one payee, within terms.

    `lapses_at` is when the offer runs out and, once signed, when the agreement does.
    `debits` and `debited_minor` count what was taken, under this row's lock; what is
    refunded is not given back to the caps. `next_on` is the day of the next debit.
    `plan_minor` is what the platform takes by itself each period; `notice_at` is when
    the payer is told of the next one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    number = models.CharField(max_length=20)
    token = models.CharField(max_length=26)
    status = columns.state(AgreementStatus.TEMP, 9)
    payee_id = models.UUIDField()
    payee_account_id = models.UUIDField()
    payee_owner_id = models.UUIDField()
    payee_name = models.CharField(max_length=128)
    payee_zone = models.CharField(max_length=40)
    payee_cutoff_hour = models.PositiveSmallIntegerField(db_default=0, default=0)
    external_no = models.CharField(max_length=64, blank=True)
    product = models.CharField(max_length=64, blank=True)
    scene = models.CharField(max_length=64, blank=True)
    payer_id = models.UUIDField(null=True)
    currency = models.CharField(max_length=3)
    period_type = models.CharField(max_length=5, blank=True, choices=[(p, p) for p in PeriodType])
    period = models.PositiveSmallIntegerField(null=True)
    first_on = models.DateField(null=True)
    single_minor = models.BigIntegerField(null=True)
    total_minor = models.BigIntegerField(null=True)
    total_payments = models.PositiveBigIntegerField(null=True)
    valid_until = models.DateTimeField(null=True)
    challenge = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=clock.now)
    lapses_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    suspended_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=8, blank=True, choices=[(s, s) for s in Party])
    next_on = models.DateField(null=True)
    debits = models.PositiveIntegerField(default=0)
    debited_minor = models.BigIntegerField(default=0)
    last_debit_at = models.DateTimeField(null=True)
    plan_minor = models.BigIntegerField(null=True)
    plan_description = models.CharField(max_length=256, blank=True)
    notice_at = models.DateTimeField(null=True)
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    unit = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.UniqueConstraint(name="agreement_one_per_number", fields=["number"]),
            models.UniqueConstraint(name="agreement_one_per_token", fields=["token"]),
            models.UniqueConstraint(
                name="agreement_one_per_external_no",
                fields=["payee_id", "external_no"],
                condition=~Q(external_no=""),
            ),
            models.UniqueConstraint(
                name="agreement_one_in_force",
                fields=["payee_id", "payer_id", "product", "scene", "external_no"],
                condition=Q(status__in=_SIGNED),
            ),
            models.CheckConstraint(
                name="agreement_signed_has_payer",
                condition=Q(payer_id__isnull=False, signed_at__isnull=False)
                | ~Q(status__in=_SIGNED),
            ),
            models.CheckConstraint(
                name="agreement_within_total",
                condition=Q(total_minor__isnull=True) | Q(debited_minor__lte=F("total_minor")),
            ),
            models.CheckConstraint(
                name="agreement_within_payments",
                condition=Q(total_payments__isnull=True) | Q(debits__lte=F("total_payments")),
            ),
        )
        indexes = (
            models.Index(name="agreement_of_payer", fields=["payer_id", "created_at"]),
            models.Index(
                name="agreement_lapse",
                fields=["lapses_at"],
                condition=Q(
                    status__in=[AgreementStatus.TEMP.value, *_SIGNED], lapses_at__isnull=False
                ),
            ),
            models.Index(
                name="agreement_notice",
                fields=["notice_at"],
                condition=Q(notice_at__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.number


class Deduction(models.Model):
    """One debit under an agreement, made or still to be made.

    `reference` is the payee's order number for it. `period_on` is the due day of the
    period it uses up. `first_due_at` is when it was first to be made, which retries
    count from; `due_at` is when it is tried next. `failure` is the code of the last
    refusal.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="deductions")
    origin = models.CharField(max_length=8, choices=[(o, o) for o in DeductionOrigin])
    status = models.CharField(max_length=9, choices=[(s, s) for s in DeductionStatus])
    reference = models.CharField(max_length=64)
    description = models.CharField(max_length=256, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    period_on = models.DateField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    first_due_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    payment_id = models.UUIDField(null=True)
    failure = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-created_at", "-id")
        constraints = (
            models.CheckConstraint(name="deduction_above_zero", condition=Q(amount_minor__gt=0)),
            models.CheckConstraint(
                name="deduction_due_while_open",
                condition=Q(status__in=_TRYING, due_at__isnull=False)
                | (~Q(status__in=_TRYING) & Q(due_at__isnull=True)),
            ),
            models.UniqueConstraint(
                name="deduction_one_open_plan",
                fields=["agreement"],
                condition=Q(status__in=_TRYING, origin=DeductionOrigin.PLAN.value),
            ),
        )
        indexes = (
            models.Index(
                name="deductions_due", fields=["due_at"], condition=Q(due_at__isnull=False)
            ),
            models.Index(name="deductions_of_agreement", fields=["agreement", "created_at"]),
        )

    def __str__(self) -> str:
        return f"{self.reference} {self.status}"
