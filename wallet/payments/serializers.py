"""Requests and answers of the payments API: shapes, not decisions."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.serializers import ShownTextField, StrictSerializer
from wallet.accounts.serializers import AmountRequest, MoneyField, PhoneField
from wallet.coupons.rules import MOST_TOGETHER
from wallet.payments.models import Payment, Transfer
from wallet.payments.values import (
    CURRENCY,
    CloseReason,
    Method,
    PayeeKind,
    PaymentStatus,
    TransferState,
    payer_texts,
)

ROLES = ["payer", "payee"]


class AliasesRequest(StrictSerializer):
    """The device that asks for aliases."""

    device_id = serializers.UUIDField()


class NothingRequest(StrictSerializer):
    """No body, or an empty object."""


class ConfirmRequest(StrictSerializer):
    """The payment PIN, where the payment needs it."""

    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False, required=False)
    device_id = serializers.UUIDField(required=False)
    coupons = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MOST_TOGETHER, source="coupon_ids"
    )


class TransferRequest(AmountRequest):
    """Whom to send how much, with the payment PIN."""

    payee_phone = PhoneField(max_length=32)
    note = ShownTextField(max_length=128, default="", allow_blank=True)
    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False)


class FreshCodeAnswer(serializers.Serializer[Any]):
    """A whole payment code, to be shown at once."""

    code = serializers.RegexField(r"^[0-9]{20}$")
    expires_at = serializers.DateTimeField()


class AliasAnswer(serializers.Serializer[Any]):
    """An alias to make codes from."""

    alias = serializers.RegexField(r"^[0-9]{9}$")
    expires_at = serializers.DateTimeField()


class AliasesAnswer(serializers.Serializer[Any]):
    """A device's aliases, with what it needs to make codes of them.

    `server_time` lets the phone work out how far its clock is off.
    """

    prefix = serializers.CharField()
    step_s = serializers.IntegerField()
    server_time = serializers.DateTimeField()
    aliases = AliasAnswer(many=True)


class PaymentAnswer(serializers.Serializer[Payment]):
    """A payment as one of its two sides sees it."""

    payment_id = serializers.UUIDField(source="id")
    number = serializers.CharField()
    status = serializers.ChoiceField(choices=[s.value for s in PaymentStatus])
    method = serializers.ChoiceField(choices=[m.value for m in Method])
    role = serializers.SerializerMethodField()
    payee_name = serializers.CharField()
    payee_kind = serializers.ChoiceField(choices=[k.value for k in PayeeKind])
    description = serializers.CharField()
    amount = MoneyField(source="amount_minor")
    refunded = MoneyField(source="refunded_minor")
    currency = serializers.ChoiceField(choices=[CURRENCY])
    needs_pin = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    paid_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    close_reason = serializers.ChoiceField(choices=["", *(r.value for r in CloseReason)])
    texts = serializers.SerializerMethodField()

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_texts(self, payment: Payment) -> dict[str, str]:
        """The payee's own words beside the description, by their names."""
        return payer_texts(payment.details)

    @extend_schema_field({"type": "string", "enum": ROLES})
    def get_role(self, payment: Payment) -> str:
        """Which side the one who asks is on."""
        return "payer" if payment.payer_id == self.context["user_id"] else "payee"


class RefundAnswer(serializers.Serializer[Any]):
    """Money given back."""

    amount = MoneyField(source="amount_minor")
    currency = serializers.ChoiceField(choices=[CURRENCY])
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()


class PaymentDetailAnswer(PaymentAnswer):
    """A payment with its refunds, and in plain words why the payer was asked to confirm it."""

    refunds = serializers.SerializerMethodField()
    notices = serializers.SerializerMethodField()

    @extend_schema_field(RefundAnswer(many=True))
    def get_refunds(self, payment: Payment) -> Any:
        """Its refunds, oldest first."""
        return RefundAnswer(self.context["refunds"], many=True).data

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_notices(self, payment: Payment) -> list[str]:
        """What the risk rules have to say; the score is never shown."""
        notices: list[str] = self.context["notices"]
        return notices


class TransferAnswer(serializers.Serializer[Transfer]):
    """A transfer as one of its two sides sees it."""

    transfer_id = serializers.UUIDField(source="id")
    number = serializers.CharField()
    role = serializers.SerializerMethodField()
    payee_name = serializers.CharField()
    amount = MoneyField(source="amount_minor")
    currency = serializers.ChoiceField(choices=[CURRENCY])
    note = serializers.CharField()
    state = serializers.ChoiceField(choices=list(TransferState))
    created_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)

    @extend_schema_field({"type": "string", "enum": ROLES})
    def get_role(self, transfer: Any) -> str:
        """Which side the one who asks is on."""
        return "payer" if transfer.payer_id == self.context["user_id"] else "payee"
