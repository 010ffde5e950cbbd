"""The citizen's own interfaces: declaration, trip, query, daily check-in."""

import uuid
from typing import Any, cast

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, key_of
from config.http.serializers import read
from config.kernel import clock
from healthcode.decisions import serializers as shapes
from healthcode.decisions.cards import card_of, empty_card
from healthcode.decisions.models import Decision
from healthcode.decisions.statistics import statistics
from healthcode.decisions.usecases.read_standing import read_standing, standing_decision
from healthcode.decisions.usecases.receive_report import VERIFIED, receive_report
from healthcode.decisions.usecases.report_health import check_in, declare_health, report_trip
from healthcode.decisions.usecases.sign_off_reading import sign_off_reading
from healthcode.subjects import queries as subjects
from healthcode.subjects.answers import answer_privately
from healthcode.subjects.models import Subject
from healthcode.subjects.serializers import identity_of

TAGS = ["health"]


def holder_id(request: Request) -> uuid.UUID:
    """Whoever is logged in: an opaque id, kept only as a keyed reference."""
    return cast("uuid.UUID", request.user.id)


def acting_for(request: Request, values: dict[str, Any]) -> Subject:
    """The subject a request is about: oneself, or a dependent."""
    return subjects.subject_for(holder_id(request), values.get("subject_id"), at=clock.now())


def queried_subject(request: Request) -> Subject | None:
    """Whom a GET is about (`?subject_id=`): a dependent or oneself; None where it says nobody.

    Raises:
        ValidationError: it is no id.
        GuardianshipMissing: somebody one may not act for.
    """
    query = read(shapes.SubjectQuery, request.query_params)
    if "subject_id" not in query:
        return None
    return acting_for(request, query)


def _card(decision: Decision) -> dict[str, Any]:
    card = card_of(decision.subject, decision, at=clock.now())
    return dict(shapes.CardSerializer(card).data)


class Declarations(APIView):
    """GB/T 38963, interface 1: health declaration."""

    @extend_schema(
        operation_id="declare_health",
        tags=TAGS,
        request=shapes.DeclarationRequest,
        responses={201: shapes.CardSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Declare one's health; answers the colour that follows."""
        values = read(shapes.DeclarationRequest, request.data)
        answers = shapes.answers_in(values)
        holder = holder_id(request)

        def run() -> tuple[int, object]:
            decision = declare_health(
                holder_id=holder,
                subject_id=values.get("subject_id"),
                answers=answers,
                identity=identity_of(values.get("identity")),
                region=values.get("region", ""),
                key=key_of(request) or "",
                identity_proof=values.get("identity_proof", ""),
            )
            return 201, _card(decision)

        about = values.get("subject_id")
        return answer_privately(request, endpoint="health.declarations", run=run, about=about)


class Trips(APIView):
    """GB/T 38963, interface 2: trip declaration."""

    @extend_schema(
        operation_id="declare_trip",
        tags=TAGS,
        request=shapes.TripRequest,
        responses={201: shapes.CardSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Declare a stay elsewhere; answers the colour that follows."""
        values = read(shapes.TripRequest, request.data)
        subject = acting_for(request, values)

        def run() -> tuple[int, object]:
            decision = report_trip(
                subject=subject,
                region=values["region"],
                arrived_at=values["arrived_at"],
                left_at=values["left_at"],
            )
            return 201, _card(decision)

        about = values.get("subject_id")
        return answer_privately(request, endpoint="health.trips", run=run, about=about)


class CheckIns(APIView):
    """The daily check-in that leads back to green."""

    @extend_schema(
        operation_id="check_in",
        tags=TAGS,
        request=shapes.CheckInRequest,
        responses={201: shapes.CardSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Check in for today; answers the colour that follows."""
        body = read(shapes.CheckInRequest, request.data)
        subject = acting_for(request, body)

        def run() -> tuple[int, object]:
            return 201, _card(check_in(subject=subject, answers=shapes.answers_in(body)))

        about = body.get("subject_id")
        return answer_privately(request, endpoint="health.checkins", run=run, about=about)


class Reports(APIView):
    """Results of registered laboratories."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="send_report",
        tags=TAGS,
        request=shapes.ReportRequest,
        responses={201: shapes.ReceivedSerializer},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Send a signed report; the signature says who sends it."""
        body = read(shapes.ReportRequest, request.data)
        received = receive_report(signed=body["report"])
        return Response(shapes.ReceivedSerializer(received).data, status=201)


class SignOffs(APIView):
    """Clinicians' word on what a machine has read."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="sign_off_reading",
        tags=TAGS,
        request=shapes.SignOffRequest,
        responses={201: shapes.ReceivedSerializer},
        auth=[],
    )
    def post(self, request: Request, evidence_id: uuid.UUID) -> Response:
        """Sign off a preliminary reading; the signature says who does."""
        body = read(shapes.SignOffRequest, request.data)
        row = sign_off_reading(evidence_id=evidence_id, signed=body["signoff"])
        answer = {"state": VERIFIED, "evidence_id": row.id}
        return Response(shapes.ReceivedSerializer(answer).data, status=201)


class Statistics(APIView):
    """What is published about colours; public."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="read_health_statistics",
        tags=TAGS,
        responses=shapes.StatisticsSerializer,
        auth=[],
    )
    def get(self, request: Request) -> Response:
        """Reds by rule, region, operator and source of the last 28 days."""
        return Response(shapes.StatisticsSerializer(statistics(at=clock.now())).data)


class Me(APIView):
    """GB/T 38963, interface 3: health information."""

    names_subject = ("GET",)

    @extend_schema(
        operation_id="read_health",
        tags=TAGS,
        responses=shapes.CardSerializer,
        parameters=[shapes.SubjectQuery],
    )
    def get(self, request: Request) -> Response:
        """How I stand, or somebody in my care: why, until when, and the way back to green."""
        dependent = queried_subject(request)
        if dependent is not None:
            return Response(_card(standing_decision(subject_id=dependent.id)))
        decision = read_standing(holder_id=holder_id(request))
        if decision is None:
            return Response(shapes.CardSerializer(empty_card()).data)
        return Response(_card(decision))
