"""Shapes of the events API and of the signature tool."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.serializers import StrictSerializer
from merchants.gateway.models import Notification, NotificationAttempt, NotificationState

PAGE_SIZE = 50
LARGEST_PAGE = 100


class EventQuerySerializer(StrictSerializer):
    """Which events: those after one, of one merchant."""

    after = serializers.UUIDField(
        required=False, help_text="Id of the last event you have; without it, from the first."
    )
    merchant_id = serializers.RegexField(r"^[0-9]{16}$", required=False)
    limit = serializers.IntegerField(default=PAGE_SIZE, min_value=1, max_value=LARGEST_PAGE)


class AttemptSerializer(serializers.ModelSerializer[NotificationAttempt]):
    """One try to deliver a notification."""

    class Meta:
        model = NotificationAttempt
        fields = (
            "number",
            "by_hand",
            "started_at",
            "finished_at",
            "duration_ms",
            "status",
            "answer",
            "failure",
        )
        read_only_fields = fields


class EventSerializer(serializers.ModelSerializer[Notification]):
    """One event of a trade, with what was sent of it and how that went."""

    type = serializers.CharField(source="topic")
    state = serializers.ChoiceField(choices=[state.value for state in NotificationState])
    data = serializers.SerializerMethodField()  # type: ignore[assignment]  # as DRF's own
    attempts = AttemptSerializer(many=True)

    class Meta:
        model = Notification
        fields = (
            "id",
            "type",
            "sequence",
            "occurred_at",
            "notify_id",
            "app_id",
            "trade_no",
            "out_trade_no",
            "url",
            "state",
            "due_at",
            "delivered_at",
            "data",
            "attempts",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_data(self, event: Notification) -> dict[str, str]:
        """The notification's fields, but for the time of sending and the signature."""
        data: dict[str, str] = event.params
        return data


class EventPageSerializer(serializers.Serializer[Any]):
    """Events in order; `next` is the `after` of the next page, null at the end."""

    results = EventSerializer(many=True)
    next = serializers.UUIDField(allow_null=True)


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


class AgreementLinkSerializer(StrictSerializer):
    """A link as the phone read it."""

    payload = serializers.CharField(max_length=8192, trim_whitespace=False)


class AgreementLinkAnswer(serializers.Serializer[Any]):
    """What opens the offer."""

    token = serializers.RegexField(r"^[0-9A-Z]{26}$")
