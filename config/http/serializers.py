"""What every request and answer of the API shares."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model
from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from config.kernel import texts

M = TypeVar("M", bound=Model)
NOTHING = OpenApiResponse(description="Done; nothing to say.")


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
            self._check_texts(data)
        return super().to_internal_value(data)

    def _check_texts(self, data: Mapping[Any, Any]) -> None:
        """A number is no text: `12` and `"12"` are told apart, as the schema says."""
        wrong = {
            name: [ErrorDetail("Not a valid string.", "invalid")]
            for name, field in self.fields.items()
            if isinstance(field, serializers.CharField)
            and isinstance(data.get(name, ""), int | float)
        }
        if wrong:
            raise serializers.ValidationError(wrong)


class ModelAnswer(serializers.ModelSerializer[M]):
    """A row as an answer shows it: `Meta` names model and fields, and none is ever written."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.Meta.read_only_fields = cls.Meta.fields


class ShownTextField(serializers.CharField):
    """A text that people will read: no controls, nothing hidden, nothing that turns it round.

    With `lines` it may have several. The use case judges it by the same rule
    (`config.kernel.texts`), so that no other door lets one in; here the answer names the field
    beside all others that are wrong.
    """

    default_error_messages = {
        "unfit": "This text holds characters that cannot be shown, or none that can be seen."
    }

    def __init__(self, *, lines: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.lines = lines

    def to_internal_value(self, data: Any) -> str:
        """Judge the text after the field's own checks."""
        text: str = super().to_internal_value(data)
        if texts.fault(text, lines=self.lines) is not None:
            self.fail("unfit")
        return text


class StrictRequest(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """Says of every strict request body that it takes no field it does not name."""

    target_class = "config.http.serializers.StrictSerializer"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> dict[str, Any]:
        """The body's schema, closed."""
        schema: dict[str, Any] = auto_schema._map_serializer(  # type: ignore[no-untyped-call]
            self.target, direction, bypass_extensions=True
        )
        return {**schema, "additionalProperties": False} if direction == "request" else schema


def read(shape: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """A request's body or query, checked.

    Raises:
        ValidationError: with every wrong field named.
    """
    serializer = shape(data=data)
    serializer.is_valid(raise_exception=True)
    values: dict[str, Any] = serializer.validated_data
    return values
