"""Shapes of the world control's requests and answers."""

from rest_framework import serializers

from config.http.serializers import StrictSerializer
from lab.cli.remote import EVENTS


class ClockShape(StrictSerializer):
    """How the clock is to go: 0 stands still, 1 as the system's, 60 an hour a minute."""

    times = serializers.FloatField()


class AdvanceShape(StrictSerializer):
    """How far: seconds, a moment, or the next thing that falls due; one of the three."""

    by_s = serializers.IntegerField(min_value=0, required=False)
    to = serializers.DateTimeField(required=False)
    next = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        if len(attrs) != 1:
            raise serializers.ValidationError("expected one of by_s, to, next")
        return attrs


class DueShape(serializers.Serializer[object]):
    """Something of the timetable."""

    at = serializers.DateTimeField()
    job = serializers.CharField()
    words = serializers.CharField()
    done = serializers.IntegerField()


class ClockAnswer(serializers.Serializer[object]):
    """The clock, and what will fire."""

    now = serializers.DateTimeField()
    times = serializers.FloatField()
    zone = serializers.CharField()
    upcoming = DueShape(many=True)


class AdvanceAnswer(ClockAnswer):
    """The clock after an advance: what fired on the way, and how many events were delivered."""

    fired = DueShape(many=True)
    events = serializers.IntegerField()


class SnapshotShape(StrictSerializer):
    """A snapshot's name."""

    name = serializers.CharField(max_length=40)


class SnapshotsAnswer(serializers.Serializer[object]):
    """The snapshots there are."""

    snapshots = serializers.ListField(child=serializers.CharField())


class RestoredAnswer(serializers.Serializer[object]):
    """The world is back: which snapshot, what time it is there, and how long it took."""

    snapshot = serializers.CharField()
    now = serializers.DateTimeField()
    took_ms = serializers.IntegerField()


class SeedShape(StrictSerializer):
    """A seed file: as YAML text, or its content as JSON; `keep` makes resets go back to it."""

    # What YAML may not hold is told with its line.
    yaml = serializers.CharField(required=False, trim_whitespace=False, allow_blank=True)
    keep = serializers.BooleanField(default=True)


class PersonAnswer(serializers.Serializer[object]):
    """Somebody seeded."""

    key = serializers.CharField()
    name = serializers.CharField()
    phone = serializers.CharField()
    password = serializers.CharField()
    pin = serializers.CharField()
    balance = serializers.CharField()
    colour = serializers.CharField()


class ShopAnswer(serializers.Serializer[object]):
    """A seeded shop; `app_private_key_file` holds our key, or is empty for your own."""

    key = serializers.CharField()
    merchant_id = serializers.CharField()
    app_id = serializers.CharField()
    app_private_key_file = serializers.CharField()


class WorldAnswer(serializers.Serializer[object]):
    """Addresses, time and people: all that a client needs."""

    gateway_url = serializers.CharField()
    api_url = serializers.CharField()
    gateway_public_key = serializers.CharField()
    now = serializers.DateTimeField()
    people = PersonAnswer(many=True)
    shops = ShopAnswer(many=True)


class WhoShape(StrictSerializer):
    """Somebody seeded, by the seed file's name, or by phone."""

    person = serializers.CharField(max_length=32)


class CodeAnswer(serializers.Serializer[object]):
    """A payment code, good for a minute of the world's time and one payment."""

    code = serializers.CharField()
    expires_at = serializers.DateTimeField()


class PayShape(WhoShape):
    """What somebody's phone is held to: a merchant's code, an order string, a link."""

    payload = serializers.CharField(max_length=16_384)
    amount = serializers.CharField(max_length=16, required=False)


class TopupShape(WhoShape):
    """Money for somebody, through the simulated bank."""

    amount = serializers.CharField(max_length=16)


class BalanceAnswer(serializers.Serializer[object]):
    """What somebody has."""

    balance = serializers.CharField()


class StreamAnswer(serializers.Serializer[object]):
    """Where events come live (server-sent events), and after which one they begin."""

    url = serializers.CharField()
    after = serializers.CharField()


class EventsAnswer(serializers.Serializer[object]):
    """Events after one, oldest first."""

    events = serializers.ListField(child=serializers.DictField())


class TriggerShape(StrictSerializer):
    """What is to happen, to whom, for how much."""

    event = serializers.ChoiceField(choices=list(EVENTS))
    shop = serializers.CharField(max_length=32)
    person = serializers.CharField(max_length=32)
    amount = serializers.CharField(max_length=16, default="12.00")
    notify_url = serializers.CharField(max_length=256, default="", allow_blank=True)
    order = serializers.CharField(max_length=64, default="", allow_blank=True)


class NotificationsAnswer(serializers.Serializer[object]):
    """The newest notifications with their attempts, newest first."""

    notifications = serializers.ListField(child=serializers.DictField())


class NotificationFormAnswer(serializers.Serializer[object]):
    """The body that is posted to a merchant, in the notification's charset."""

    form = serializers.CharField()


class MarkShape(StrictSerializer):
    """How many attacks a merchant held, of how many."""

    held = serializers.IntegerField(min_value=0, max_value=100)
    of = serializers.IntegerField(min_value=1, max_value=100)


class SignShape(StrictSerializer):
    """A notification's fields, to be signed by the gateway's key for a shop's app."""

    shop = serializers.CharField(max_length=32)
    params = serializers.DictField(child=serializers.CharField(allow_blank=True))


class SignAnswer(serializers.Serializer[object]):
    """The same fields with app_id, sign_type and sign."""

    params = serializers.DictField(child=serializers.CharField())
