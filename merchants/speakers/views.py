"""The speakers API: an owner's devices and orders, and a device's word."""

import uuid
from datetime import datetime
from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from config.http.operations import Operations
from config.http.pagination import CursorPage
from merchants.onboarding.callers import caller_id
from merchants.speakers import queries, rules
from merchants.speakers import serializers as shapes
from merchants.speakers.usecases.bind_speaker import bind_speaker, release_speaker
from merchants.speakers.usecases.speak_order import speak_order
from merchants.speakers.values import Spoken, Voice

operation = Operations("speakers")


class Speakers(APIView):
    """The caller's speakers."""

    pagination_class = CursorPage

    @operation("list_speakers", gives=shapes.SpeakerSerializer, paged=True)
    def get(self, request: Request) -> Any:
        return queries.bound_to(caller_id(request))

    @operation(
        "bind_speaker",
        takes=shapes.NewSpeakerSerializer,
        gives=shapes.SpeakerSerializer,
        status=201,
        description="Lets a device order by voice under one of the caller's agreements. The same "
        "device again gives it again.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        daily_minor = values.pop("daily_cap")
        return bind_speaker(user_id=caller_id(request), daily_minor=daily_minor, **values)


class SpeakerDetail(APIView):
    """One speaker of the caller's."""

    @operation("release_speaker", status=204)
    def delete(self, request: Request, speaker_id: uuid.UUID) -> Any:
        return release_speaker(user_id=caller_id(request), speaker_id=speaker_id)


class VoiceOrders(APIView):
    """What was spoken to the caller's speakers."""

    pagination_class = CursorPage

    @operation("list_voice_orders", gives=shapes.VoiceOrderSerializer, paged=True)
    def get(self, request: Request) -> Any:
        return queries.orders_of(caller_id(request))


class SpokenOrders(APIView):
    """Where a bound speaker says what it heard.

    Authorisation: the device's own signature.
    """

    authentication_classes = ()
    permission_classes = ()

    @operation(
        "speak_order",
        takes=shapes.SpokenSerializer,
        gives=shapes.VoiceOrderSerializer,
        status=201,
        auth=[],
        description="Within the agreed caps it is debited at once; above them the owner's phone "
        "is asked for five minutes. A request is taken in once.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        try:
            spoken_at = datetime.fromisoformat(values.pop("spoken_at"))
        except ValueError as error:
            raise rules.SpokenStale(field="spoken_at") from error
        spoken = Spoken(
            speaker_id=values.pop("speaker"),
            voice=Voice(values.pop("voice")),
            spoken_at=spoken_at,
            **values,
        )
        return speak_order(spoken=spoken)
