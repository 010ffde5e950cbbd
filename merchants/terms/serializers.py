"""What the API answers of settlement terms."""

from typing import Any

from rest_framework import serializers

from merchants.terms.models import BankAccountChange, MethodFee, PayoutTermsVersion


class PayoutTermsSerializer(serializers.ModelSerializer[PayoutTermsVersion]):
    """Payout terms from a business date on; amounts in minor units."""

    class Meta:
        model = PayoutTermsVersion
        fields = (
            "version",
            "valid_from",
            "delay_days",
            "calendar",
            "schedule",
            "schedule_day",
            "minimum_minor",
            "reserve_bps",
            "reserve_days",
        )


class MethodFeeSerializer(serializers.ModelSerializer[MethodFee]):
    """A fee from a business date on; amounts in minor units."""

    class Meta:
        model = MethodFee
        fields = (
            "version",
            "method",
            "valid_from",
            "fee_bps",
            "fixed_minor",
            "minimum_minor",
            "maximum_minor",
            "kept_on_refund",
        )


class BankAccountChangeSerializer(serializers.ModelSerializer[BankAccountChange]):
    """A change of the bank account that waits."""

    class Meta:
        model = BankAccountChange
        fields = ("bank", "account", "holder", "created_at", "takes_effect_at", "cancelled_at")


class TermsSerializer(serializers.Serializer[Any]):
    """All terms of a merchant: what holds, what held, what is to hold."""

    merchant_id = serializers.CharField()
    fee_bps = serializers.IntegerField()
    payouts_on_hold = serializers.BooleanField()
    payout_terms = PayoutTermsSerializer(many=True)
    fees = MethodFeeSerializer(many=True)
    bank_account_change = BankAccountChangeSerializer(allow_null=True)
