"""The parking API: owners register plates, a merchant's gates tell of them."""

import uuid
from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from config.http.operations import Operations
from merchants.onboarding.callers import MERCHANT, caller_id
from merchants.parking import queries
from merchants.parking import serializers as wire
from merchants.parking.usecases.pass_gate import enter, leave
from merchants.parking.usecases.register_vehicle import register_vehicle, remove_vehicle

operation = Operations("parking")


class Vehicles(APIView):
    """The caller's vehicles."""

    @operation("list_vehicles", gives=wire.VehicleAnswer, many=True)
    def get(self, request: Request) -> Any:
        return queries.vehicles_of(caller_id(request))

    @operation(
        "register_vehicle",
        takes=wire.VehicleRequest,
        gives=wire.VehicleAnswer,
        status=201,
        description="The agreement's merchant debits it for this plate. Again gives it again.",
    )
    def post(self, request: Request, values: dict[str, Any]) -> Any:
        return register_vehicle(user_id=caller_id(request), **values)


class VehicleDetail(APIView):
    """One of them."""

    @operation("remove_vehicle", status=204)
    def delete(self, request: Request, vehicle_id: uuid.UUID) -> Any:
        return remove_vehicle(user_id=caller_id(request), vehicle_id=vehicle_id)


class Entries(APIView):
    """A gate sees a plate come in."""

    @operation(
        "enter_by_plate",
        takes=wire.PlateRequest,
        gives=wire.StayAnswer,
        status=201,
        parameters=[MERCHANT],
    )
    def post(self, request: Request, values: dict[str, Any], merchant_number: str) -> Any:
        return enter(merchant_number=merchant_number, owner_id=caller_id(request), **values)


class Exits(APIView):
    """A gate sees it leave, and says for how much."""

    @operation(
        "leave_by_plate",
        takes=wire.StayExitRequest,
        gives=wire.StayAnswer,
        parameters=[MERCHANT],
        description="The agreement pays. Where the wallet falls short the merchant is paid all "
        "the same, and the owner owes us. The same price again gives the same stay.",
    )
    def post(self, request: Request, values: dict[str, Any], merchant_number: str) -> Any:
        return leave(
            merchant_number=merchant_number,
            owner_id=caller_id(request),
            plate=values["plate"],
            amount_minor=values["amount"],
        )
