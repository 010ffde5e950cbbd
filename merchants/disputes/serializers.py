"""Shapes of the disputes API. Amounts are decimal text in yuan."""

from typing import Any

from rest_framework import serializers

from config.http.serializers import ModelAnswer, ShownTextField, StrictSerializer
from merchants.acceptance.serializers import AmountField, RowMoneyField
from merchants.disputes.models import Dispute
from merchants.disputes.rules import BEGINNINGS, EVIDENCE_MAXIMUM, TEXT_MAXIMUM
from merchants.disputes.values import DisputeReason


class DisputeRequest(StrictSerializer):
    """What the buyer objects to; without an amount all that was not refunded."""

    payment_id = serializers.UUIDField()
    reason = serializers.ChoiceField(choices=[reason.value for reason in DisputeReason])
    text = ShownTextField(max_length=TEXT_MAXIMUM, lines=True)
    amount = AmountField(required=False)


class AnswerRequest(StrictSerializer):
    """What the merchant says against it."""

    text = ShownTextField(max_length=1000, lines=True)


class EvidenceRequest(StrictSerializer):
    """A file as base64, up to 1 MiB before it."""

    content_type = serializers.ChoiceField(choices=sorted(BEGINNINGS))
    content = serializers.CharField(max_length=EVIDENCE_MAXIMUM * 4 // 3 + 4)
    note = ShownTextField(max_length=500, lines=True, default="", allow_blank=True)


class EvidenceSerializer(serializers.Serializer[Any]):
    """A file that was handed in; its content is not given out again."""

    id = serializers.UUIDField()
    side = serializers.CharField()
    content_type = serializers.CharField()
    note = serializers.CharField()
    handed_in_at = serializers.DateTimeField()


class DisputeSerializer(ModelAnswer[Dispute]):
    """A dispute as both sides see it."""

    merchant_name = serializers.CharField(source="merchant.name")
    amount = RowMoneyField()
    evidence = EvidenceSerializer(many=True)

    class Meta:
        model = Dispute
        fields = (
            "id",
            "payment_id",
            "payment_number",
            "merchant_name",
            "amount",
            "currency",
            "reason",
            "text",
            "state",
            "finding",
            "opened_at",
            "due_at",
            "decided_at",
            "evidence",
        )
