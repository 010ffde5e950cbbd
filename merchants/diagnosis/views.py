"""The signature tools: why a request, a notification or a return address does not verify."""

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.serializers import read
from config.kernel.errors import InvalidRequest
from merchants.diagnosis import serializers as shapes
from merchants.diagnosis.usecases.explain_received import explain_received
from merchants.diagnosis.usecases.explain_signature import explain_signature
from merchants.onboarding.callers import caller_id
from merchants.protocol import parameters


class TooManyParameters(InvalidRequest):
    """The request holds more parameters than the gateway reads."""

    code = "too_many_parameters"
    message = "This request holds more parameters than the gateway reads."


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
        body = read(shapes.ExplainSerializer, request.data)
        try:
            explanation = explain_signature(**body)
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
        body = read(shapes.ExplainReceivedSerializer, request.data)
        try:
            explanation = explain_received(**body, owner_id=caller_id(request))
        except parameters.TooManyParameters as error:
            raise TooManyParameters() from error
        return Response(shapes.ExplanationSerializer(explanation).data)
