"""The speakers API: an owner's devices and orders, and a device's word."""

import uuid
from datetime import datetime

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.serializers import read
from merchants.onboarding.callers import caller_id
from merchants.speakers import queries, rules
from merchants.speakers import serializers as shapes
from merchants.speakers.models import Speaker, VoiceOrder
from merchants.speakers.usecases.bind_speaker import bind_speaker, release_speaker
from merchants.speakers.usecases.speak_order import speak_order
from merchants.speakers.values import Spoken, Voice

TAGS = ["speakers"]


class Speakers(generics.ListAPIView[Speaker]):
    """The caller's speakers."""

    serializer_class = shapes.SpeakerSerializer

    def get_queryset(self) -> QuerySet[Speaker]:
        return queries.bound_to(caller_id(self.request))

    @extend_schema(operation_id="list_speakers", tags=TAGS)
    def get(self, request: Request) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="bind_speaker",
        tags=TAGS,
        request=shapes.NewSpeakerSerializer,
        responses={201: shapes.SpeakerSerializer},
        description="Lets a device order by voice under one of the caller's agreements. The same "
        "device again gives it again.",
    )
    def post(self, request: Request) -> Response:
        facts = read(shapes.NewSpeakerSerializer, request.data)
        daily_minor = facts.pop("daily_cap")
        speaker = bind_speaker(user_id=caller_id(request), daily_minor=daily_minor, **facts)
        return Response(shapes.SpeakerSerializer(speaker).data, status=201)


class SpeakerDetail(APIView):
    """One speaker of the caller's."""

    @extend_schema(operation_id="release_speaker", tags=TAGS, responses={204: None})
    def delete(self, request: Request, speaker_id: uuid.UUID) -> Response:
        release_speaker(user_id=caller_id(request), speaker_id=speaker_id)
        return Response(status=204)


class VoiceOrders(generics.ListAPIView[VoiceOrder]):
    """What was spoken to the caller's speakers."""

    serializer_class = shapes.VoiceOrderSerializer

    def get_queryset(self) -> QuerySet[VoiceOrder]:
        return queries.orders_of(caller_id(self.request))

    @extend_schema(operation_id="list_voice_orders", tags=TAGS)
    def get(self, request: Request) -> Response:
        return self.list(request)


class SpokenOrders(APIView):
    """Where a bound speaker says what it heard.

    Authorisation: the device's own signature.
    """

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="speak_order",
        tags=TAGS,
        auth=[],
        request=shapes.SpokenSerializer,
        responses={201: shapes.VoiceOrderSerializer},
        description="Within the agreed caps it is debited at once; above them the owner's phone "
        "is asked for five minutes. A request is taken in once.",
    )
    def post(self, request: Request) -> Response:
        facts = read(shapes.SpokenSerializer, request.data)
        try:
            spoken_at = datetime.fromisoformat(facts.pop("spoken_at"))
        except ValueError as error:
            raise rules.SpokenStale(field="spoken_at") from error
        spoken = Spoken(
            speaker_id=facts.pop("speaker"),
            voice=Voice(facts.pop("voice")),
            spoken_at=spoken_at,
            **facts,
        )
        order = speak_order(spoken=spoken)
        return Response(shapes.VoiceOrderSerializer(order).data, status=201)
