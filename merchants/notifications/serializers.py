"""Shapes of the events API."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.http.serializers import ModelAnswer, StrictSerializer
from merchants.notifications.models import Notification, NotificationAttempt, NotificationState

PAGE_SIZE = 50
LARGEST_PAGE = 100


class EventQuerySerializer(StrictSerializer):
    """Which events: those after one, of one merchant."""

    after = serializers.UUIDField(
        required=False, help_text="Id of the last event you have; without it, from the first."
    )
    merchant_id = serializers.RegexField(r"^[0-9]{16}$", required=False)
    limit = serializers.IntegerField(default=PAGE_SIZE, min_value=1, max_value=LARGEST_PAGE)


class AttemptSerializer(ModelAnswer[NotificationAttempt]):
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


class EventSerializer(ModelAnswer[Notification]):
    """One event of a trade, with what was sent of it and how that went."""

    type = serializers.CharField(source="topic")
    app_id = serializers.CharField(source="app_number", max_length=16)
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

    @extend_schema_field(serializers.DictField(child=serializers.CharField()))
    def get_data(self, event: Notification) -> dict[str, str]:
        """The notification's fields, but for the time of sending and the signature."""
        data: dict[str, str] = event.params
        return data


class EventPageSerializer(serializers.Serializer[Any]):
    """Events in order; `next` is the `after` of the next page, null at the end."""

    results = EventSerializer(many=True)
    next = serializers.UUIDField(allow_null=True)
