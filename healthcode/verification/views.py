"""Gates, venues, and the access log."""

from typing import Any, cast
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.idempotency import IDEMPOTENCY_KEY
from config.http.serializers import read
from config.kernel import clock
from healthcode.codec.keys import from_jwk
from healthcode.decisions.cards import colour_badge
from healthcode.decisions.serializers import SubjectQuery
from healthcode.decisions.views import TAGS, holder_id, queried_subject
from healthcode.passes.qr import svg
from healthcode.rules.values import Colour
from healthcode.subjects import queries as subjects
from healthcode.subjects.answers import answer_privately
from healthcode.subjects.rules import normalised_number
from healthcode.subjects.values import DocumentType, Identity
from healthcode.verification import queries
from healthcode.verification import serializers as shapes
from healthcode.verification.authentication import TerminalAuthentication
from healthcode.verification.models import AccessLogEntry, CheckIn, Terminal, VenuePolicy
from healthcode.verification.rules import VenueCodeOutdated, VenueFull
from healthcode.verification.usecases.check_in_at_venue import (
    check_in_at_venue,
    record_refused_scan,
)
from healthcode.verification.usecases.deny_check_in import deny_check_in
from healthcode.verification.usecases.record_checks import CheckResult
from healthcode.verification.usecases.record_offline import OfflineVerdict, record_offline
from healthcode.verification.usecases.register_terminal import enrol_terminal
from healthcode.verification.usecases.verify_card import verify_card
from healthcode.verification.usecases.verify_code import verify_code
from healthcode.verification.values import Direction, Method, Verdict


def result_body(result: CheckResult) -> dict[str, Any]:
    """What the gate is told."""
    return {
        **colour_badge(result.colour),
        "verdict": result.verdict,
        "admitted": result.verdict is Verdict.ADMITTED,
        "name_hint": result.name_hint,
        "birth": result.birth,
        "kind": result.kind,
        "at": result.at,
    }


def _check_in_body(check_in: CheckIn) -> dict[str, Any]:
    return {
        **colour_badge(Colour(check_in.colour)),
        "venue": check_in.venue.name,
        "at": check_in.at,
        "direction": check_in.direction,
        "method": check_in.method,
        "presence": check_in.presence,
        "admitted": check_in.colour in check_in.venue.policy.admits,
    }


class CodeVerification(APIView):
    """GB/T 38963, interface 6: verifying a code."""

    authentication_classes = (TerminalAuthentication,)
    permission_classes = ()

    @extend_schema(
        operation_id="verify_code",
        tags=TAGS,
        request=shapes.VerifyRequest,
        responses=shapes.CheckResultSerializer,
    )
    def post(self, request: Request) -> Response:
        """Judge a code at a registered terminal."""
        values = read(shapes.VerifyRequest, request.data)
        result = verify_code(
            terminal=cast("Terminal", request.user),
            code=values["code"],
            nonce=values.get("nonce", "").encode(),
            identity_checked=values.get("identity_checked", False),
            direction=Direction(values.get("direction", Direction.IN)),
        )
        return Response(shapes.CheckResultSerializer(result_body(result.raise_refusal())).data)


class CardVerification(APIView):
    """A gate that reads identity cards, or looks up their numbers, for people without a phone."""

    authentication_classes = (TerminalAuthentication,)
    permission_classes = ()

    @extend_schema(
        operation_id="verify_card",
        tags=TAGS,
        request=shapes.CardRequest,
        responses=shapes.CheckResultSerializer,
    )
    def post(self, request: Request) -> Response:
        """Judge the person behind a card at a registered terminal."""
        values = read(shapes.CardRequest, request.data)
        result = verify_card(
            terminal=cast("Terminal", request.user),
            identity=Identity(
                name="",
                document_type=DocumentType(values["document_type"]),
                document_number=normalised_number(values["document_number"]),
            ),
            direction=Direction(values.get("direction", Direction.IN)),
        )
        return Response(shapes.CheckResultSerializer(result_body(result)).data)


class Enrolments(APIView):
    """A guard's phone registers itself."""

    authentication_classes = ()
    permission_classes = ()

    @extend_schema(
        operation_id="enrol_terminal",
        tags=TAGS,
        request=shapes.EnrolRequest,
        responses={201: shapes.EnrolledSerializer},
        auth=[],
    )
    def post(self, request: Request) -> Response:
        """Register a terminal's own key by an invitation from the desk."""
        values = read(shapes.EnrolRequest, request.data)
        key = cast("ec.EllipticCurvePublicKey", from_jwk(values["public_key"]).public)
        terminal = enrol_terminal(word=values["invitation"].upper(), public_key=key)
        answer = {
            "terminal_id": terminal.id,
            "venue": terminal.venue.name,
            "mode": terminal.mode,
        }
        return Response(shapes.EnrolledSerializer(answer).data, status=201)


