"""Shapes of the speakers API."""

from typing import Any

from rest_framework import serializers

from config.http.serializers import ModelAnswer, StrictSerializer
from merchants.acceptance.serializers import RowMoneyField
from merchants.speakers import queries
from merchants.speakers.models import Speaker, VoiceOrder
from merchants.speakers.rules import MOST_DAILY_MINOR
from merchants.speakers.values import OrderState, Voice, Way
from wallet.money import parse_amount

CURRENCY = "CNY"


class SpeakerSerializer(ModelAnswer[Speaker]):
    """A speaker as its owner sees it."""

    daily_cap = RowMoneyField("daily_minor")

    class Meta:
        model = Speaker
        fields = ("id", "serial", "agreement_id", "daily_cap", "bound_at")


class NewSpeakerSerializer(StrictSerializer):
    """A speaker to be bound; the PIN agrees to its caps."""

    pin = serializers.RegexField(r"^[0-9]{6}\Z", trim_whitespace=False)
    agreement_id = serializers.UUIDField()
    serial = serializers.RegexField(r"^[A-Za-z0-9._-]{1,64}\Z")
    public_key = serializers.CharField(max_length=4000)
    daily_cap = serializers.RegexField(r"^[0-9]{1,3}(\.[0-9]{2})?\Z")

    def validate_daily_cap(self, text: str) -> int:
        """Yuan as fen, up to 500.00."""
        minor = parse_amount(text, CURRENCY)
        if not 0 < minor <= MOST_DAILY_MINOR:
            raise serializers.ValidationError("expected more than 0.00 and at most 500.00")
        return minor


class SpokenSerializer(StrictSerializer):
    """What a speaker heard, signed with its key."""

    speaker = serializers.UUIDField()
    request_no = serializers.RegexField(r"^[A-Za-z0-9._-]{1,64}\Z")
    subject = serializers.CharField(max_length=128)
    amount = serializers.CharField(max_length=16)
    voice = serializers.ChoiceField(choices=[voice.value for voice in Voice])
    spoken_at = serializers.CharField(max_length=40)
    signature = serializers.CharField(max_length=1024)


class VoiceOrderSerializer(ModelAnswer[VoiceOrder]):
    """An order by voice; `payment_id` is what the phone confirms while it waits."""

    amount = RowMoneyField()
    state = serializers.SerializerMethodField()
    payment_id = serializers.SerializerMethodField()
    voice = serializers.ChoiceField(choices=[voice.value for voice in Voice])
    way = serializers.ChoiceField(choices=[way.value for way in Way])

    class Meta:
        model = VoiceOrder
        fields = (
            "id", "request_no", "subject", "amount", "currency", "voice", "way", "state",
            "refusal", "payment_id", "spoken_at", "expires_at",
        )  # fmt: skip

    def get_state(self, order: VoiceOrder) -> OrderState:
        """Where it stands."""
        return queries.state_of(order)

    def get_payment_id(self, order: VoiceOrder) -> str | None:
        """The payment, if it came to one."""
        payment: Any = queries.payment_of(order)
        return None if payment is None else str(payment.id)
