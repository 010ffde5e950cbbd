"""Shapes of transit. Amounts are decimal text in yuan."""

from typing import Any

from rest_framework import serializers

from config.http.serializers import ModelAnswer, ShownTextField, StrictSerializer
from merchants.acceptance.serializers import AmountField, RowMoneyField
from merchants.transit.models import Ride
from merchants.transit.values import Direction

# Each tap is stored by itself, with a dozen statements: more come in another upload.
TAPS_MAXIMUM = 20


class FaresRequest(StrictSerializer):
    """An operator's fares: the first part, each stop, the most."""

    base = AmountField()
    stop = AmountField()
    maximum = AmountField()


class GateRequest(StrictSerializer):
    """Where a gate stands; `stop` is the station's place on the line."""

    station = ShownTextField(max_length=64)
    stop = serializers.IntegerField(min_value=0, max_value=999)


class KeyRequest(StrictSerializer):
    """The phone's Ed25519 public key, in base64."""

    public_key = serializers.CharField(max_length=64)


class TapRequest(StrictSerializer):
    """One tap as the gate stored it; `at` is taken as it was signed, character by character."""

    sequence = serializers.IntegerField(min_value=1, max_value=2**53)
    certificate = serializers.CharField(max_length=64)
    direction = serializers.ChoiceField(choices=[direction.value for direction in Direction])
    at = serializers.CharField(max_length=40)
    count = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    signature = serializers.CharField(max_length=128)


class UploadRequest(StrictSerializer):
    """What a gate saw, in any order."""

    taps = serializers.ListField(child=TapRequest(), max_length=TAPS_MAXIMUM)


class TapSerializer(serializers.Serializer[Any]):
    """What became of a tap."""

    sequence = serializers.IntegerField()
    outcome = serializers.CharField(source="state")
    fault = serializers.CharField()


class CertificateSerializer(serializers.Serializer[Any]):
    """A certificate as a phone carries it."""

    id = serializers.UUIDField()
    public_key = serializers.CharField()
    cap_minor = serializers.IntegerField()
    not_before = serializers.CharField()
    not_after = serializers.CharField()
    signature = serializers.CharField()


class TrustSerializer(serializers.Serializer[Any]):
    """What a gate needs to know before it goes offline."""

    issuer_key = serializers.CharField()
    revoked = serializers.ListField(child=serializers.UUIDField())


class RideSerializer(ModelAnswer[Ride]):
    """A ride as its rider sees it."""

    fare = RowMoneyField()
    entered_at = serializers.CharField(source="entry.gate.station", default="")
    left_at = serializers.CharField(source="exit.gate.station", default="")

    class Meta:
        model = Ride
        fields = ("id", "state", "fare", "entered_at", "left_at", "payment_id", "created_at")


class OperatorSerializer(serializers.Serializer[Any]):
    """An operator of transit."""

    app_id = serializers.CharField(source="app_number")


class TransitGateSerializer(serializers.Serializer[Any]):
    """A gate."""

    serial = serializers.CharField()
    station = serializers.CharField()
    stop = serializers.IntegerField()
