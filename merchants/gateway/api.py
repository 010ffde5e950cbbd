"""The events API for a merchant's owner, and the signature tool of the lab."""

import uuid

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.kernel.errors import InvalidRequest
from merchants.gateway import parameters, queries
from merchants.gateway import serializers as shapes
from merchants.gateway.usecases.explain_received import explain_received
from merchants.gateway.usecases.explain_signature import explain_signature
from merchants.gateway.usecases.open_agreement_link import open_agreement_link
from merchants.gateway.usecases.resend_notification import resend_notification
from merchants.onboarding.callers import actor, caller_id


class TooManyParameters(InvalidRequest):
    """The request holds more parameters than the gateway reads."""

    code = "too_many_parameters"
    message = "This request holds more parameters than the gateway reads."


class Events(APIView):
    """What happened to the trades of the caller's merchants, in order."""

    @extend_schema(
        operation_id="list_events",
        tags=["events"],
        parameters=[shapes.EventQuerySerializer],
        responses=shapes.EventPageSerializer,
        description="Catch up after missed notifications: no order of arrival is ever needed.",
    )
    def get(self, request: Request) -> Response:
        asked = shapes.EventQuerySerializer(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        found, following = queries.event_page(
            caller_id(request),
            after=asked.validated_data.get("after"),
            merchant_id=asked.validated_data.get("merchant_id"),
            limit=asked.validated_data["limit"],
        )
        return Response(
            {"results": shapes.EventSerializer(found, many=True).data, "next": following}
        )


class EventResend(APIView):
    """Sending one event again."""

    @extend_schema(
        operation_id="resend_event",
        tags=["events"],
        request=None,
        responses={202: shapes.EventSerializer},
        description="The event is sent once more within a second, with the same notify_id.",
    )
    def post(self, request: Request, event_id: uuid.UUID) -> Response:
        queries.event(event_id, owner_id=caller_id(request))
        event = resend_notification(notification_id=event_id, actor=actor(request))
        return Response(shapes.EventSerializer(event).data, status=202)


class AgreementLinks(APIView):
    """What a payer's phone was handed to sign an agreement with."""

    @extend_schema(
        operation_id="open_agreement_link",
        tags=["agreements"],
        request=shapes.AgreementLinkSerializer,
        responses={201: shapes.AgreementLinkAnswer},
        description="The address of the signing page, or the wallet's own scheme with "
        "`sign_params`. The token opens the offer, which the payer reads and signs.",
    )
    def post(self, request: Request) -> Response:
        body = shapes.AgreementLinkSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        agreement = open_agreement_link(payload=body.validated_data["payload"])
        return Response({"token": agreement.token}, status=201)


class ExplainSignature(APIView):
    """Where a request's signature goes wrong; in the lab alone."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="explain_signature",
        tags=["tools"],
        auth=[],
        request=shapes.ExplainSerializer,
        responses=shapes.ExplanationSerializer,
    )
    def post(self, request: Request) -> Response:
        if not settings.LAB_MODE:
            raise Http404
        body = shapes.ExplainSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            explanation = explain_signature(**body.validated_data)
        except parameters.TooManyParameters as error:
            raise TooManyParameters() from error
        return Response(shapes.ExplanationSerializer(explanation).data)


class ExplainReceived(APIView):
    """Why a notification or a return address that the caller received does not verify."""

    @extend_schema(
        operation_id="explain_received",
        tags=["tools"],
        request=shapes.ExplainReceivedSerializer,
        responses=shapes.ExplanationSerializer,
        description="Compares with what was sent to the caller's own merchants, and to no other.",
    )
    def post(self, request: Request) -> Response:
        body = shapes.ExplainReceivedSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        try:
            explanation = explain_received(**body.validated_data, owner_id=caller_id(request))
        except parameters.TooManyParameters as error:
            raise TooManyParameters() from error
        return Response(shapes.ExplanationSerializer(explanation).data)
