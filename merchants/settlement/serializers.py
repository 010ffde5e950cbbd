"""What the settlement API answers. Amounts are decimal text in major units."""

from typing import Any

from rest_framework import serializers

from merchants.acceptance.serializers import RowMoneyField
from merchants.settlement.models import SettlementBatch
from merchants.settlement.values import BatchState


class PayoutAttemptSerializer(serializers.Serializer[Any]):
    """One attempt to pay a settlement out, and what the bank calls it."""

    attempt = serializers.IntegerField()
    state = serializers.CharField()
    amount = RowMoneyField()
    bank_reference = serializers.CharField()
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)


class SettlementFigures(serializers.Serializer[Any]):
    """What a business day's settlement comes to, sum by sum."""

    gross = RowMoneyField()
    refunded = RowMoneyField()
    split = RowMoneyField()
    split_back = RowMoneyField()
    fee = RowMoneyField()
    net = RowMoneyField()
    brought = RowMoneyField()
    carried = RowMoneyField()
    taken = RowMoneyField()
    covered = RowMoneyField()
    receivable = RowMoneyField()
    payable = RowMoneyField()
    aside = RowMoneyField()
    released = RowMoneyField()
    reserved = RowMoneyField()
    unreserved = RowMoneyField()
    netted = RowMoneyField()


class BatchSerializer(SettlementFigures, serializers.ModelSerializer[SettlementBatch]):
    """A settlement: one merchant's business day in one currency."""

    merchant_id = serializers.CharField(source="merchant.merchant_number")
    state = serializers.ChoiceField(choices=[state.value for state in BatchState])
    payouts = PayoutAttemptSerializer(many=True, read_only=True)

    class Meta:
        model = SettlementBatch
        fields = (
            "id",
            "merchant_id",
            "business_date",
            "currency",
            "state",
            "opens_at",
            "closes_at",
            "payment_count",
            "refund_count",
            "gross",
            "refunded",
            "split",
            "split_back",
            "fee",
            "net",
            "brought",
            "carried",
            "taken",
            "covered",
            "receivable",
            "payable",
            "aside",
            "released",
            "reserved",
            "unreserved",
            "netted",
            "payout_after",
            "waits_for",
            "calculated_at",
            "finished_at",
            "payouts",
        )


class StatementSerializer(SettlementFigures):
    """A merchant's daily bill: its totals; the lines are in the CSV.

    Of a day that is open, what it holds so far.
    """

    merchant_id = serializers.CharField(source="merchant_number")
    business_date = serializers.DateField()
    currency = serializers.CharField()
    state = serializers.ChoiceField(choices=[state.value for state in BatchState])
    is_open = serializers.BooleanField()
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()
    opening = RowMoneyField()
    closing = RowMoneyField()
    payment_count = serializers.IntegerField()
    refund_count = serializers.IntegerField()


class StatementListSerializer(serializers.Serializer[Any]):
    """The daily bills of all of the caller's merchants."""

    statements = StatementSerializer(many=True)


class StatementQuerySerializer(serializers.Serializer[Any]):
    """What a bill is asked for by."""

    date = serializers.DateField()
    state = serializers.MultipleChoiceField(
        choices=[state.value for state in BatchState], required=False
    )
    bom = serializers.BooleanField(default=False)


class SettlementQuerySerializer(serializers.Serializer[Any]):
    """Which settlements are listed: of a day, or from one to another, in some states."""

    date = serializers.DateField(required=False)
    date_from = serializers.DateField(required=False)
    date_to = serializers.DateField(required=False)
    state = serializers.MultipleChoiceField(
        choices=[state.value for state in BatchState], required=False
    )


class LinesQuerySerializer(serializers.Serializer[Any]):
    """How the lines are written."""

    bom = serializers.BooleanField(default=False)


class DemandSerializer(serializers.Serializer[Any]):
    """How many settlements go out that waited to be asked for."""

    settlements = serializers.IntegerField()
