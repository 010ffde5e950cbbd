"""Requests and answers of the authorisations API: shapes, not decisions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.serializers import StrictSerializer
from wallet.accounts.serializers import MoneyField
from wallet.authorisations.models import Arrears, Authorisation, TrustDispute
from wallet.authorisations.values import (
    ArrearsState,
    AuthorisationStatus,
    EndReason,
    OperationKind,
    OperationStatus,
    Trust,
    TrustConsent,
    TrustDisputeState,
)
from wallet.payments.values import CURRENCY


class AgreementRequest(StrictSerializer):
    """The payment PIN: nothing is frozen on the phone without it."""

    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False)


class NoRequest(StrictSerializer):
    """No body, or an empty object."""


class AuthorisationAnswer(serializers.Serializer[Authorisation]):
    """An authorisation as its payer sees it.

    `asked` is the first freeze's amount; `held` is set aside, `waived` vouched for.
    """

    authorisation_id = serializers.UUIDField(source="id")
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=[s.value for s in AuthorisationStatus])
    payee_name = serializers.CharField()
    title = serializers.CharField()
    asked = MoneyField(source="amount_minor")
    held = MoneyField(source="held_minor")
    waived = MoneyField(source="waived_minor")
    captured = MoneyField(source="captured_minor")
    released = MoneyField(source="released_minor")
    currency = serializers.ChoiceField(choices=[CURRENCY])
    created_at = serializers.DateTimeField()
    authorised_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    close_reason = serializers.ChoiceField(choices=["", *(r.value for r in EndReason)])


class OperationAnswer(serializers.Serializer[Any]):
    """What was done to an authorisation; a waiting freeze has an end."""

    number = serializers.CharField()
    kind = serializers.ChoiceField(choices=[k.value for k in OperationKind])
    status = serializers.ChoiceField(choices=[s.value for s in OperationStatus])
    amount = MoneyField(source="amount_minor")
    funds = MoneyField(source="funds_minor")
    credit = MoneyField(source="credit_minor")
    remark = serializers.CharField()
    payment_id = serializers.UUIDField(allow_null=True)
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)


class AuthorisationDetailAnswer(AuthorisationAnswer):
    """An authorisation with its operations, oldest first."""

    operations = serializers.SerializerMethodField()

    @extend_schema_field(OperationAnswer(many=True))
    def get_operations(self, authorisation: Authorisation) -> Any:
        """Freezes, releases and captures."""
        return OperationAnswer(self.context["operations"], many=True).data


class ArrearsAnswer(serializers.Serializer[Arrears]):
    """What is or was owed for one payment; `late` counts against my trust for two years."""

    arrears_id = serializers.UUIDField(source="id")
    payment_id = serializers.UUIDField()
    payee_name = serializers.CharField()
    amount = MoneyField(source="amount_minor")
    collected = MoneyField(source="collected_minor")
    currency = serializers.ChoiceField(choices=[CURRENCY])
    state = serializers.ChoiceField(choices=[s.value for s in ArrearsState])
    late = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    cleared_at = serializers.DateTimeField(allow_null=True)


class FactorAnswer(serializers.Serializer[Any]):
    """One reason for the figure."""

    name = serializers.CharField()
    count = serializers.IntegerField()
    points = serializers.IntegerField()


class TrustDisputeRequest(StrictSerializer):
    """Which late mark is wrong, and why."""

    arrears_id = serializers.UUIDField()
    grounds = serializers.CharField(max_length=500)


class TrustDisputeAnswer(serializers.Serializer[TrustDispute]):
    """What I said against a late mark, and what two operators found."""

    dispute_id = serializers.UUIDField(source="id")
    arrears_id = serializers.UUIDField()
    payment_number = serializers.CharField(source="arrears.payment_number")
    grounds = serializers.CharField()
    state = serializers.ChoiceField(choices=[s.value for s in TrustDisputeState])
    finding = serializers.CharField()
    opened_at = serializers.DateTimeField()
    decided_at = serializers.DateTimeField(allow_null=True)


class TrustAnswer(serializers.Serializer[Trust]):
    """My payment-trust figure and everything it is made of."""

    points = serializers.IntegerField()
    may_waive = serializers.BooleanField()
    consent = serializers.ChoiceField(choices=[c.value for c in TrustConsent])
    factors = FactorAnswer(many=True)
