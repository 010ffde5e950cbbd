"""Requests and answers of the citizen's health API."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from config.http.serializers import StrictSerializer
from healthcode.decisions.values import NoticeKind, OverrideReason
from healthcode.rules.values import Colour
from healthcode.subjects.serializers import (
    IdentityRequest,
    RegionField,
    StrictBoolean,
    StrictInteger,
    StrictShownText,
    StrictText,
    TextsSerializer,
)

SYMPTOMS = (
    "fever", "cough", "fatigue", "sore_throat", "breathlessness", "loss_of_taste", "diarrhoea",
    "other",
)  # fmt: skip
LOWEST_TENTHS, HIGHEST_TENTHS = 340, 430


class SubjectQuery(serializers.Serializer[Any]):
    """Whom a reading is about: a dependent of mine; without it, myself."""

    subject_id = serializers.UUIDField(required=False)


def answers_in(values: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a checked declaration or check-in, as they are stored."""
    names = ("temperature_tenths", "symptoms", "contact_with_case")
    return {name: values[name] for name in names if name in values}


class AnswersRequest(StrictSerializer):
    """How somebody is today. Temperature in tenths of a degree Celsius: 366 is 36.6 °C."""

    temperature_tenths = StrictInteger(
        required=False, min_value=LOWEST_TENTHS, max_value=HIGHEST_TENTHS
    )
    symptoms = serializers.ListField(
        child=serializers.ChoiceField(SYMPTOMS), required=False, max_length=len(SYMPTOMS)
    )


class DeclarationRequest(AnswersRequest):
    """A health declaration; the identity at first."""

    identity = IdentityRequest(required=False)
    region = RegionField(required=False)
    contact_with_case = StrictBoolean(required=False)
    identity_proof = StrictText(
        required=False,
        max_length=200,
        help_text="From POST /api/v1/kyc/identity-proofs: that the identity card is mine.",
    )
    subject_id = serializers.UUIDField(required=False)


class CheckInRequest(AnswersRequest):
    """The daily check-in."""

    subject_id = serializers.UUIDField(required=False)


class TripRequest(StrictSerializer):
    """A stay elsewhere that has ended."""

    region = RegionField()
    arrived_at = serializers.DateTimeField()
    left_at = serializers.DateTimeField()
    subject_id = serializers.UUIDField(required=False)


class ReasonSerializer(serializers.Serializer[Any]):
    """A rule that applies, why, and the way out."""

    rule = serializers.CharField()
    version = serializers.IntegerField()
    colour = serializers.CharField(allow_null=True)
    evidence = serializers.ListField(child=serializers.CharField())
    until = serializers.DateTimeField(allow_null=True)
    text = TextsSerializer()
    path = TextsSerializer()
    sources = serializers.ListField(
        child=serializers.CharField(), help_text="registered bodies that reported it, by name"
    )


class CheckInsSerializer(serializers.Serializer[Any]):
    """Clean days in a row: needed, reached, running."""

    needed = serializers.IntegerField()
    days = serializers.IntegerField()
    running = serializers.IntegerField()


class OverrideSerializer(serializers.Serializer[Any]):
    """A colour set by hand, and its end."""

    reason = serializers.ChoiceField([reason.value for reason in OverrideReason])
    ends_at = serializers.DateTimeField()


class NoticeSerializer(serializers.Serializer[Any]):
    """Something the person was told."""

    kind = serializers.ChoiceField([kind.value for kind in NoticeKind])
    at = serializers.DateTimeField()
    facts = serializers.DictField()


class ReportRequest(StrictSerializer):
    """A FHIR report as a compact JWS (ES256) whose `kid` names the laboratory's key."""

    report = StrictText(min_length=1, max_length=60000)


class SignOffRequest(StrictSerializer):
    """`{"evidence": id, "result": "positive" | "negative"}` as a clinician's compact JWS."""

    signoff = StrictText(min_length=1, max_length=4000)


class ReceivedSerializer(serializers.Serializer[Any]):
    """What became of a report."""

    state = serializers.ChoiceField(["VERIFIED", "QUARANTINED", "SUPERSEDED"])
    evidence_id = serializers.UUIDField(allow_null=True)


class DeskRequest(StrictSerializer):
    """What an operator asks for, as the panel's pages would."""

    action = serializers.RegexField(
        r"^health\.[a-z_]{1,50}$", help_text="such as health.import_list or health.declare_area"
    )
    parameters = serializers.DictField(help_text="what the action takes, by name")
    reason = StrictShownText(min_length=10, max_length=500, lines=True)


class AskedSerializer(serializers.Serializer[Any]):
    """A wish that waits for other operators."""

    id = serializers.UUIDField()
    action = serializers.CharField()
    status = serializers.CharField(help_text="PENDING until others decide, in the panel")
    checkers_needed = serializers.IntegerField()
    effect = serializers.DictField(help_text="what will happen, in words")
    expires_at = serializers.DateTimeField()


class PersonListSerializer(serializers.Serializer[Any]):
    """A list of people taken as evidence; whom it names is not told."""

    kind = serializers.CharField()
    people = serializers.IntegerField()
    purpose = serializers.CharField()
    imported_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()


def _by_name(text: str) -> serializers.DictField:
    return serializers.DictField(child=serializers.IntegerField(), help_text=text)


class StatisticsSerializer(serializers.Serializer[Any]):
    """How many are what colour, and who and what brought red."""

    since = serializers.DateField()
    counted_until = serializers.DateTimeField(allow_null=True)
    now = _by_name("people at each colour")
    changes_to = _by_name("changes to each colour since")
    reds_by_rule = _by_name("turns to red, by rule; `override:…` is by hand")
    reds_by_region = _by_name("turns to red, by region of residence")
    reds_by_source = _by_name("turns to red, by who reported the evidence")
    reds_by_body = _by_name("turns to red, by the laboratory or issuer that reported")
    sources = _by_name("laboratories, issuers and card readers registered now")
    reds_by_operator = _by_name("turns to red by hand, by operator under a keyed name")
    by_hand = _by_name("colours set by hand, by colour and ground")
    lists = PersonListSerializer(many=True)
    alarms = _by_name("alarms raised, by kind")


class ColourSerializer(serializers.Serializer[Any]):
    """A colour, never by its hue alone."""

    colour = serializers.ChoiceField([colour.value for colour in Colour])
    # The metaclass takes declared fields off the class: the field's own label is not hidden.
    label = TextsSerializer()  # type: ignore[assignment]
    shape = serializers.CharField()
    symbol = serializers.CharField()
    hue = serializers.CharField()


class CardSerializer(ColourSerializer):
    """How a person stands, and why."""

    subject_id = serializers.UUIDField(allow_null=True)
    decision_id = serializers.UUIDField(allow_null=True)
    computed_at = serializers.DateTimeField(allow_null=True)
    valid_until = serializers.DateTimeField(allow_null=True)
    rule_set = serializers.CharField()
    tested_at = serializers.DateTimeField(allow_null=True, help_text="the last negative test")
    now = serializers.DateTimeField(help_text="by the server's clock, for phones to set theirs")
    indeterminate = serializers.BooleanField()
    reasons = ReasonSerializer(many=True)
    advisories = ReasonSerializer(many=True)
    check_ins = CheckInsSerializer()
    override = OverrideSerializer(allow_null=True)
    notices = NoticeSerializer(many=True)
