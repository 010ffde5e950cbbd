"""Shapes of the balance API. Amounts are decimal text in yuan."""

from typing import Any

from rest_framework import serializers

from config.http.serializers import StrictSerializer
from merchants.acceptance.serializers import AmountField
from merchants.payouts.values import BankResult


class BalanceTopupRequest(StrictSerializer):
    """How much goes from the owner's wallet to the balance, and the owner's payment PIN."""

    amount = AmountField()
    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False)


class BalanceSerializer(serializers.Serializer[Any]):
    """A merchant's own balance: what may be spent of it, and what is held."""

    merchant_id = serializers.CharField()
    currency = serializers.CharField()
    available = serializers.CharField()
    held = serializers.CharField()


class CardAnswerRequest(StrictSerializer):
    """What the bank says of one transfer to a card; the amount is what it moved."""

    bank_reference = serializers.CharField(max_length=64)
    transfer_number = serializers.RegexField(r"^[0-9]{1,32}\Z")
    amount_minor = serializers.IntegerField(min_value=1, max_value=2**53)
    currency = serializers.RegexField(r"^[A-Z]{3}\Z")
    result = serializers.ChoiceField(choices=[result.value for result in BankResult])
    reason = serializers.CharField(max_length=64, allow_blank=True, default="")


class CardAnswerStored(serializers.Serializer[Any]):
    """An answer that is kept; it is acted on by itself."""

    id = serializers.UUIDField()
    bank_reference = serializers.CharField()


class BalanceTopupSerializer(serializers.Serializer[Any]):
    """A top-up that has been made."""

    id = serializers.UUIDField()
    merchant_id = serializers.CharField()
    amount = serializers.CharField()
    currency = serializers.CharField()
    created_at = serializers.DateTimeField()
