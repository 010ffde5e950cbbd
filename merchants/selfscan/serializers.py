"""Shapes of scan and go. Amounts are decimal text in yuan."""

from typing import Any

from rest_framework import serializers

from config.http.serializers import ModelAnswer, ShownTextField, StrictSerializer
from merchants.acceptance.serializers import AmountField, RowMoneyField
from merchants.selfscan import queries, rules
from merchants.selfscan.models import Trip
from wallet.money import format_amount

_BPS: dict[str, Any] = {"min_value": 0, "max_value": rules.WHOLE_BPS, "required": False}


class StoreRequest(StrictSerializer):
    """For which app a store sells, and how it draws audits (hundredths of a per cent)."""

    app_id = serializers.CharField(max_length=16)
    audit_seed = serializers.IntegerField(min_value=0, max_value=2**62, required=False)
    base_bps = serializers.IntegerField(**_BPS)
    new_shopper_bps = serializers.IntegerField(**_BPS)
    removed_bps = serializers.IntegerField(**_BPS)
    shrink_bps = serializers.IntegerField(**_BPS)


class ProductRequest(StrictSerializer):
    """What a product costs; `restricted` by age, `shrinks` where it often goes missing."""

    name = ShownTextField(max_length=64)
    price = AmountField()
    restricted = serializers.BooleanField(default=False)
    shrinks = serializers.BooleanField(default=False)


class LineRequest(StrictSerializer):
    """How many are in the basket."""

    quantity = serializers.IntegerField(min_value=0, max_value=2**31 - 1)


class CheckoutRequest(StrictSerializer):
    """The total the shopper has seen and confirms."""

    total = AmountField()


class TripPaymentRequest(StrictSerializer):
    """The payment PIN, where one is needed."""

    pin = serializers.CharField(min_length=6, max_length=6, required=False)


class ExitRequest(StrictSerializer):
    """What the gate has read."""

    code = serializers.CharField(max_length=64)


class AuditRequest(StrictSerializer):
    """How many of each barcode are in the bag; what is not named is none."""

    counted = serializers.DictField(
        child=serializers.IntegerField(min_value=0, max_value=2**31 - 1), allow_empty=True
    )


class BasketLineSerializer(serializers.Serializer[Any]):
    """A line, at the price the shopper saw and at that of now."""

    barcode = serializers.CharField()
    quantity = serializers.IntegerField()
    seen_price = RowMoneyField("seen_minor")
    price = RowMoneyField()
    approved = serializers.BooleanField()


class TripSerializer(ModelAnswer[Trip]):
    """A trip: its basket, what it costs now, what was ordered, what an audit found."""

    lines = serializers.SerializerMethodField()
    quote = serializers.SerializerMethodField()
    total = RowMoneyField()
    difference = RowMoneyField()

    class Meta:
        model = Trip
        fields = (
            "id",
            "number",
            "state",
            "lines",
            "quote",
            "total",
            "payment_id",
            "difference",
            "difference_payment_id",
            "opened_at",
            "due_at",
            "ended_at",
        )

    def get_lines(self, trip: Trip) -> list[dict[str, Any]]:
        return list(BasketLineSerializer(queries.basket(trip), many=True).data)

    def get_quote(self, trip: Trip) -> str:
        return format_amount(rules.total(queries.basket(trip)), "CNY")


class ExitCodeSerializer(serializers.Serializer[Any]):
    """A code for the gate."""

    code = serializers.CharField()
    expires_in_s = serializers.IntegerField()


class ExitAnswerSerializer(serializers.Serializer[Any]):
    """Whether the gate opens, and why."""

    opens = serializers.BooleanField()
    outcome = serializers.CharField()


class ProductSerializer(serializers.Serializer[Any]):
    """A product as it is sold from now on."""

    barcode = serializers.CharField()
    name = serializers.CharField()
    price = RowMoneyField()


class SelfscanStoreSerializer(serializers.Serializer[Any]):
    """How a store sells by scan and go."""

    store_id = serializers.UUIDField()
    app_id = serializers.CharField(source="app_number")
    base_bps = serializers.IntegerField()
