"""The API of transit: operators and their gates, riders and their phones."""

import base64
import uuid
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.serializers import read
from config.kernel import clock
from config.kernel.errors import InvalidRequest
from merchants.onboarding.callers import caller_id
from merchants.transit import queries, rules
from merchants.transit import serializers as shapes
from merchants.transit.models import Ride, TransitOperator
from merchants.transit.usecases.equip import (
    issue_certificate,
    register_gate,
    set_operator,
    signed_facts,
)
from merchants.transit.usecases.take_upload import take_upload
from merchants.transit.values import Direction, Fares, TapReport

TAGS = ["transit"]
# Nothing is tapped at the calendar's ends, where a moment has no neighbours.
_FIRST_YEAR, _LAST_YEAR = 2000, 2999


class TapTimeInvalid(InvalidRequest):
    """A tap's time is a moment with its offset."""

    code = "tap_time_invalid"
    message = "A tap's time is ISO 8601 with its offset."


def _operator(app_number: str, owner_id: uuid.UUID) -> TransitOperator:
    row = TransitOperator.objects.filter(app_number=app_number, merchant__owner_id=owner_id).first()
    if row is None:
        raise rules.GateUnknown()
    return row


class Operators(APIView):
    """The caller's merchant as it carries people."""

    @extend_schema(
        operation_id="set_transit_fares",
        tags=TAGS,
        request=shapes.FaresRequest,
        responses=shapes.OperatorSerializer,
    )
    def put(self, request: Request, app_number: str) -> Response:
        values = read(shapes.FaresRequest, request.data)
        fares = Fares(values["base"], values["stop"], values["maximum"])
        row = set_operator(app_number=app_number, owner_id=caller_id(request), fares=fares)
        return Response(shapes.OperatorSerializer(row).data)


class Gates(APIView):
    """A gate of the caller's."""

    @extend_schema(
        operation_id="register_transit_gate",
        tags=TAGS,
        request=shapes.GateRequest,
        responses=shapes.TransitGateSerializer,
    )
    def put(self, request: Request, app_number: str, serial: str) -> Response:
        values = read(shapes.GateRequest, request.data)
        operator = _operator(app_number, caller_id(request))
        row = register_gate(operator=operator, serial=serial, **values)
        return Response(shapes.TransitGateSerializer(row).data)


class Trust(APIView):
    """What a gate needs before it goes offline: the issuer's key, and whom not to believe."""

    @extend_schema(operation_id="read_transit_trust", tags=TAGS, responses=shapes.TrustSerializer)
    def get(self, request: Request) -> Response:
        raw = queries.issuer().public_key().public_bytes_raw()
        revoked = queries.revoked(clock.now())
        return Response({"issuer_key": base64.b64encode(raw).decode(), "revoked": revoked})


class Certificates(APIView):
    """Our word for the caller's phone, for a day."""

    @extend_schema(
        operation_id="issue_transit_certificate",
        tags=TAGS,
        request=shapes.KeyRequest,
        responses={201: shapes.CertificateSerializer},
        description="Who owes for a ride repays first (`arrears_first`).",
    )
    def post(self, request: Request) -> Response:
        key = read(shapes.KeyRequest, request.data)["public_key"]
        row = issue_certificate(user_id=caller_id(request), public_key=key)
        return Response(signed_facts(row), status=201)


class Uploads(APIView):
    """What a gate of the caller's saw offline."""

    @extend_schema(
        operation_id="upload_transit_taps",
        tags=TAGS,
        request=shapes.UploadRequest,
        responses=shapes.TapSerializer(many=True),
        description="Each tap counts once by gate and sequence number; the same again gives "
        "the first answer.",
    )
    def post(self, request: Request, serial: str) -> Response:
        taps = [_tap(row) for row in read(shapes.UploadRequest, request.data)["taps"]]
        rows = take_upload(serial=serial, owner_id=caller_id(request), taps=taps)
        return Response(shapes.TapSerializer(rows, many=True).data)


class Rides(generics.ListAPIView[Ride]):
    """The caller's rides."""

    serializer_class = shapes.RideSerializer

    def get_queryset(self) -> QuerySet[Ride]:
        return queries.rides_of(caller_id(self.request))

    @extend_schema(operation_id="list_transit_rides", tags=TAGS)
    def get(self, request: Request) -> Response:
        return self.list(request)


def _tap(row: dict[str, Any]) -> TapReport:
    try:
        at = datetime.fromisoformat(row["at"])
    except ValueError as error:
        raise TapTimeInvalid(field="at") from error
    in_calendar = _FIRST_YEAR <= at.year <= _LAST_YEAR
    if at.tzinfo is None or not in_calendar or at.isoformat() != row["at"]:
        raise TapTimeInvalid(field="at")
    return TapReport(**{**row, "at": at, "direction": Direction(row["direction"])})
