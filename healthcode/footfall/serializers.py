"""The city's answer."""

from typing import Any

from rest_framework import serializers


class FootfallSerializer(serializers.Serializer[Any]):
    """How many people came to an area in an hour, roughly; or that it is not told."""

    area = serializers.CharField()
    hour = serializers.DateTimeField()
    suppressed = serializers.BooleanField()
    count = serializers.IntegerField(allow_null=True, help_text="with noise; null: suppressed")
