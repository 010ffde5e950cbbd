"""Shapes shared by the health API: strict fields, identity, colour."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.serializers import ShownTextField, StrictSerializer
from healthcode.subjects.rules import normalised_number
from healthcode.subjects.values import (
    DocumentType,
    GuardianshipState,
    Identity,
    Proof,
    Relation,
)

REGION_PATTERN = r"^[1-9][0-9]{5}$"


class StrictText(serializers.CharField):
    """Text that was sent as text; a number is not taken for one."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse what is no string."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictShownText(ShownTextField):
    """Text that was sent as text, and that a guard, an operator or its person will read."""

    def to_internal_value(self, data: Any) -> str:
        """Refuse what is no string."""
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictInteger(serializers.IntegerField):
    """A whole number that was sent as a number."""

    def to_internal_value(self, data: Any) -> int:
        """Refuse text, fractions and booleans."""
        if isinstance(data, bool) or not isinstance(data, int):
            self.fail("invalid")
        return super().to_internal_value(data)


class StrictBoolean(serializers.BooleanField):
    """True or false, not "yes" or 1."""

    def to_internal_value(self, data: Any) -> bool:
        """Refuse everything else."""
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


@extend_schema_field({"type": "string", "pattern": REGION_PATTERN, "example": "330100"})
class RegionField(StrictText):
    """An administrative division, six digits (GB/T 2260)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(_matches_region)


def _matches_region(value: str) -> None:
    if len(value) != 6 or not value.isascii() or not value.isdigit() or value[0] == "0":
        raise serializers.ValidationError("Six digits of GB/T 2260.", "region_invalid")


class IdentityRequest(StrictSerializer):
    """Who the code is about. Kept sealed."""

    name = StrictShownText(min_length=1, max_length=64)
    document_type = serializers.ChoiceField([(t.value, t.name) for t in DocumentType])
    document_number = StrictText(min_length=4, max_length=40)
    birth_date = serializers.DateField(required=False)
    phone = StrictText(required=False, max_length=20, allow_blank=True)


def identity_of(values: dict[str, Any] | None) -> Identity | None:
    """The identity of a checked request, normalised; None where none was given."""
    if values is None:
        return None
    return Identity(
        name=values["name"],
        document_type=DocumentType(values["document_type"]),
        document_number=normalised_number(values["document_number"]),
        birth_date=values.get("birth_date"),
        phone=values.get("phone", ""),
    )


class TextsSerializer(serializers.Serializer[Any]):
    """A text in each language."""

    en = serializers.CharField()
    fr = serializers.CharField()
    zh = serializers.CharField()


class GuardianshipRequest(StrictSerializer):
    """For whom I want to act, what they are to me, and what shows it."""

    identity = IdentityRequest()
    relation = serializers.ChoiceField([(r.value, r.name) for r in Relation])
    proof = serializers.ChoiceField([(p.value, p.name) for p in Proof])
    proof_reference = StrictShownText(min_length=2, max_length=64)
    valid_until = serializers.DateTimeField(required=False)


class GuardianshipSerializer(serializers.Serializer[Any]):
    """A guardianship as either side sees it; the other's name is a hint."""

    id = serializers.UUIDField()
    my_role = serializers.ChoiceField(["guardian", "dependent"])
    other = serializers.CharField(allow_blank=True)
    subject_id = serializers.UUIDField(
        allow_null=True, help_text="the dependent, to declare and to mint codes for"
    )
    relation = serializers.ChoiceField([r.value for r in Relation])
    proof = serializers.ChoiceField([p.value for p in Proof])
    state = serializers.ChoiceField([s.value for s in GuardianshipState])
    created_at = serializers.DateTimeField()
    valid_until = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)


class DeviceSerializer(serializers.Serializer[Any]):
    """A phone that shows my code; a guardian's is marked."""

    id = serializers.UUIDField()
    # The metaclass takes declared fields off the class: the field's own label is not hidden.
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    guardians = serializers.BooleanField()
    created_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
