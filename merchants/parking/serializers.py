"""Shapes of the parking API. Amounts are decimal text in yuan."""

from rest_framework import serializers

from config.http.serializers import ModelAnswer, StrictSerializer
from merchants.acceptance.serializers import AmountField, RowMoneyField
from merchants.parking.models import Stay, Vehicle
from merchants.parking.rules import PLATE


class PlateRequest(StrictSerializer):
    """What a gate has read."""

    plate = serializers.RegexField(PLATE, trim_whitespace=False)


class VehicleRequest(PlateRequest):
    """A plate and the agreement that pays for it."""

    agreement_id = serializers.UUIDField()


class StayExitRequest(PlateRequest):
    """A plate and what its stay costs."""

    amount = AmountField()


class VehicleAnswer(ModelAnswer[Vehicle]):
    """A plate under an agreement."""

    merchant = serializers.CharField(source="merchant.name")

    class Meta:
        model = Vehicle
        fields = ("id", "plate", "merchant", "agreement_id", "registered_at")


class StayAnswer(ModelAnswer[Stay]):
    """A stay; `refusal` says why an exit is unpaid."""

    plate = serializers.CharField(source="vehicle.plate")
    amount = RowMoneyField(allow_null=True)

    class Meta:
        model = Stay
        fields = (
            *("id", "plate", "state", "amount", "refusal"),
            *("entered_at", "exited_at", "payment_id"),
        )