class CurrentVenue(APIView):
    """The screen at a venue's door."""

    authentication_classes = (TerminalAuthentication,)
    permission_classes = ()

    @extend_schema(operation_id="read_venue", tags=TAGS, responses=shapes.VenueNowSerializer)
    def get(self, request: Request) -> Response:
        """The code of the moment, to show; and how many are inside."""
        venue = cast("Terminal", request.user).venue
        now = clock.now()
        text = queries.code_of(venue)
        answer = {
            "venue": venue.name,
            "venue_code": text,
            "code_version": venue.code_version,
            "changes_at": venue.rotate_at,
            "inside": queries.occupancy(venue.id, at=now),
            "seen_inside": queries.occupancy(venue.id, at=now, proven=True),
            "capacity": venue.capacity,
            "today": queries.verdicts_at(venue.id, since=queries.midnight_before(now)),
            "terminals": queries.live_terminals(venue.id),
            "svg": svg(text),
        }
        return Response(shapes.VenueNowSerializer(answer).data)


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
                "max_test_age_h": strictest_age(policy),
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
        body = read(shapes.OfflineVerdictsRequest, request.data)
        verdicts = [
            OfflineVerdict(**{**entry, "verdict": Verdict(entry["verdict"])})
            for entry in body["verdicts"]
        ]
        recorded = record_offline(terminal=cast("Terminal", request.user), verdicts=verdicts)
        return Response({"recorded": recorded}, status=201)


def strictest_age(policy: VenuePolicy) -> int | None:
    """The youngest test the policy asks for of anybody: all that a gate needs offline."""
    ages = [int(hours) for hours in policy.test_age_by_colour.values()]
    own = [] if policy.max_test_age_h is None else [policy.max_test_age_h]
    return min([*ages, *own], default=None)


class VenueCheckIns(generics.ListAPIView[CheckIn]):
    """Coming and going, by the code on the wall; and where one was result."""

    serializer_class = shapes.MyCheckInSerializer
    names_subject = ("GET",)

    def get_queryset(self) -> QuerySet[CheckIn]:
        """The caller's own, or a dependent's."""
        subject = queried_subject(self.request) or subjects.subject_of(holder_id(self.request))
        return queries.check_ins_of(subject.id)

    @extend_schema(operation_id="list_venue_checkins", tags=TAGS, parameters=[SubjectQuery])
    def get(self, request: Request) -> Response:
        """My check-ins, by gates and by myself, newest first."""
        return self.list(request)

    @extend_schema(
        operation_id="check_in_at_venue",
        tags=TAGS,
        request=shapes.VenueCheckInRequest,
        responses={201: shapes.VenueCheckInSerializer},
        parameters=[IDEMPOTENCY_KEY],
    )
    def post(self, request: Request) -> Response:
        """Check in or out at a venue, with dependents who are along."""
        values = read(shapes.VenueCheckInRequest, request.data)
        holder = holder_id(request)
        subject = subjects.subject_of(holder)
        along = [
            subjects.subject_for(holder, dependent_id, at=clock.now())
            for dependent_id in values.get("companions", [])
        ]
        details: dict[str, Any] = {
            "venue_code": values["venue_code"],
            "direction": Direction(values.get("direction", Direction.IN)),
        }

        def run() -> tuple[int, object]:
            check_in = check_in_at_venue(subject=subject, **details)
            for dependent in along:
                check_in_at_venue(subject=dependent, method=Method.COMPANION, **details)
            answer = {**_check_in_body(check_in), "companions": len(along)}
            return 201, dict(shapes.VenueCheckInSerializer(answer).data)

        try:
            return answer_privately(request, endpoint="health.venue_checkins", run=run)
        except (VenueCodeOutdated, VenueFull) as refused:
            record_refused_scan(subject=subject, code=refused.code)
            raise


class CheckInDenials(APIView):
    """I was not there, or a dependent of mine (`?subject_id=`)."""

    names_subject = ("POST",)

    @extend_schema(
        operation_id="deny_venue_checkin",
        tags=TAGS,
        parameters=[SubjectQuery],
        request=None,
        responses=shapes.MyCheckInSerializer,
    )
    def post(self, request: Request, check_in_id: UUID) -> Response:
        """Say of a check-in that I was not there; nothing is concluded from it any more."""
        subject = queried_subject(request) or subjects.subject_of(holder_id(request))
        row = deny_check_in(subject=subject, check_in_id=check_in_id)
        return Response(shapes.MyCheckInSerializer(row).data)


class AccessLog(generics.ListAPIView[AccessLogEntry]):
    """Who looked at my code."""

    serializer_class = shapes.AccessLogEntrySerializer
    names_subject = ("GET",)

    def get_queryset(self) -> QuerySet[AccessLogEntry]:
        """The caller's own entries."""
        subject = queried_subject(self.request) or subjects.subject_of(holder_id(self.request))
        return queries.access_log_of(subject.id)

    @extend_schema(operation_id="list_access_log", tags=TAGS, parameters=[SubjectQuery])
    def get(self, request: Request) -> Response:
        """Every look at my code, newest first."""
        return self.list(request)
