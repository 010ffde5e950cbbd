"""Shapes of the balance API. Amounts are decimal text in yuan."""

from typing import Any

from rest_framework import serializers

from config.http.serializers import StrictSerializer
from merchants.acceptance.serializers import AmountField


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


class BalanceTopupSerializer(serializers.Serializer[Any]):
    """A top-up that has been made."""

    id = serializers.UUIDField()
    merchant_id = serializers.CharField()
    amount = serializers.CharField()
    currency = serializers.CharField()
    created_at = serializers.DateTimeField()
