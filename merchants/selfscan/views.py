"""The API of scan and go: the shopper's phone, the store's staff, its gate."""

import uuid
from typing import Any

from rest_framework.request import Request
from rest_framework.views import APIView

from config.http.operations import Operations
from config.kernel.rows import first_or
from merchants.onboarding.callers import caller_id
from merchants.selfscan import queries, rules
from merchants.selfscan import serializers as shapes
from merchants.selfscan.usecases.audit_basket import audit_basket
from merchants.selfscan.usecases.check_out import check_out, pay_trip
from merchants.selfscan.usecases.fill_basket import approve_product, open_trip, set_quantity
from merchants.selfscan.usecases.leave_store import issue_exit_code, verify_exit
from merchants.selfscan.usecases.open_store import open_store, set_product
from merchants.selfscan.values import GateReason

operation = Operations("scan and go")


class Stores(APIView):
    """A store of the caller's, as it sells by scan and go."""

    @operation(
        "open_selfscan_store", takes=shapes.StoreRequest, gives=shapes.SelfscanStoreSerializer
    )
    def put(self, request: Request, values: dict[str, Any], store_id: uuid.UUID) -> Any:
        return open_store(
            store_id=store_id,
            owner_id=caller_id(request),
            app_number=values.pop("app_id"),
            policy=values,
        )


class Products(APIView):
    """What a store of the caller's sells."""

    @operation("set_selfscan_product", takes=shapes.ProductRequest, gives=shapes.ProductSerializer)
    def put(
        self, request: Request, values: dict[str, Any], store_id: uuid.UUID, barcode: str
    ) -> Any:
        return set_product(
            store_id=store_id,
            owner_id=caller_id(request),
            barcode=barcode,
            price_minor=values.pop("price"),
            **values,
        )


class Trips(APIView):
    """The caller's trip through a store."""

    @operation(
        "open_trip",
        gives=shapes.TripSerializer,
        status=201,
        description="One trip of a shopper's is under way in a store; again gives it again.",
    )
    def post(self, request: Request, store_id: uuid.UUID) -> Any:
        return open_trip(store_id=store_id, shopper_id=caller_id(request))


class Exits(APIView):
    """The gate of a store of the caller's."""

    @operation(
        "verify_exit",
        takes=shapes.ExitRequest,
        gives=shapes.ExitAnswerSerializer,
        description="A code opens the gate once. A denial is an answer: `outcome` says why.",
    )
    def post(self, request: Request, values: dict[str, Any], store_id: uuid.UUID) -> Any:
        reason = verify_exit(store_id=store_id, owner_id=caller_id(request), **values)
        return {"opens": reason is GateReason.OPEN, "outcome": reason.value}


class OneTrip(APIView):
    """A trip of the caller's, as shopper or as the store."""

    @operation("read_trip", gives=shapes.TripSerializer)
    def get(self, request: Request, trip_id: uuid.UUID) -> Any:
        return first_or(
            queries.trips_of(caller_id(request)).filter(id=trip_id), rules.TripUnknown()
        )


class Lines(APIView):
    """One product in the caller's basket."""

    @operation("set_trip_line", takes=shapes.LineRequest, gives=shapes.TripSerializer)
    def put(
        self, request: Request, values: dict[str, Any], trip_id: uuid.UUID, barcode: str
    ) -> Any:
        return set_quantity(
            trip_id=trip_id, shopper_id=caller_id(request), barcode=barcode, **values
        )


class ApproveLine(APIView):
    """The store's word about a restricted product."""

    @operation("approve_trip_line", gives=shapes.TripSerializer)
    def post(self, request: Request, trip_id: uuid.UUID, barcode: str) -> Any:
        return approve_product(trip_id=trip_id, owner_id=caller_id(request), barcode=barcode)


class Checkout(APIView):
    """Order the caller's basket."""

    @operation(
        "check_out_trip",
        takes=shapes.CheckoutRequest,
        gives=shapes.TripSerializer,
        description="With the total the shopper has seen: where a price has changed since, "
        "`basket_requoted` says what it costs now, and nothing is ordered.",
    )
    def post(self, request: Request, values: dict[str, Any], trip_id: uuid.UUID) -> Any:
        return check_out(
            trip_id=trip_id, shopper_id=caller_id(request), confirmed_minor=values["total"]
        )


class Pay(APIView):
    """Pay the caller's basket, or what an audit found."""

    @operation("pay_trip", takes=shapes.TripPaymentRequest, gives=shapes.TripSerializer)
    def post(self, request: Request, values: dict[str, Any], trip_id: uuid.UUID) -> Any:
        return pay_trip(trip_id=trip_id, shopper_id=caller_id(request), **values)


class ExitCode(APIView):
    """A code for the gate."""

    @operation("issue_exit_code", gives=shapes.ExitCodeSerializer, status=201)
    def post(self, request: Request, trip_id: uuid.UUID) -> Any:
        code = issue_exit_code(trip_id=trip_id, shopper_id=caller_id(request))
        return {"code": code, "expires_in_s": int(rules.EXIT_CODE_LIFE.total_seconds())}


class Audit(APIView):
    """What somebody of the store has found in a bag."""

    @operation("audit_trip", takes=shapes.AuditRequest, gives=shapes.TripSerializer)
    def post(self, request: Request, values: dict[str, Any], trip_id: uuid.UUID) -> Any:
        return audit_basket(trip_id=trip_id, owner_id=caller_id(request), **values)
