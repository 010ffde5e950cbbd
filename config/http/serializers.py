"""What every request and answer of the API shares."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail


class StrictSerializer(serializers.Serializer[Any]):
    """A request body: a field it does not know is an error, never ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """Check names before values."""
        if isinstance(data, Mapping):
            unknown = sorted(set(map(str, data)) - set(self.fields))
            if unknown:
                raise serializers.ValidationError(
                    {
                        name: [ErrorDetail("This field is not known.", "unknown_field")]
                        for name in unknown
                    }
                )
        return super().to_internal_value(data)


class ProblemErrorSerializer(serializers.Serializer[Any]):
    """One wrong input of a problem."""

    field = serializers.CharField(required=False)
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    """A failure (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    request_id = serializers.CharField()
    field = serializers.CharField(required=False)
    facts = serializers.DictField(child=serializers.CharField(), required=False)
    errors = ProblemErrorSerializer(many=True, required=False)
