"""Requests and answers at gates and venues."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.serializers import StrictSerializer
from healthcode.codec.sh1 import MAX_CHARACTERS
from healthcode.decisions.serializers import ColourSerializer
from healthcode.subjects.serializers import StrictText
from healthcode.verification.models import Look
from healthcode.verification.rules import VENUE_CODE
from healthcode.verification.values import Direction, LookKind, Method, Verdict


class VerifyRequest(StrictSerializer):
    """A code as scanned; `nonce` is what the gate asked the phone to sign along."""

    code = StrictText(max_length=MAX_CHARACTERS, trim_whitespace=False)
    nonce = StrictText(required=False, max_length=64)


class SeenSerializer(ColourSerializer):
    """What the gate learns: no reason, and of the name its first character."""

    verdict = serializers.ChoiceField([Verdict.ADMITTED.value, Verdict.POLICY.value])
    admitted = serializers.BooleanField()
    name_hint = serializers.CharField(allow_blank=True)
    birth = serializers.CharField(allow_blank=True)
    kind = serializers.CharField()
    at = serializers.DateTimeField()


@extend_schema_field({"type": "string", "pattern": f"^{VENUE_CODE.pattern}$"})
class VenueCodeField(StrictText):
    """A venue's code; read by the rules."""


class VenueCheckInRequest(StrictSerializer):
    """A venue's code as scanned from its wall."""

    venue_code = VenueCodeField()
    direction = serializers.ChoiceField([d.value for d in Direction], required=False)


class VenueCheckInSerializer(ColourSerializer):
    """A check-in, and what the venue's policy makes of the colour."""

    venue = serializers.CharField()
    at = serializers.DateTimeField()
    direction = serializers.ChoiceField([d.value for d in Direction])
    method = serializers.ChoiceField([m.value for m in Method])
    admitted = serializers.BooleanField()


class LookEntrySerializer(serializers.ModelSerializer[Look]):
    """An entry of my access log."""

    kind = serializers.ChoiceField([kind.value for kind in LookKind])
    outcome = serializers.CharField()

    class Meta:
        model = Look
        fields = ("id", "at", "kind", "by", "outcome", "colour", "facts")
        extra_kwargs = {"facts": {"help_text": "why a gate refused, for my eyes only"}}
