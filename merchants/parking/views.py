"""The parking API: owners register plates, a merchant's gates tell of them."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from config.http.serializers import read
from merchants.onboarding.callers import MERCHANT, caller_id
from merchants.parking import queries
from merchants.parking import serializers as wire
from merchants.parking.usecases.pass_gate import enter, leave
from merchants.parking.usecases.register_vehicle import register_vehicle, remove_vehicle

TAGS = ["parking"]


class Vehicles(APIView):
    """The caller's vehicles."""

    @extend_schema(operation_id="list_vehicles", tags=TAGS, responses=wire.VehicleAnswer(many=True))
    def get(self, request: Request) -> Response:
        rows = queries.vehicles_of(caller_id(request))
        return Response(wire.VehicleAnswer(rows, many=True).data)

    @extend_schema(
        operation_id="register_vehicle",
        tags=TAGS,
        request=wire.VehicleRequest,
        responses={201: wire.VehicleAnswer},
        description="The agreement's merchant debits it for this plate. Again gives it again.",
    )
    def post(self, request: Request) -> Response:
        facts = read(wire.VehicleRequest, request.data)
        row = register_vehicle(user_id=caller_id(request), **facts)
        return Response(wire.VehicleAnswer(row).data, status=201)


class VehicleDetail(APIView):
    """One of them."""

    @extend_schema(operation_id="remove_vehicle", tags=TAGS, responses={204: None})
    def delete(self, request: Request, vehicle_id: uuid.UUID) -> Response:
        remove_vehicle(user_id=caller_id(request), vehicle_id=vehicle_id)
        return Response(status=204)


class Entries(APIView):
    """A gate sees a plate come in."""

    @extend_schema(
        operation_id="enter_by_plate",
        tags=TAGS,
        parameters=[MERCHANT],
        request=wire.PlateRequest,
        responses={201: wire.StayAnswer},
    )
    def post(self, request: Request, merchant_number: str) -> Response:
        plate = read(wire.PlateRequest, request.data)["plate"]
        stay = enter(merchant_number=merchant_number, owner_id=caller_id(request), plate=plate)
        return Response(wire.StayAnswer(stay).data, status=201)


class Exits(APIView):
    """A gate sees it leave, and says for how much."""

    @extend_schema(
        operation_id="leave_by_plate",
        tags=TAGS,
        parameters=[MERCHANT],
        request=wire.StayExitRequest,
        responses=wire.StayAnswer,
        description="The agreement pays. Where the wallet falls short the merchant is paid all "
        "the same, and the owner owes us. The same price again gives the same stay.",
    )
    def post(self, request: Request, merchant_number: str) -> Response:
        facts = read(wire.StayExitRequest, request.data)
        stay = leave(
            merchant_number=merchant_number,
            owner_id=caller_id(request),
            plate=facts["plate"],
            amount_minor=facts["amount"],
        )
        return Response(wire.StayAnswer(stay).data)
