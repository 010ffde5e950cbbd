"""Shapes of the sharing API. Amounts are decimal text in yuan."""

from typing import Any

from rest_framework import serializers

from config.http.serializers import ModelAnswer, ShownTextField, StrictSerializer
from wallet.accounts.serializers import AmountRequest, MoneyField
from wallet.sharing.models import PacketClaim, RedPacket, SplitBill
from wallet.sharing.rules import SHARES_MAXIMUM


class SplitBillRequest(AmountRequest):
    """What was paid, and with whom it is shared beside the caller."""

    phones = serializers.ListField(
        child=serializers.CharField(max_length=32), min_length=1, max_length=SHARES_MAXIMUM - 1
    )
    title = ShownTextField(max_length=64, default="", allow_blank=True)


class SharePinRequest(StrictSerializer):
    """The payer's PIN."""

    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False)


class RedPacketRequest(AmountRequest):
    """How much for how many."""

    shares = serializers.IntegerField(min_value=1, max_value=SHARES_MAXIMUM)
    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False)


class SplitShareAnswer(serializers.Serializer[Any]):
    """One share."""

    amount = MoneyField(source="amount_minor")
    paid_at = serializers.DateTimeField(allow_null=True)


class SplitBillAnswer(ModelAnswer[SplitBill]):
    """A split bill; the requester's share comes first."""

    total = MoneyField(source="total_minor")
    shares = SplitShareAnswer(many=True)

    class Meta:
        model = SplitBill
        fields = ("id", "title", "total", "state", "shares", "created_at")


class RedPacketAnswer(ModelAnswer[RedPacket]):
    """A red packet."""

    total = MoneyField(source="total_minor")

    class Meta:
        model = RedPacket
        fields = ("id", "total", "shares", "claimed", "state", "due_at")


class PacketClaimAnswer(ModelAnswer[PacketClaim]):
    """What the caller got."""

    amount = MoneyField(source="amount_minor")

    class Meta:
        model = PacketClaim
        fields = ("amount", "claimed_at")
