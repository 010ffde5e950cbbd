"""Shapes of the signature tools."""

from typing import Any

from rest_framework import serializers

from config.http.serializers import StrictSerializer


class ExplainSerializer(StrictSerializer):
    """A request as it was sent: the query string, the body, or both, still encoded."""

    query = serializers.CharField(default="", allow_blank=True, max_length=20_000)
    body = serializers.CharField(default="", allow_blank=True, max_length=100_000)
    canonical = serializers.CharField(
        default="",
        allow_blank=True,
        trim_whitespace=False,
        max_length=100_000,
        help_text="The string that you signed, to be compared with the one we build.",
    )
    configured_key = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=8_000,
        help_text="The key that your SDK has as the Alipay public key.",
    )


class ExplainReceivedSerializer(StrictSerializer):
    """A notification's form or a return address, as it was received, still encoded."""

    text = serializers.CharField(trim_whitespace=False, max_length=100_000)
    canonical = serializers.CharField(
        default="",
        allow_blank=True,
        trim_whitespace=False,
        max_length=100_000,
        help_text="The string that you verified, to be compared with the one that is signed.",
    )
    configured_key = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=8_000,
        help_text="The public key that you verify with.",
    )


class DifferenceSerializer(serializers.Serializer[Any]):
    """Where your string leaves ours: in characters and in bytes, and a few around it."""

    position = serializers.IntegerField()
    byte = serializers.IntegerField()
    ours = serializers.CharField(allow_blank=True)
    yours = serializers.CharField(allow_blank=True)


class ExplanationSerializer(serializers.Serializer[Any]):
    """What the gateway built and found."""

    canonical = serializers.CharField(allow_blank=True)
    valid = serializers.BooleanField()
    findings = serializers.ListField(child=serializers.CharField())
    difference = DifferenceSerializer(allow_null=True)
    signed = serializers.CharField(
        allow_blank=True, help_text="The string that your signature fits, where we found it."
    )
