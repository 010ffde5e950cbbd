"""The API of transit: operators and their gates, riders and their phones."""

import base64
import uuid
from datetime import datetime
from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from config.http.operations import Operations
from config.http.pagination import CursorPage
from config.kernel import clock
from config.kernel.errors import InvalidRequest
from config.kernel.rows import first_or
from merchants.onboarding.callers import caller_id
from merchants.transit import queries, rules
from merchants.transit import serializers as shapes
from merchants.transit.models import TransitOperator
from merchants.transit.usecases.equip import (
    issue_certificate,
    register_gate,
    set_operator,
    signed_facts,
)
from merchants.transit.usecases.take_upload import take_upload
from merchants.transit.values import Direction, Fares, TapReport

operation = Operations("transit")
# Nothing is tapped at the calendar's ends, where a moment has no neighbours.
_FIRST_YEAR, _LAST_YEAR = 2000, 2999


class TapTimeInvalid(InvalidRequest):
    """A tap's time is a moment with its offset."""

    code = "tap_time_invalid"
    message = "A tap's time is ISO 8601 with its offset."


def _operator(app_number: str, owner_id: uuid.UUID) -> TransitOperator:
    return first_or(
        TransitOperator.objects.filter(app_number=app_number, merchant__owner_id=owner_id),
        rules.GateUnknown(),
    )


class Operators(APIView):
    """The caller's merchant as it carries people."""

    @operation("set_transit_fares", takes=shapes.FaresRequest, gives=shapes.OperatorSerializer)
    def put(self, request: Request, values: dict[str, Any], app_number: str) -> Any:
        fares = Fares(values["base"], values["stop"], values["maximum"])
        return set_operator(app_number=app_number, owner_id=caller_id(request), fares=fares)


class Gates(APIView):
    """A gate of the caller's."""

    @operation(
        "register_transit_gate", takes=shapes.GateRequest, gives=shapes.TransitGateSerializer
    )
    def put(self, request: Request, values: dict[str, Any], app_number: str, serial: str) -> Any:
        operator = _operator(app_number, caller_id(request))
        return register_gate(operator=operator, serial=serial, **values)


class Trust(APIView):
    """What a gate needs before it goes offline: the issuer's key, and whom not to believe."""

    @operation("read_transit_trust", gives=shapes.TrustSerializer)
    def get(self, request: Request) -> Any:
        raw = queries.issuer().public_key().public_bytes_raw()
        revoked = queries.revoked(clock.now())
        return {"issuer_key": base64.b64encode(raw).decode(), "revoked": revoked}


class Certificates(APIView):
    """Our word for the caller's phone, for a day."""

    @operation(
        "issue_transit_certificate",
        takes=shapes.KeyRequest,
        gives=shapes.CertificateSerializer,
        status=201,
        description="Who owes for a ride repays first (`arrears_first`).",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        return signed_facts(issue_certificate(user_id=caller_id(request), **values))


class Uploads(APIView):
    """What a gate of the caller's saw offline."""

    @operation(
        "upload_transit_taps",
        takes=shapes.UploadRequest,
        gives=shapes.TapSerializer,
        many=True,
        description="Each tap counts once by gate and sequence number; the same again gives "
        "the first answer.",
    )
    def post(self, request: Request, values: dict[str, Any], serial: str) -> Any:
        taps = [_tap(row) for row in values["taps"]]
        return take_upload(serial=serial, owner_id=caller_id(request), taps=taps)


class Rides(APIView):
    """The caller's rides."""

    pagination_class = CursorPage

    @operation("list_transit_rides", gives=shapes.RideSerializer, paged=True)
    def get(self, request: Request) -> Any:
        return queries.rides_of(caller_id(request))


def _tap(row: dict[str, Any]) -> TapReport:
    try:
        at = datetime.fromisoformat(row["at"])
    except ValueError as error:
        raise TapTimeInvalid(field="at") from error
    in_calendar = _FIRST_YEAR <= at.year <= _LAST_YEAR
    if at.tzinfo is None or not in_calendar or at.isoformat() != row["at"]:
        raise TapTimeInvalid(field="at")
    return TapReport(**{**row, "at": at, "direction": Direction(row["direction"])})
