"""Requests and answers of the agreements API: shapes, not decisions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.serializers import StrictSerializer
from wallet.accounts.serializers import MoneyField
from wallet.agreements.models import Agreement, Deduction
from wallet.agreements.values import (
    AgreementStatus,
    AgreementView,
    DeductionStatus,
    PeriodType,
)

PIN = r"^[0-9]{6}\Z"
PERIODS = ["", *(kind.value for kind in PeriodType)]


class UnsignRequest(StrictSerializer):
    """No body, or an empty object."""


class ResumeRequest(StrictSerializer):
    """The payment PIN."""

    pin = serializers.RegexField(PIN, trim_whitespace=False)


class SignRequest(ResumeRequest):
    """Consent: the PIN, and the digest of the terms that were shown."""

    challenge = serializers.RegexField(r"^[0-9a-f]{64}\Z", trim_whitespace=False)


class TermsAnswer(serializers.Serializer[Any]):
    """Caps and rhythm; null where none was agreed."""

    period_type = serializers.ChoiceField(choices=PERIODS, allow_null=True)
    period = serializers.IntegerField(allow_null=True)
    first_on = serializers.DateField(allow_null=True)
    single = MoneyField(source="single_minor", allow_null=True)
    total = MoneyField(source="total_minor", allow_null=True)
    total_payments = serializers.IntegerField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)


class OfferAnswer(serializers.Serializer[AgreementView]):
    """An offer as the payer who opens it sees it; consent names its `challenge`."""

    agreement_id = serializers.UUIDField(source="id")
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=[s.value for s in AgreementStatus])
    payee_name = serializers.CharField()
    external_no = serializers.CharField()
    currency = serializers.CharField()
    terms = TermsAnswer()
    challenge = serializers.CharField()
    expires_at = serializers.DateTimeField(source="lapses_at", allow_null=True)


class AgreementAnswer(TermsAnswer):
    """One of the caller's agreements, with what has been taken under it."""

    agreement_id = serializers.UUIDField(source="id")
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=[s.value for s in AgreementStatus])
    payee_name = serializers.CharField()
    external_no = serializers.CharField()
    currency = serializers.CharField()
    signed_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_by = serializers.CharField()
    next_on = serializers.DateField(allow_null=True)
    debits = serializers.IntegerField()
    debited = MoneyField(source="debited_minor")


class DeductionAnswer(serializers.Serializer[Deduction]):
    """One debit, made or to be made; `due_at` is when it is tried next."""

    status = serializers.ChoiceField(choices=[s.value for s in DeductionStatus])
    description = serializers.CharField()
    amount = MoneyField(source="amount_minor")
    currency = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    attempts = serializers.IntegerField()
    failure = serializers.CharField()
    payment_id = serializers.UUIDField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class AgreementDetailAnswer(AgreementAnswer):
    """An agreement with its newest deductions."""

    deductions = serializers.SerializerMethodField()

    @extend_schema_field(DeductionAnswer(many=True))
    def get_deductions(self, agreement: Agreement) -> Any:
        """Made and to be made, newest first."""
        return DeductionAnswer(self.context["deductions"], many=True).data
