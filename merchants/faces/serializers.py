"""Shapes of the faces API."""

from rest_framework import serializers

from config.http.serializers import ModelAnswer
from merchants.faces.models import FaceEnrolment, FaceTerminal


class FaceEnrolmentSerializer(ModelAnswer[FaceEnrolment]):
    """Whether and since when a person pays by face."""

    class Meta:
        model = FaceEnrolment
        fields = ("state", "subject", "enrolled_at")


class FaceConsentSerializer(serializers.Serializer[object]):
    """The person's own act."""

    pin = serializers.CharField(min_length=6, max_length=6)


class FaceTerminalSerializer(ModelAnswer[FaceTerminal]):
    """A terminal as its owner sees it."""

    merchant_id = serializers.CharField(source="store.merchant.merchant_number")
    store_id = serializers.UUIDField()

    class Meta:
        model = FaceTerminal
        fields = ("id", "merchant_id", "store_id", "serial", "vendor", "state", "created_at")


class NewFaceTerminalSerializer(serializers.Serializer[object]):
    """A terminal to be registered."""

    store_id = serializers.UUIDField()
    serial = serializers.RegexField(r"^[A-Za-z0-9._-]{1,64}$")
    vendor = serializers.CharField(max_length=64)
    public_key = serializers.CharField(max_length=4000)


class FaceAssertionSerializer(serializers.Serializer[object]):
    """What a terminal says it saw, signed."""

    session = serializers.CharField(max_length=32)
    nonce = serializers.CharField(max_length=32)
    terminal = serializers.CharField(max_length=64)
    subject = serializers.CharField(max_length=32)
    liveness = serializers.IntegerField(min_value=0, max_value=100)
    taken_at = serializers.CharField(max_length=40)
    phone = serializers.CharField(max_length=16)
    signature = serializers.CharField(max_length=1024)


class FaceTokenSerializer(serializers.Serializer[object]):
    """A token for one payment within a minute."""

    ftoken = serializers.CharField()
    expires_in_s = serializers.IntegerField()
