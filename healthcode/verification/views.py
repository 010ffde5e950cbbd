"""Gates, venues, and the access log."""

from typing import Any, cast

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY, answer_once
from config.kernel import clock
from healthcode.decisions.cards import look
from healthcode.decisions.views import TAGS, holder_id
from healthcode.rules.values import Colour
from healthcode.subjects import queries as subjects
from healthcode.verification import queries
from healthcode.verification import serializers as shapes
from healthcode.verification.authentication import TerminalAuthentication
from healthcode.verification.models import CheckIn, Look, Terminal
from healthcode.verification.usecases.check_in_at_venue import check_in_at_venue
from healthcode.verification.usecases.record_offline import OfflineVerdict, record_offline
from healthcode.verification.usecases.verify_code import Seen, verify_code
from healthcode.verification.values import Direction, Verdict


def seen_body(seen: Seen) -> dict[str, Any]:
    """What the gate is told."""
    return {
        **look(seen.colour),
        "verdict": seen.verdict,
        "admitted": seen.verdict is Verdict.ADMITTED,
        "name_hint": seen.name_hint,
        "birth": seen.birth,
        "kind": seen.kind,
        "at": seen.at,
    }


def _check_in_body(found: CheckIn) -> dict[str, Any]:
    return {
        **look(Colour(found.colour)),
        "venue": found.venue.name,
        "at": found.at,
        "direction": found.direction,
        "method": found.method,
        "admitted": found.colour in found.venue.policy.admits,
    }


class CodeVerification(APIView):
    """GB/T 38963, interface 6: verifying a code."""

    authentication_classes = (TerminalAuthentication,)
    permission_classes = ()

    @extend_schema(
        operation_id="verify_code",
        tags=TAGS,
        request=shapes.VerifyRequest,
        responses=shapes.SeenSerializer,
    )
    def post(self, request: Request) -> Response:
        """Judge a code at a registered terminal."""
        body = shapes.VerifyRequest(data=request.data)
        body.is_valid(raise_exception=True)
        values = body.validated_data
        seen = verify_code(
            terminal=cast("Terminal", request.user),
            code=values["code"],
            nonce=values.get("nonce", "").encode(),
            identity_checked=values.get("identity_checked", False),
        )
        return Response(shapes.SeenSerializer(seen_body(seen.check())).data)


class CurrentTerminal(APIView):
    """Who a terminal is."""

    authentication_classes = (TerminalAuthentication,)
    permission_classes = ()

    @extend_schema(operation_id="read_terminal", tags=TAGS, responses=shapes.GateSerializer)
    def get(self, request: Request) -> Response:
        """The asking terminal, its venue, and the policy to judge by without network."""
        terminal = cast("Terminal", request.user)
        policy = terminal.venue.policy
        body = {
            "terminal_id": terminal.id,
            "label": terminal.label,
            "venue": terminal.venue.name,
            "policy": {
                "name": policy.name,
                "admits": policy.admits,
                "max_test_age_h": policy.max_test_age_h,
            },
            "now": clock.now(),
        }
        return Response(shapes.GateSerializer(body).data)


class OfflineVerdicts(APIView):
    """What was seen without network."""

    authentication_classes = (TerminalAuthentication,)
    permission_classes = ()

    @extend_schema(
        operation_id="record_offline_verdicts",
        tags=TAGS,
        request=shapes.OfflineVerdictsRequest,
        responses={201: shapes.RecordedSerializer},
    )
    def post(self, request: Request) -> Response:
        """Hand in verdicts made offline; safe to repeat."""
        body = shapes.OfflineVerdictsRequest(data=request.data)
        body.is_valid(raise_exception=True)
        verdicts = [
            OfflineVerdict(**{**entry, "verdict": Verdict(entry["verdict"])})
            for entry in body.validated_data["verdicts"]
        ]
        recorded = record_offline(terminal=cast("Terminal", request.user), verdicts=verdicts)
        return Response({"recorded": recorded}, status=201)


class VenueCheckIns(APIView):
    """Coming and going, by the code on the wall."""

    @extend_schema(
        operation_id="check_in_at_venue",
        tags=TAGS,
        request=shapes.VenueCheckInRequest,
        responses={201: shapes.VenueCheckInSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Check in or out at a venue."""
        body = shapes.VenueCheckInRequest(data=request.data)
        body.is_valid(raise_exception=True)
        values = body.validated_data
        subject = subjects.subject_of(holder_id(request))

        def run() -> tuple[int, object]:
            found = check_in_at_venue(
                subject=subject,
                venue_code=values["venue_code"],
                direction=Direction(values.get("direction", Direction.IN)),
            )
            return 201, dict(shapes.VenueCheckInSerializer(_check_in_body(found)).data)

        return answer_once(request, endpoint="health.venue_checkins", run=run)


class AccessLog(generics.ListAPIView[Look]):
    """Who looked at my code."""

    serializer_class = shapes.LookEntrySerializer

    def get_queryset(self) -> QuerySet[Look]:
        """The caller's own entries."""
        return queries.looks_of(subjects.subject_of(holder_id(self.request)).id)

    @extend_schema(operation_id="list_access_log", tags=TAGS)
    def get(self, request: Request) -> Response:
        """Every look at my code, newest first."""
        return self.list(request)
