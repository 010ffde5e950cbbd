"""The faces API: a person's own switch, an owner's terminals, a terminal's word."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.serializers import read
from merchants.faces import queries, rules
from merchants.faces import serializers as shapes
from merchants.faces.models import FaceTerminal
from merchants.faces.usecases.enrol_face import enrol_face
from merchants.faces.usecases.issue_token import issue_token
from merchants.faces.usecases.register_terminal import register_terminal
from merchants.faces.usecases.withdraw_face import withdraw_face
from merchants.faces.values import Assertion
from merchants.onboarding.callers import caller_id

TAGS = ["faces"]


class Face(APIView):
    """Whether the caller pays by face."""

    @extend_schema(operation_id="read_face", tags=TAGS, responses=shapes.FaceEnrolmentSerializer)
    def get(self, request: Request) -> Response:
        enrolment = queries.enrolment_of(caller_id(request))
        if enrolment is None:
            raise rules.NotEnrolled()
        return Response(shapes.FaceEnrolmentSerializer(enrolment).data)

    @extend_schema(
        operation_id="enrol_face",
        tags=TAGS,
        request=shapes.FaceConsentSerializer,
        responses=shapes.FaceEnrolmentSerializer,
        description="Nothing of a face is sent or kept: the subject is what vendors' terminals "
        "know the person by.",
    )
    def put(self, request: Request) -> Response:
        body = read(shapes.FaceConsentSerializer, request.data)
        enrolment = enrol_face(user_id=caller_id(request), pin=body["pin"])
        return Response(shapes.FaceEnrolmentSerializer(enrolment).data)

    @extend_schema(operation_id="withdraw_face", tags=TAGS, responses={204: None})
    def delete(self, request: Request) -> Response:
        withdraw_face(user_id=caller_id(request))
        return Response(status=204)


class FaceTerminals(generics.ListAPIView[FaceTerminal]):
    """The face terminals of the caller's stores."""

    serializer_class = shapes.FaceTerminalSerializer

    def get_queryset(self) -> QuerySet[FaceTerminal]:
        return queries.terminals_of(caller_id(self.request))

    @extend_schema(operation_id="list_face_terminals", tags=TAGS)
    def get(self, request: Request) -> Response:
        return self.list(request)

    @extend_schema(
        operation_id="register_face_terminal",
        tags=TAGS,
        request=shapes.NewFaceTerminalSerializer,
        responses={201: shapes.FaceTerminalSerializer},
        description="The same terminal again gives it again. An operator certifies it.",
    )
    def post(self, request: Request) -> Response:
        body = read(shapes.NewFaceTerminalSerializer, request.data)
        terminal = register_terminal(owner_id=caller_id(request), **body)
        return Response(shapes.FaceTerminalSerializer(terminal).data, status=201)


class FaceTokens(APIView):
    """Where a certified terminal turns what it saw into a token.

    Authorisation: the terminal's own signature.
    """

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="create_face_token",
        tags=TAGS,
        auth=[],
        request=shapes.FaceAssertionSerializer,
        responses={201: shapes.FaceTokenSerializer},
    )
    def post(self, request: Request) -> Response:
        body = read(shapes.FaceAssertionSerializer, request.data)
        token = issue_token(assertion=_assertion(body))
        life = int(rules.TOKEN_LIFE.total_seconds())
        return Response({"ftoken": token, "expires_in_s": life}, status=201)


def _assertion(facts: dict[str, Any]) -> Assertion:
    """The assertion with its time as it was signed, character by character."""
    try:
        taken_at = datetime.fromisoformat(facts["taken_at"])
    except ValueError as error:
        raise rules.AssertionStale(field="taken_at") from error
    return Assertion(**{**facts, "taken_at": taken_at})
