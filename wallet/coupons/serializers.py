"""Shapes of the coupons API. Amounts are decimal text in yuan."""

from rest_framework import serializers

from config.http.serializers import ModelAnswer, StrictSerializer
from wallet.accounts.serializers import MoneyField
from wallet.coupons.models import Coupon


class ClaimRequest(StrictSerializer):
    """Which campaign's coupon is claimed."""

    campaign = serializers.RegexField(r"^[A-Z0-9-]{3,32}\Z", trim_whitespace=False)


class CouponAnswer(ModelAnswer[Coupon]):
    """A coupon: what it pays, from which price on, until when, and what it paid for."""

    campaign = serializers.CharField(source="campaign.code")
    name = serializers.CharField(source="campaign.name")
    amount = MoneyField(source="amount_minor")
    least_price = MoneyField(source="campaign.from_minor")
    stacks = serializers.BooleanField(source="campaign.stacks")
    expires_at = serializers.DateTimeField(source="campaign.ends_at")

    class Meta:
        model = Coupon
        fields = (
            *("id", "campaign", "name", "amount", "least_price", "stacks", "state"),
            *("expires_at", "payment_id", "spent_at"),
        )
