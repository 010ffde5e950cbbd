"""Requests and answers at gates and venues."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.serializers import StrictSerializer
from healthcode.codec.sh1 import MAX_CHARACTERS
from healthcode.decisions.serializers import ColourSerializer
from healthcode.passes.serializers import DeviceKeyRequest
from healthcode.rules.values import Colour
from healthcode.subjects.serializers import StrictBoolean, StrictText
from healthcode.subjects.values import DocumentType
from healthcode.verification.models import AccessLogEntry, CheckIn
from healthcode.verification.rules import VENUE_CODE
from healthcode.verification.values import (
    AccessKind,
    Direction,
    Method,
    Presence,
    TerminalMode,
    Verdict,
)

MAX_VERDICTS = 200
MAX_COMPANIONS = 5
ABOUT_PEOPLE = (Verdict.ADMITTED, Verdict.POLICY, Verdict.ID_CHECK, Verdict.FULL)


class VerifyRequest(StrictSerializer):
    """A code as scanned; `nonce` is what the gate asked the phone to sign along."""

    code = StrictText(max_length=MAX_CHARACTERS, trim_whitespace=False)
    nonce = StrictText(required=False, max_length=64)
    identity_checked = StrictBoolean(
        required=False, help_text="the guard has seen the identity card: needed for paper"
    )

    direction = serializers.ChoiceField([d.value for d in Direction], required=False)


class CardRequest(StrictSerializer):
    """An identity card as a gate has read it."""

    document_type = serializers.ChoiceField([(t.value, t.name) for t in DocumentType])
    document_number = StrictText(min_length=4, max_length=40)
    direction = serializers.ChoiceField([d.value for d in Direction], required=False)


class CheckResultSerializer(ColourSerializer):
    """What the gate learns: no reason, and of the name its first character."""

    verdict = serializers.ChoiceField([v.value for v in ABOUT_PEOPLE])
    admitted = serializers.BooleanField()
    name_hint = serializers.CharField(allow_blank=True)
    birth = serializers.CharField(allow_blank=True)
    kind = serializers.CharField()
    at = serializers.DateTimeField()


class PolicySerializer(serializers.Serializer[Any]):
    """What a venue lets in."""

    name = serializers.CharField()
    admits = serializers.ListField(child=serializers.CharField())
    max_test_age_h = serializers.IntegerField(allow_null=True)


class GateSerializer(serializers.Serializer[Any]):
    """Where a terminal stands, and by what policy it judges without network."""

    terminal_id = serializers.UUIDField()
    # The metaclass takes declared fields off the class: the field's own label is not hidden.
    label = serializers.CharField()  # type: ignore[assignment]
    venue = serializers.CharField()
    policy = PolicySerializer()
    now = serializers.DateTimeField()


class LiveTerminalSerializer(serializers.Serializer[Any]):
    """A terminal of the venue."""

    label = serializers.CharField()  # type: ignore[assignment]
    mode = serializers.ChoiceField([m.value for m in TerminalMode])
    created_at = serializers.DateTimeField()


class VenueNowSerializer(serializers.Serializer[Any]):
    """What a venue's screen shows: the code of the moment, and how many are inside."""

    venue = serializers.CharField()
    venue_code = serializers.CharField()
    code_version = serializers.IntegerField()
    changes_at = serializers.DateTimeField(allow_null=True)
    inside = serializers.IntegerField()
    seen_inside = serializers.IntegerField(help_text="of these, seen by the gate or the staff")
    capacity = serializers.IntegerField(allow_null=True)
    today = serializers.DictField(
        child=serializers.IntegerField(), help_text="verdicts of all terminals since midnight"
    )
    terminals = LiveTerminalSerializer(many=True)
    svg = serializers.CharField()


class EnrolRequest(StrictSerializer):
    """The word from the desk, and the phone's own key."""

    invitation = StrictText(min_length=12, max_length=12)
    public_key = DeviceKeyRequest()


class EnrolledSerializer(serializers.Serializer[Any]):
    """A terminal that may verify from now on, signing with its key."""

    terminal_id = serializers.UUIDField()
    venue = serializers.CharField()
    mode = serializers.ChoiceField([m.value for m in TerminalMode])


class OfflineVerdictRequest(StrictSerializer):
    """A verdict without anything about the person; the id makes a repeat a repeat."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    verdict = serializers.ChoiceField([v.value for v in Verdict if v is not Verdict.UNREGISTERED])
    colour = serializers.ChoiceField([c.value for c in Colour])
    reason = StrictText(max_length=40, allow_blank=True)


class OfflineVerdictsRequest(StrictSerializer):
    """What a terminal saw while it had no network."""

    verdicts: serializers.ListSerializer[Any] = serializers.ListSerializer(
        child=OfflineVerdictRequest(), min_length=1, max_length=MAX_VERDICTS
    )


class RecordedSerializer(serializers.Serializer[Any]):
    """How many verdicts were new."""

    recorded = serializers.IntegerField()


@extend_schema_field({"type": "string", "pattern": f"^{VENUE_CODE.pattern}$"})
class VenueCodeField(StrictText):
    """A venue's code; read by the rules."""


class VenueCheckInRequest(StrictSerializer):
    """A venue's code as scanned from its wall, for oneself and for dependents who are along."""

    venue_code = VenueCodeField()
    companions = serializers.ListField(
        child=serializers.UUIDField(), required=False, max_length=MAX_COMPANIONS,
        help_text="subject ids of dependents",
    )  # fmt: skip
    direction = serializers.ChoiceField([d.value for d in Direction], required=False)


class VenueCheckInSerializer(ColourSerializer):
    """A check-in, and what the venue's policy makes of the colour."""

    venue = serializers.CharField()
    at = serializers.DateTimeField()
    direction = serializers.ChoiceField([d.value for d in Direction])
    method = serializers.ChoiceField([m.value for m in Method])
    presence = serializers.ChoiceField([p.value for p in Presence])
    companions = serializers.IntegerField(required=False)
    admitted = serializers.BooleanField()


class MyCheckInSerializer(serializers.ModelSerializer[CheckIn]):
    """Where I was seen, or said I was."""

    venue = serializers.CharField(source="venue.name")
    direction = serializers.ChoiceField([d.value for d in Direction])
    method = serializers.ChoiceField([m.value for m in Method])
    presence = serializers.ChoiceField([p.value for p in Presence])

    class Meta:
        model = CheckIn
        fields = ("id", "venue", "at", "direction", "method", "presence", "denied_at")


class AccessLogEntrySerializer(serializers.ModelSerializer[AccessLogEntry]):
    """An entry of my access log."""

    kind = serializers.ChoiceField([kind.value for kind in AccessKind])
    outcome = serializers.CharField()

    class Meta:
        model = AccessLogEntry
        fields = ("id", "at", "kind", "by", "outcome", "colour", "facts")
        extra_kwargs = {"facts": {"help_text": "why a gate refused, for my eyes only"}}
